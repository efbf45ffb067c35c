import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { decodeFrame, encodeFrame, FrameKind } from '../../../../protocol/audio-frame.ts';
import { ClientMessage, type ServerMessageOf } from '../../../../protocol/messages.ts';

/**
 * A server on loopback that keeps to the wire and follows a script: it greets, takes 200 ms of silence for the end of a
 * turn, and answers each turn with `replyMs` of sound, sent at most 1 s ahead of what the client says it played.
 */
export interface ScriptedServer {
  readonly url: string;
  readonly messages: readonly ClientMessage[];
  readonly hellos: readonly ServerHello[];
  /** Loud microphone frames, in all. */
  readonly spokenFrames: number;
  /** Requests as `METHOD path`. */
  readonly requests: readonly string[];
  /** `turn playedMs` of each turn that was done, and of each that was cleared. */
  readonly played: readonly string[];
  /** How far speech was ever sent ahead of the last report, in ms. */
  readonly furthestAheadMs: number;
  /** Closes all sockets with this code. */
  drop: (code: number) => void;
  close(): Promise<void>;
}

type ServerHello = Extract<ClientMessage, { type: 'hello' }>;

export interface ScriptedServerOptions {
  replyMs?: number;
  /** Turns are heard but not answered. */
  silent?: boolean;
  greets?: boolean;
  /** False: there is no recogniser. */
  listens?: boolean;
  /** Status and body for `POST /api/sessions` instead of a session. */
  refusal?: { status: number; error: string; code: string };
}

const RATE = 24_000;
const FRAME_SAMPLES = 480;
const END_OF_TURN_FRAMES = 10;
const AHEAD_MS = 1000;
const view = { phase: 'active', elapsedMs: 0, remainingMs: 60_000, messageCount: 0, stage: 'topic' } as const;

export async function startScriptedServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const { replyMs = 300, silent = false, greets = true, listens = true, refusal } = options;
  const messages: ClientMessage[] = [];
  const hellos: ServerHello[] = [];
  const requests: string[] = [];
  const played: string[] = [];
  let spokenFrames = 0;
  let furthestAheadMs = 0;
  let end = () => {};

  const http = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url}`);
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const socket = { url: `${url.replace('http', 'ws')}/socket`, protocols: ['kuku.v1', 'ticket.t'], ticket: 't' };
    if (request.url === '/api/sessions' && refusal) {
      return reply(refusal.status, { success: false, error: refusal.error, code: refusal.code });
    }
    if (request.url?.endsWith('/end')) end();
    reply(200, { success: true, data: { sessionId: 's1', socket } });
  });
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'kuku.v1' });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  sockets.on('connection', (socket: WebSocket) => {
    end = serve(socket);
  });

  function serve(socket: WebSocket) {
    let seq = 0;
    let turn = 0;
    let utterance = 0;
    let quietFrames = 0;
    let speaking = false;
    let reply: { sentMs: number; playedMs: number; turn: number } | undefined;
    const send = (message: Record<string, unknown>) => socket.send(JSON.stringify(message));
    const store = (message: Record<string, unknown>) => send({ ...message, seq: ++seq });
    const pass = (message: Record<string, unknown>) => send({ ...message, seq });

    const answer = (inReplyTo: number | null) => {
      if (silent && inReplyTo !== null) return;
      turn += 1;
      store({ type: 'turn.started', turn, inReplyTo });
      store({ type: 'transcript.coach', turn, text: inReplyTo === null ? 'Welcome.' : `Answer ${inReplyTo}.` });
      reply = { sentMs: 0, playedMs: 0, turn };
      if (hellos.at(-1)?.audio.out) pump();
      else done('completed', 0);
    };
    const pump = () => {
      if (!reply) return;
      while (reply.sentMs < replyMs && reply.sentMs < reply.playedMs + AHEAD_MS) {
        const pcm = new Int16Array(FRAME_SAMPLES).fill(5000);
        const number = reply.sentMs / 20;
        const last = reply.sentMs + 20 >= replyMs;
        const header = { kind: FrameKind.speech, first: number === 0, last, gap: false, stream: reply.turn };
        socket.send(encodeFrame({ ...header, seq: number, pts: number * FRAME_SAMPLES, pcm }));
        reply.sentMs += 20;
        furthestAheadMs = Math.max(furthestAheadMs, reply.sentMs - reply.playedMs);
        if (last) pass({ type: 'audio.end', turn: reply.turn, durationMs: replyMs });
      }
    };
    const done = (status: string, playedMs: number) => {
      if (!reply) return;
      played.push(`${reply.turn} ${status} ${Math.round(playedMs)}`);
      const latency = { transcript: 12, modelFirstToken: 34.4, total: 50 };
      store({
        type: 'turn.done',
        turn: reply.turn,
        status,
        spokenText: status === 'completed' ? 'All.' : 'Part',
        playedMs,
        latency,
      });
      reply = undefined;
    };
    const hear = (loud: boolean) => {
      if (loud) spokenFrames += 1;
      quietFrames = loud ? 0 : quietFrames + 1;
      if (loud && !speaking) {
        speaking = true;
        utterance += 1;
        pass({ type: 'speech.started', utterance, atMs: 0 });
        if (reply) pass({ type: 'audio.clear', turn: reply.turn, reason: 'barge_in' });
      }
      if (speaking && quietFrames === END_OF_TURN_FRAMES) {
        speaking = false;
        pass({ type: 'speech.stopped', utterance, atMs: 0 });
        store({ type: 'transcript.user', utterance, text: `Utterance ${utterance}.`, final: true });
        answer(utterance);
      }
    };
    const onMessage = (message: ClientMessage) => {
      messages.push(message);
      if (message.type === 'hello') {
        hellos.push(message);
        send(readyMessage(message, listens));
        if (greets) answer(null);
      }
      if (message.type === 'ping') send({ type: 'pong', t: message.t });
      if (message.type === 'text') {
        utterance += 1;
        store({ type: 'transcript.user', utterance, text: message.text, final: true, id: message.id });
        answer(utterance);
      }
      if (message.type === 'playback' && reply && message.turn === reply.turn) {
        reply.playedMs = message.playedMs;
        pump();
        if (message.state === 'ended') done('completed', message.playedMs);
      }
      if (message.type === 'playback.cleared' && message.turn === reply?.turn) done('interrupted', message.playedMs);
    };
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return onMessage(ClientMessage.parse(JSON.parse(data.toString())));
      const result = decodeFrame(new Uint8Array(data));
      if (!result.ok) throw new Error(result.problem);
      hear(result.frame.pcm.some((sample) => Math.abs(sample) > 200));
    });
    return () => {
      const recap = { topic: 'T', goal: 'G', insights: [], commitments: [], summary: 'You will rest.' };
      store({ type: 'session.ended', reason: 'ended_by_user', recap });
      socket.close(1000);
    };
  }

  return {
    url,
    messages,
    hellos,
    requests,
    played,
    get spokenFrames() {
      return spokenFrames;
    },
    get furthestAheadMs() {
      return furthestAheadMs;
    },
    drop: (code) => {
      for (const socket of sockets.clients) socket.close(code);
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function readyMessage({ audio }: ServerHello, listens: boolean): ServerMessageOf<'ready'> {
  return {
    type: 'ready',
    seq: 0,
    sessionId: 's1',
    resumeToken: 'r1',
    resumeWindowMs: 120_000,
    heartbeatMs: 10_000,
    limits: { textBytes: 16_384, frameBytes: 65_536, textChars: 4000 },
    audio: { ...(listens && audio.in && { in: { rate: 16_000 } }), ...(audio.out && { out: { rate: RATE } }) },
    coach: { name: 'Kuku', model: 'scripted' },
    session: view,
  };
}
