/**
 * The server with scripted engines, as a process of its own: all that is real of it is what the tests of many instances
 * are about. Answers take about a second, so that whatever befalls an instance befalls it in the middle of some.
 */
import { buildApp } from '../../server/app.ts';
import { compose } from '../../server/compose.ts';
import { loadConfig } from '../../server/config.ts';
import { systemClock as clock } from '../../server/ports/clock.ts';
import { createLogger } from '../../server/telemetry/logger.ts';
import { energyVad, scriptedEngine, scriptedStt, scriptedTts } from './scripted.ts';
import { scriptedAnswer } from './scripted-answer.ts';

const config = loadConfig(process.env);
const log = createLogger(config.logLevel);
const composition = await compose(config, log, {
  engine: scriptedEngine({
    clock,
    firstTokenMs: 150,
    tokenMs: 40,
    answer: ({ conversation }) => scriptedAnswer(conversation.at(-1)?.text ?? ''),
  }),
  vad: energyVad(),
  stt: scriptedStt({ clock, texts: ['I want to talk about my boss'], finalMs: 100 }),
  tts: scriptedTts({ clock, firstByteMs: 100, charMs: 25 }),
});
const app = await buildApp({ config, ...composition, logger: log, pageDir: undefined });
process.once('SIGTERM', () => {
  void composition.hub
    .drain()
    .then(() => app.close())
    .then(() => composition.close());
});
const address = await app.listen({ host: config.host, port: config.port });
log.info({ address }, 'ready');
