import type { Caption, Clock, Coach, CoachEvents, SessionInfo, TurnReport } from '@kuku-coach/core';
import type { ServerMessageOf, SessionView } from '../../../protocol/messages.ts';
import { usageLine, type TurnUsage } from './usage-line.ts';

/** Where text goes: a terminal, a pipe, a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Screen {
  /** A line of our own. */
  say(line: string): void;
  /** The last speech of the person is out: from here the wait is measured. */
  said(): void;
}

const SHOWN: readonly (keyof CoachEvents)[] = [
  'state',
  'session',
  'caption',
  'speaking',
  'wrapUp',
  'recap',
  'latency',
  'notice',
  'error',
];

/** One JSON object a line, for other programs. */
export function showJson(coach: Coach, output: Output, clock: Clock): Screen {
  const startedAtMs = clock.monotonicMs();
  const print = (event: string, data: unknown) => {
    const atMs = Math.round(clock.monotonicMs() - startedAtMs);
    output.write(`${JSON.stringify({ atMs, event, data })}\n`);
  };
  for (const name of SHOWN) coach.on(name, (data: unknown) => print(name, data));
  coach.on('timer', (timer) => timer.warning && print('timer', timer));
  coach.on('message', (message) => message.type === 'care' && print('care', message));
  return { say: (line) => print('line', line), said: () => print('said', {}) };
}

/** For people: partial transcripts are rewritten in place where the output can do that, and left out elsewhere. */
export function showText(coach: Coach, output: Output, clock: Clock): Screen {
  let partial = false;
  let saidAtMs: number | undefined;
  let heardAfterMs: number | undefined;
  let sentences = 0;
  const line = (text: string) => {
    output.write(`${partial ? '\r\x1b[2K' : ''}${text}\n`);
    partial = false;
  };
  const showPartial = (text: string) => {
    if (!output.isTTY) return;
    const room = (output.columns ?? 80) - 10;
    output.write(`\r\x1b[2K  you …  ${text.length > room ? `…${text.slice(1 - room)}` : text}`);
    partial = true;
  };
  const showCaption = (caption: Caption) => {
    if (caption.sender === 'user') return caption.final ? line(`  you    ${caption.text}`) : showPartial(caption.text);
    if (!caption.final) {
      // The caption holds the whole turn: what is new is after what was shown.
      line(`  ${sentences === 0 ? 'coach' : '     '}  ${caption.text.slice(sentences).trim()}`);
      sentences = caption.text.length;
      return;
    }
    sentences = 0;
    if (caption.status === 'completed') return;
    line(`         (${caption.status}; heard: ${caption.text === '' ? 'nothing' : `“${caption.text}”`})`);
  };
  coach.on('state', (state) => {
    if (state.name === 'reconnecting' && state.attempt === 0) line('- connection lost, reconnecting');
    if (state.name === 'ended') line(`- session: ${state.reason.replaceAll('_', ' ')}`);
    if (state.name === 'failed') line(`! ${state.message}`);
  });
  coach.on('session', (session) => line(describe(session)));
  coach.on('caption', showCaption);
  coach.on('speaking', (speaking) => {
    if (!speaking.coach || saidAtMs === undefined) return;
    heardAfterMs = clock.monotonicMs() - saidAtMs;
    saidAtMs = undefined;
  });
  let record = '';
  const showRecord = ({ ephemeral, offRecord }: SessionView) => {
    const next = ephemeral ? 'private: nothing of it is kept' : offRecord ? 'off the record' : '';
    if (next !== record) line(`- ${next || 'on the record again'}`);
    record = next;
  };
  let used: TurnUsage | undefined;
  coach.on('message', (message) => {
    if (message.type === 'turn.done') used = message.usage;
    if (message.type === 'care') for (const help of helpLines(message)) line(help);
    if (message.type === 'session.state') showRecord(message);
    else if ('session' in message) showRecord(message.session);
  });
  coach.on('latency', (report) => {
    line(latencyLine(report, heardAfterMs));
    if (used) line(usageLine(used));
    heardAfterMs = undefined;
  });
  coach.on('timer', (timer) => timer.warning && line(`- ${Math.round(timer.remainingMs / 60_000)} min left`));
  coach.on('wrapUp', (wrapUp) => wrapUp && line('- the coach proposes to wrap up: yes or no?'));
  coach.on('recap', ({ summary }) => line(`- recap: ${summary}`));
  coach.on('notice', ({ message }) => line(`- ${message}`));
  coach.on('error', ({ message }) => line(`! ${message}`));
  return { say: line, said: () => (saidAtMs = clock.monotonicMs()) };
}

/** Whom somebody who spoke of harm can call. */
function helpLines({ lines, emergency }: ServerMessageOf<'care'>): string[] {
  return [
    ...lines.map(({ name, number, hours }) => `- ${name}: ${number} (${hours === '24/7' ? 'day and night' : hours})`),
    ...(emergency === undefined ? [] : [`- in danger: ${emergency}`]),
  ];
}

function describe({ sessionId, coach, listens, speaks }: SessionInfo): string {
  const missing = [...(listens ? [] : ['does not listen']), ...(speaks ? [] : ['does not speak'])].join(', ');
  return `- session ${sessionId}${coach ? `, ${coach.name} (${coach.model})` : ', resumed'}${missing && `; ${missing}`}`;
}

/** The legs of a turn's latency, in the order in which they pass; one that did not happen is left out. */
export function latencyLine({ turn, latency }: TurnReport, heardAfterMs?: number): string {
  const legs: [string, number | undefined][] = [
    ['turn end', latency.endOfSpeechToTurnEnd],
    ['transcript', latency.transcript],
    ['model', latency.modelFirstToken],
    ['sentence', latency.firstSentence],
    ['speech', latency.speechFirstByte],
    ['sent', latency.firstAudioSent],
    ['total', latency.total],
    ['heard after', heardAfterMs],
  ];
  const told = legs.filter(([, ms]) => ms !== undefined).map(([name, ms]) => `${name} ${Math.round(ms ?? 0)}`);
  return `         turn ${turn}${told.length > 0 ? ` · ${told.join(' · ')} ms` : ''}`;
}
