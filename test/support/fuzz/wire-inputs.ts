/** Bytes on a bare connection: requests that no client would write, and what is no request at all. */
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { strangeText } from './near-valid.ts';
import { Finding, type Tally } from './tally.ts';
import type { World } from './world.ts';

const line = fc.constantFrom(
  'GET /health HTTP/1.1',
  'POST /api/sessions HTTP/1.1',
  'GET /api/sessions/{live} HTTP/1.0',
  'OPTIONS * HTTP/1.1',
  'CONNECT a:1 HTTP/1.1',
  'GET http://elsewhere.example/ HTTP/1.1',
  'GET /\0 HTTP/1.1',
  'GET  HTTP/1.1',
  'get /health http/1.1',
  'GET /health HTTP/9.9',
  'PRI * HTTP/2.0',
  'POST /api/sessions/{live}/messages HTTP/1.1',
  'GET /api/sessions/{live}/socket HTTP/1.1',
  `GET /${'a'.repeat(20_000)} HTTP/1.1`,
);
const header = fc.oneof(
  fc.constantFrom(
    'Host: a',
    'Host:',
    'Host: a\r\nHost: b',
    'Host: [::1',
    'Host: a@b/c',
    'Content-Length: 3',
    'Content-Length: -1',
    'Content-Length: 1e3',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked, gzip',
    'Transfer-Encoding: xchunked',
    'Expect: 100-continue',
    'Expect: x',
    'Connection: upgrade\r\nUpgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Upgrade: h2c',
    'Content-Type: application/json',
    'Connection: keep-alive, close',
    ' folded: yes',
    'no colon',
    ': no name',
    'a\0b: c',
    `x: ${'a'.repeat(20_000)}`,
  ),
  strangeText.map((text) => `x-strange: ${text.slice(0, 500)}`),
);
const content = fc.oneof(
  fc.constantFrom(
    '',
    '{}',
    '5\r\nhello\r\n0\r\n\r\n',
    'ffffffffffffffff\r\n',
    '-1\r\n',
    '0\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n',
    '\0'.repeat(50),
  ),
  strangeText.map((text) => text.slice(0, 2000)),
);

/** Sent as latin1. */
export const wireInputs: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ line, headers: fc.array(header, { maxLength: 6 }), content, ends: fc.constantFrom('\r\n', '\n', '\r') })
      .map(({ line: first, headers, content: body, ends }) => [first, ...headers, '', body].join(ends)),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  },
  { weight: 1, arbitrary: strangeText },
);

/** After the last byte that came, or without any. */
const QUIET_MS = 40;

export async function sendRaw(input: string, { world, tally }: { world: World; tally: Tally }): Promise<void> {
  tally.input('raw');
  const { hostname, port } = new URL(world.values.origin);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let received = '';
    const finish = () => {
      socket.destroy();
      resolve(received);
    };
    // What comes is looked at, however long the rest is waited for: the server's limits on slow ones have tests.
    socket.setTimeout(QUIET_MS, finish);
    socket.on('data', (chunk) => void (received += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
    socket.write(Buffer.from(world.filled(input), 'latin1'));
  });
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1];
  tally.outcome(status === undefined ? 'raw: no answer' : `raw: ${status}`);
  const failed = /(?:^|\n)HTTP\/1\.1 (5\d\d) /.exec(answer);
  if (failed) throw new Finding(`answered with ${failed[1]}: ${answer.slice(0, 500)}`);
  const type = /content-type: application\/json/i.test(answer);
  if (status !== undefined && Number(status) >= 400 && !type)
    throw new Finding(`${status} is no refusal as documented: ${answer.slice(0, 500)}`);
}
