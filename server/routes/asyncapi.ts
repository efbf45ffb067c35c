/** The AsyncAPI 3 document of the socket, made of the protocol's own schemas and its table of close codes. */
import type { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { MIC_RATES, SPEECH_RATES } from '../../protocol/audio-frame.ts';
import { CLOSE } from '../../protocol/close-codes.ts';
import { ClientMessage, PROTOCOL, ServerMessage, TICKET_PREFIX } from '../../protocol/messages.ts';
import { createSchemaWriter, type SchemaWriter } from './json-schemas.ts';

const CHANNEL = '#/channels/session';

export function asyncApiDocument(publicUrl: string | undefined) {
  const schemas = createSchemaWriter('draft-7');
  const fromClient = { ...messagesOf(ClientMessage.options, schemas), microphone: frames('microphone', MIC_RATES) };
  const fromServer = { ...messagesOf(ServerMessage.options, schemas), speech: frames('speech', SPEECH_RATES) };
  const messages = { ...fromClient, ...fromServer };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Kuku Coach: the line to talk on',
      version: packageJson.version,
      description: DESCRIPTION,
      license: { name: 'MIT' },
    },
    ...(publicUrl === undefined ? {} : { servers: { here: server(publicUrl) } }),
    defaultContentType: 'application/json',
    channels: {
      session: {
        address: '/api/sessions/{id}/socket',
        summary: 'One session, one client at a time.',
        parameters: { id: { description: "The session's id, from `POST /api/sessions`." } },
        bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
        messages: refs(messages, '#/components/messages'),
      },
    },
    operations: {
      // From the server's side, as AsyncAPI has it: it receives what the client sends.
      fromClient: operation('receive', 'What a client sends.', fromClient),
      fromServer: operation('send', 'What the server sends.', fromServer),
    },
    components: { messages, schemas: schemas.shared },
    'x-close-codes': CLOSE,
  };
}

const DESCRIPTION = [
  `A WebSocket with the subprotocols \`${PROTOCOL}\` and \`${TICKET_PREFIX}<ticket>\`; the ticket comes from REST, is`,
  'used once and lives 30 s. The client says `hello` first, within 10 s; the server answers `ready` or `resumed`. Text',
  'frames are JSON objects with a `type`; binary frames are audio.',
].join(' ');

function messagesOf(options: readonly z.ZodObject[], schemas: SchemaWriter): Record<string, object> {
  const named = options.map((option): [string, object] => {
    const payload = schemas.write(option);
    const { type } = payload['properties'] as { type: { const: string } };
    return [type.const, { name: type.const, payload }];
  });
  return Object.fromEntries(named);
}

function frames(name: string, rates: readonly number[]): object {
  return {
    name,
    contentType: 'application/octet-stream',
    summary: `Audio: a header of 12 bytes, little-endian, then mono PCM16 at ${rates.join(' or ')} Hz.`,
    description: [
      'u8 version << 4 | kind (1 microphone, 2 speech); u8 codec << 4 | flags (codec 0 PCM16; flags 1 first, 2 last,',
      '4 gap before this frame); u16 stream (utterance or turn); u32 seq, per stream from 0; u32 pts, the position of',
      'the first sample, in samples.',
    ].join(' '),
    payload: { type: 'string', contentEncoding: 'binary' },
  };
}

function operation(action: 'send' | 'receive', summary: string, messages: Record<string, object>): object {
  return {
    action,
    channel: { $ref: CHANNEL },
    summary,
    messages: Object.values(refs(messages, `${CHANNEL}/messages`)),
  };
}

function refs(messages: Record<string, object>, at: string): Record<string, { $ref: string }> {
  return Object.fromEntries(Object.keys(messages).map((name) => [name, { $ref: `${at}/${name}` }]));
}

function server(publicUrl: string): object {
  const { host, protocol } = new URL(publicUrl);
  return { host, protocol: protocol === 'https:' ? 'wss' : 'ws' };
}
