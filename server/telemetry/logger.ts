import { type Logger, pino } from 'pino';

/**
 * Levels: error, somebody should look; warn, it went on in a lesser way; info, once a lifecycle change; debug, what was
 * said and sent. Never a frame, and nothing spoken or secret above debug.
 */
export type { Logger };

/** Wherever these turn up in a log line, at up to three levels, their values are not written. */
const SECRET_KEYS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'ticket',
  'apiKey',
  'resumeToken',
  'sec-websocket-protocol',
  'xi-api-key',
];

const paths = SECRET_KEYS.flatMap((key) => ['', '*.', '*.*.', '*.*.*.'].map((prefix) => `${prefix}["${key}"]`)).map(
  (path) => path.replace(/\.\[/, '['),
);

export function createLogger(level: string): Logger {
  return pino({ level, redact: { paths, censor: '[redacted]' }, base: { service: 'kuku-coach' } });
}
