import { describe, expect, test } from 'vitest';
import { backoffMs, MAX_FIRST_ATTEMPTS, step, type CoachEvent, type CoachState, type Loss } from '../src/state.ts';

const RESUME_WINDOW_MS = 120_000;
const loss = (change: Partial<Loss> = {}): Loss => ({
  action: 'resume',
  code: 'connection_lost',
  message: 'The server closed: connection lost.',
  delayMs: 0,
  ...change,
});
const lost = (atMs: number, change: Partial<Loss> = {}): CoachEvent => ({
  type: 'lost',
  loss: loss(change),
  atMs,
  resumeWindowMs: RESUME_WINDOW_MS,
});
const stop = (code: string) => lost(0, { action: 'stop', code, message: code });

const idle: CoachState = { name: 'idle' };
const mic: CoachState = { name: 'requestingMic' };
const connecting = (attempt = 0): CoachState => ({ name: 'connecting', attempt });
const live: CoachState = { name: 'live' };
const reconnecting = (attempt = 0, sinceMs = 0): CoachState => ({ name: 'reconnecting', attempt, sinceMs });
const closing: CoachState = { name: 'closing' };
const over: CoachState = { name: 'closing', reason: 'completed' };
const ended = (reason: string): CoachState => ({ name: 'ended', reason });
const failed = (code: string, message = code): CoachState => ({ name: 'failed', code, message });

/** From, event, to, effects as `type attempt delay jitter`. */
const table: [string, CoachState, CoachEvent, CoachState, string[]][] = [
  ['a start with audio asks for the devices first', idle, { type: 'start', withAudio: true }, mic, ['startAudio']],
  ['a start without audio connects', idle, { type: 'start', withAudio: false }, connecting(), ['connect 0 0 0']],
  ['a second start does nothing', live, { type: 'start', withAudio: true }, live, []],
  ['devices that are there lead to the connection', mic, { type: 'audioReady' }, connecting(), ['connect 0 0 0']],
  ['devices that come after a stop are ignored', ended('left'), { type: 'audioReady' }, ended('left'), []],
  [
    'refused devices are a failure',
    mic,
    { type: 'audioFailed', message: 'Permission denied' },
    failed('no_audio', 'Permission denied'),
    ['release'],
  ],
  ['the first connection goes live', connecting(), { type: 'opened' }, live, []],
  ['a later connection goes live', reconnecting(3), { type: 'opened' }, live, []],
  ['a first attempt that fails is repeated', connecting(0), lost(5), connecting(1), ['connect 1 0 1']],
  [
    'first attempts come to an end',
    connecting(MAX_FIRST_ATTEMPTS - 1),
    lost(5),
    failed('connection_lost', loss().message),
    ['release'],
  ],
  ['a live connection that breaks is sought again', live, lost(7), reconnecting(0, 7), ['connect 0 0 1']],
  ['a delay that the server names is kept', live, lost(7, { delayMs: 2000 }), reconnecting(0, 7), ['connect 0 2000 1']],
  [
    'a delay beyond the resume window is not waited for',
    connecting(),
    lost(7, { action: 'retry', code: 'budget_spent', message: 'Tomorrow.', delayMs: RESUME_WINDOW_MS + 1 }),
    failed('budget_spent', 'Tomorrow.'),
    ['release'],
  ],
  ['a bad ticket is replaced', live, lost(7, { action: 'ticket' }), reconnecting(0, 7), ['connect 0 0 1']],
  ['attempts count up from the loss', reconnecting(0, 7), lost(900), reconnecting(1, 7), ['connect 1 0 1']],
  [
    'attempts go on to the end of the resume window',
    reconnecting(9, 0),
    lost(RESUME_WINDOW_MS),
    reconnecting(10, 0),
    ['connect 10 0 1'],
  ],
  [
    'after the resume window there is nothing to come back to',
    reconnecting(9, 0),
    lost(RESUME_WINDOW_MS + 1),
    failed('connection_lost', loss().message),
    ['release'],
  ],
  ['a closing session that is cut off is sought again', closing, lost(3), reconnecting(0, 3), ['connect 0 0 1']],
  ['a close that says stop is a failure', live, stop('replaced'), failed('replaced'), ['release']],
  ['a close at the time limit is an end', live, stop('time_limit'), ended('time_limit'), ['release']],
  ['a close for idleness is an end', reconnecting(), stop('idle'), ended('idle'), ['release']],
  ['a close because the session is over is an end', closing, stop('session_over'), ended('session_over'), ['release']],
  ['a session in its closing phase closes', live, { type: 'closing' }, closing, []],
  ['the session end is remembered', live, { type: 'sessionEnded', reason: 'completed' }, over, []],
  ['any close after the session end is the end', over, lost(1), ended('completed'), ['release']],
  ['a closing phase told after the end changes nothing', over, { type: 'closing' }, over, []],
  ['a stop leaves from any state', reconnecting(), { type: 'stop' }, ended('left'), ['release']],
  ['a stop after the session end keeps its reason', over, { type: 'stop' }, ended('completed'), ['release']],
  ['a stop before the start is an end', idle, { type: 'stop' }, ended('left'), ['release']],
  ['an ended coach stays ended', ended('left'), { type: 'start', withAudio: true }, ended('left'), []],
  ['a failed coach stays failed', failed('x'), { type: 'opened' }, failed('x'), []],
];

describe('the coach state machine', () => {
  test.each(table)('%s', (_name, from, event, to, effects) => {
    const result = step(from, event);
    expect(result.state).toEqual(to);
    const told = result.effects.map((effect) =>
      effect.type === 'connect' ? `connect ${effect.attempt} ${effect.delayMs} ${effect.jitter}` : effect.type,
    );
    expect(told).toEqual(effects);
  });
});

describe('the backoff', () => {
  test('doubles from 300 ms to at most 8 s', () => {
    const longest = [0, 1, 2, 3, 4, 5, 20].map((attempt) => backoffMs(attempt, () => 1));
    expect(longest).toEqual([300, 600, 1200, 2400, 4800, 8000, 8000]);
  });

  test('is spread over its whole length', () => {
    expect(backoffMs(2, () => 0)).toBe(0);
    expect(backoffMs(2, () => 0.25)).toBe(300);
  });
});
