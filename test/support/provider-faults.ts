/** What can go wrong with a provider at each stage of a turn, and what a person then hears. */
import type { MessagesBody } from '../../protocol/rest.ts';
import { refused, serverBroken, tooMany, wrongKey } from './cloud/elevenlabs.ts';
import { rateLimited, serverError, unauthorized } from './cloud/openai-errors.ts';
import { hang, reset, type Trouble } from './cloud/script.ts';
import { LOCAL_WORDS, REPLY, type Scene, type Vendor, type Wire } from './provider-scene.ts';
import { connectTestClient, createTestSession, type TestClient, utterance } from './test-client.ts';
import { type Heard, voiceIn } from './voices.ts';

export interface FaultCase {
  stage: 'transcription' | 'model' | 'speech';
  /** Whose transcription and speech; the model is OpenAI's in both. */
  vendor: Vendor;
  fault: string;
  /** Nobody of this machine comes after the cloud. */
  isAlone?: boolean;
  /** What is stored of what the person says meanwhile; `null`: nothing, they are asked to say it again. */
  understood: string | null;
  /** Default true. */
  isAnswered?: boolean;
  spoil(wire: Wire): void;
}

export interface FaultResult {
  /** In the order in which they were heard, with the time of their first sound, ms since the turn was over. */
  heard: string;
  /** The longest that the person waited without a sound, end-of-turn wait included, ms. */
  longestSilenceMs: number;
  /** What the person is taken to have said, and the coach to have answered. */
  stored: string;
  nextTurn: string;
  /** A line each; empty: all is well. */
  problems: string[];
}

const RATE = 16_000;
/** Between a person's last word and the decision that the turn is over; the tests' audio runs faster than time. */
const END_OF_TURN_MS = 600;
const MAX_SILENCE_MS = 4000;
const TURN_MS = 14_000;
const WORDS = { text: 'Hello from the cloud' };

const MIDWAY = { hang: 'hang midway', cut: 'cut midway', garbage: 'garbage midway' } as const;
const kinds = Object.keys(MIDWAY) as (keyof typeof MIDWAY)[];

const refusals = (vendor: Vendor): [string, Trouble][] => {
  const isEleven = vendor === 'elevenlabs';
  return [
    ['401', isEleven ? wrongKey : unauthorized('sk-wrong')],
    ['429', isEleven ? tooMany : rateLimited('7')],
    ['500', isEleven ? serverBroken : serverError],
    ['hang before headers', hang],
    ['reset', reset],
  ];
};

export const FAULTS: readonly FaultCase[] = [
  ...refusals('openai').map(([fault, trouble]) => model(fault, (wire) => think(wire, trouble))),
  ...kinds.map((how) => model(MIDWAY[how], (wire) => think(wire, { text: REPLY, breaks: { after: 8, how } }))),
  ...kinds.map((how) =>
    model(`${MIDWAY[how]} of the first clause`, (wire) => think(wire, { text: REPLY, breaks: { after: 4, how } })),
  ),
  model('slow drip', (wire) => think(wire, { text: REPLY, gapMs: 450 })),
  ...hearing('openai'),
  ...speaking('openai'),
  ...hearing('elevenlabs'),
  ...speaking('elevenlabs'),
  ...alone(),
];

function model(fault: string, spoil: FaultCase['spoil']): FaultCase {
  return { stage: 'model', vendor: 'openai', fault, understood: WORDS.text, spoil };
}

function think({ chat }: Wire, answer: Parameters<Wire['chat']['always']>[0]): void {
  chat.decide(({ response_format: format }) => (format ? undefined : answer));
}

function hearing(vendor: Vendor): FaultCase[] {
  const make = (fault: string, spoil: FaultCase['spoil']): FaultCase => ({
    stage: 'transcription',
    vendor,
    fault,
    understood: fault === 'slow' ? WORDS.text : LOCAL_WORDS,
    spoil,
  });
  const breaks = [
    ...kinds.map((how) => [MIDWAY[how], how === 'cut' ? { how: 'reset' as const } : { how }] as const),
    ['close 1008', { how: 'close', code: 1008, reason: 'quota_exceeded' }] as const,
  ];
  const handshakes = refusals(vendor).map(([fault, trouble]) =>
    make(fault, (wire) => (vendor === 'openai' ? wire.realtime.connects : wire.scribe).always(trouble)),
  );
  const midway = breaks.map(([fault, how]) =>
    make(fault, (wire) =>
      vendor === 'openai'
        ? wire.realtime.utterances.always({ ...WORDS, breaks: how })
        : wire.scribe.always({ ...WORDS, breaks: how }),
    ),
  );
  const slow = make('slow', (wire) => {
    wire.realtime.utterances.always({ ...WORDS, finalMs: 1200 });
    wire.scribe.always({ ...WORDS, finalMs: 1200 });
  });
  return [...handshakes, ...midway, slow];
}

function speaking(vendor: Vendor): FaultCase[] {
  const make = (fault: string, spoil: FaultCase['spoil']): FaultCase => ({
    stage: 'speech',
    vendor,
    fault,
    understood: WORDS.text,
    spoil,
  });
  if (vendor === 'openai') {
    return [
      ...refusals(vendor).map(([fault, trouble]) => make(fault, ({ speech }) => speech.always(trouble))),
      make(MIDWAY.hang, ({ speech }) => speech.always({ breaks: { after: 3, how: 'hang' } })),
      make(MIDWAY.cut, ({ speech }) => speech.always({ breaks: { after: 3, how: 'cut' } })),
      make('a page instead', ({ speech }) => speech.always({ html: '<h1>busy</h1>' })),
      make('slow drip', ({ speech }) => speech.always({ gapMs: 400 })),
    ];
  }
  const socket =
    (breaks: Exclude<Parameters<Wire['voice']['sentences']['always']>[0], Trouble>['breaks']) => (wire: Wire) =>
      wire.voice.sentences.always({ ...(breaks && { breaks }) });
  return [
    ...refusals(vendor).map(([fault, trouble]) =>
      make(fault, (wire) => {
        wire.voice.connects.always(trouble);
        wire.httpVoice.always(trouble);
        // The greeting was spoken through a socket that is still there.
        wire.cutAll();
      }),
    ),
    make('sockets refused, HTTP works', (wire) => {
      wire.voice.connects.always(refused(500, 'no_sockets_today'));
      wire.cutAll();
    }),
    make('hang before audio', socket({ after: 0, how: 'hang' })),
    make(MIDWAY.hang, socket({ after: 1, how: 'hang' })),
    make(MIDWAY.cut, socket({ after: 1, how: 'reset' })),
    make(MIDWAY.garbage, socket({ after: 1, how: 'garbage' })),
    make('close 1008', socket({ after: 1, how: 'close', code: 1008, reason: 'max_active_conversations' })),
    make('slow drip', ({ voice }) => voice.sentences.always({ gapMs: 700 })),
  ];
}

/** Nobody else is there: what cannot be done is said aloud, and the conversation goes on. */
function alone(): FaultCase[] {
  const FILE_WORDS = 'Hello from the file.';
  const refused = (vendor: Vendor) =>
    refusals(vendor).filter(([fault]) => ['401', '500', 'hang before headers'].includes(fault));
  const deaf = (vendor: Vendor) =>
    refused(vendor).map(([fault, trouble]): FaultCase => ({
      stage: 'transcription',
      vendor,
      fault: `${fault}, alone`,
      isAlone: true,
      understood: null,
      spoil({ realtime, transcription, scribe }) {
        realtime.connects.always(trouble);
        transcription.always(trouble);
        scribe.always(trouble);
      },
    }));
  const thoughtless = refused('openai').map(([fault, trouble]): FaultCase => {
    const isAnswered = false;
    const spoil = (wire: Wire) => think(wire, trouble);
    return Object.assign(model(`${fault}, alone`, spoil), { isAlone: true, isAnswered });
  });
  const mute = (vendor: Vendor) =>
    speaking(vendor)
      .filter(({ fault }) => refused(vendor).some(([known]) => known === fault))
      .map((each): FaultCase => Object.assign(each, { fault: `${each.fault}, alone`, isAlone: true }));
  return [
    ...deaf('openai'),
    {
      stage: 'transcription',
      vendor: 'openai',
      fault: 'sockets refused, HTTP works, alone',
      isAlone: true,
      understood: FILE_WORDS,
      spoil: ({ realtime }) => realtime.connects.always(serverError),
    },
    ...deaf('elevenlabs'),
    ...thoughtless,
    ...mute('openai'),
    ...mute('elevenlabs'),
  ];
}

/** All is well again. */
export function heal(wire: Wire): void {
  wire.chat.decide(({ response_format: format }) => ({ text: format ? '{}' : REPLY }));
  wire.speech.always({});
  wire.realtime.connects.always({});
  wire.realtime.utterances.always(WORDS);
  wire.scribe.always(WORDS);
  wire.transcription.always({ text: 'Hello from the file.' });
  wire.voice.connects.always({});
  wire.voice.sentences.always({});
  wire.httpVoice.always({});
}

/** One session: the greeting, a turn in which the fault strikes, and one after it is gone. */
export async function strike(scene: Scene, each: FaultCase): Promise<FaultResult> {
  const { vendor, spoil, isAlone = false, isAnswered = true, understood } = each;
  heal(scene.wire);
  await scene.change(vendor, { isAlone });
  const { socket, sessionId } = await createTestSession(scene.url);
  const client = connectTestClient({ access: socket });
  await turnDone(client, 1);
  spoil(scene.wire);
  const overAtMs = performance.now();
  client.speak(utterance());
  const struck = await turnDone(client, 2);
  heal(scene.wire);
  const { heard, longestSilenceMs, problems } = listenTo(client, 2, overAtMs);
  client.speak(utterance());
  const next = await turnDone(client, 3);
  const response = await fetch(`${scene.url}/api/sessions/${sessionId}/messages`);
  const { data } = (await response.json()) as { data: MessagesBody };
  await client.close();
  if (!struck) problems.push('the turn never ended');
  if (!next || next.status !== 'completed' || !next.spokenText) problems.push('the next turn did not work');
  problems.push(...listenTo(client, 3, overAtMs).problems.filter((problem) => !problem.includes('silence')));
  problems.push(...wrongIn(isAnswered ? data.messages : withoutUnanswered(data.messages)));
  const said = data.messages.filter(({ sender }) => sender === 'user').map(({ text }) => text);
  const expected = [...(understood === null ? [] : [understood]), WORDS.text];
  if (said.join() !== expected.join()) problems.push(`understood “${said.join('”, “')}”`);
  const stored = data.messages.slice(1, -2).map(({ text }) => text);
  return {
    heard,
    longestSilenceMs,
    stored: stored.join(' / ') || 'nothing',
    nextTurn: next?.status ?? 'none',
    problems,
  };
}

export async function turnDone(client: TestClient, turn: number) {
  for (const untilMs = performance.now() + TURN_MS; performance.now() < untilMs;) {
    const done = client.all('turn.done').find((each) => each.turn === turn);
    if (done) return done;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
}

/** As a loudspeaker plays it: a frame after the one before, or when it comes. */
export function listenTo(client: TestClient, turn: number, fromMs: number) {
  const problems: string[] = [];
  const spoken: { by: Heard; atMs: number }[] = [];
  let playedUntilMs = fromMs - END_OF_TURN_MS;
  let longestSilenceMs = 0;
  let seq = 0;
  for (const frame of client.frames.filter(({ stream }) => stream === turn)) {
    if (frame.seq !== seq++) problems.push(`frame ${frame.seq} came out of order`);
    const voice = voiceIn(frame.pcm, RATE);
    if (voice === 'mixed') problems.push('two voices at once');
    const startMs = Math.max(frame.atMs, playedUntilMs);
    if (voice !== undefined) {
      longestSilenceMs = Math.max(longestSilenceMs, startMs - playedUntilMs);
      playedUntilMs = startMs + (frame.pcm.length * 1000) / RATE;
      if (voice !== 'mixed' && spoken.at(-1)?.by !== voice) spoken.push({ by: voice, atMs: startMs - fromMs });
    }
  }
  const others = client.frames.filter(({ stream }) => stream !== turn);
  const own = client.frames.filter(({ stream }) => stream === turn);
  const isInterleaved = others.some(({ atMs }) => atMs > (own[0]?.atMs ?? 0) && atMs < (own.at(-1)?.atMs ?? 0));
  if (isInterleaved) problems.push('two turns spoke at once');
  if (spoken.length === 0) {
    problems.push('silence: nothing was heard');
    longestSilenceMs = performance.now() - playedUntilMs;
  }
  if (longestSilenceMs > MAX_SILENCE_MS) problems.push(`${Math.round(longestSilenceMs)} ms of silence`);
  const heard = spoken.map(({ by, atMs }) => `${by} ${(atMs / 1000).toFixed(1)} s`).join(', ');
  return { heard, longestSilenceMs: Math.round(longestSilenceMs), problems };
}

/** Less the first message of the person, which no answer follows. */
function withoutUnanswered<Message extends { sender: string }>(messages: readonly Message[]): Message[] {
  const first = messages.findIndex(({ sender }) => sender === 'user');
  return messages.filter((_, index) => index !== first);
}

/** Messages that are there twice or by half. */
export function wrongIn(messages: readonly { sender: string; text: string }[]): string[] {
  const problems: string[] = [];
  for (const [index, { sender, text }] of messages.entries()) {
    const before = messages[index - 1];
    if (before?.sender === sender) problems.push(`two messages of the ${sender} in a row: “${before.text}”, “${text}”`);
    if (sender === 'ai' && !/[.?!]$/.test(text)) problems.push(`half a message: “${text}”`);
    if (/moment|sorry|let me (think|see)|a second/i.test(text)) problems.push(`a filler was stored: “${text}”`);
  }
  return problems;
}
