/**
 * The server as it is, in a process of its own, with its own coach, and a voice and ears that take no time: so that a
 * fuzz spends it on the server. What it logs as an error is a finding.
 */
import { buildApp } from '../../../server/app.ts';
import { compose } from '../../../server/compose.ts';
import { loadConfig } from '../../../server/config.ts';
import { systemClock as clock } from '../../../server/ports/clock.ts';
import { createLogger } from '../../../server/telemetry/logger.ts';
import { energyVad, scriptedStt, scriptedTts } from '../scripted.ts';

const config = loadConfig(process.env);
const log = createLogger(config.logLevel);
const composition = await compose(config, log, {
  vad: energyVad(),
  stt: scriptedStt({ clock, texts: ['I want to talk about my boss', 'I will call her on Monday', 'Yes'] }),
  tts: scriptedTts({ clock, charMs: 1 }),
});
const app = await buildApp({ config, ...composition, logger: log, pageDir: undefined });
process.once('SIGTERM', () => void app.close().then(() => composition.close()));
const address = await app.listen({ host: config.host, port: config.port });
console.log(JSON.stringify({ msg: 'ready', address }));
