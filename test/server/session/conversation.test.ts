import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Conversation,
  type ConversationEvent,
  converse,
  type Floor,
  startConversation,
} from '../../../server/session/conversation.ts';

const floors = {
  open: { kind: 'open' },
  thinking: { kind: 'thinking', turn: 3 },
  speaking: { kind: 'speaking', turn: 3 },
  held: { kind: 'held', turn: 3 },
} as const satisfies Record<Floor['kind'], Floor>;

const at = (floor: Floor['kind'], more: Partial<Conversation> = {}): Conversation => ({
  turn: 3,
  floor: floors[floor],
  speaking: null,
  unanswered: null,
  ...more,
});

const said = (more: Partial<Extract<ConversationEvent, { type: 'utterance' }>> = {}): ConversationEvent => ({
  type: 'utterance',
  utterance: 5,
  content: true,
  backchannel: false,
  ...more,
});

/** Effects as short words: `stop 3 barge_in`, `finish 3 interrupted`, `reply 4 to 5`, `go_on 4 of 3`. */
function run(state: Conversation, event: ConversationEvent): { floor: string; effects: string[]; state: Conversation } {
  const step = converse(state, event);
  const effects = step.effects.map((effect) => {
    switch (effect.type) {
      case 'stop':
        return `stop ${effect.turn} ${effect.reason}`;
      case 'finish':
        return `finish ${effect.turn} ${effect.status}`;
      case 'reply':
        return `reply ${effect.turn} to ${effect.inReplyTo}`;
      case 'remark':
        return `remark ${effect.turn}`;
      case 'apologise':
        return `apologise ${effect.turn}`;
      case 'go_on':
        return `go_on ${effect.turn} of ${effect.of}`;
      case 'await_words':
        return 'await_words';
    }
  });
  const { floor } = step.state;
  return { floor: floor.kind === 'open' ? 'open' : `${floor.kind} ${floor.turn}`, effects, state: step.state };
}

const silence = said({ content: false });
const murmur = said({ backchannel: true });
const lost = said({ content: false, lost: true });

/** Every floor × every event: where it leads and what it sets in motion. */
const table: [Floor['kind'], string, ConversationEvent, string, string[]][] = [
  ['open', 'greet', { type: 'greet' }, 'thinking 4', ['reply 4 to null']],
  ['open', 'speech_started', { type: 'speech_started', utterance: 5 }, 'open', []],
  [
    'thinking',
    'speech_started',
    { type: 'speech_started', utterance: 5 },
    'held 3',
    ['stop 3 barge_in', 'await_words'],
  ],
  [
    'speaking',
    'speech_started',
    { type: 'speech_started', utterance: 5 },
    'held 3',
    ['stop 3 barge_in', 'await_words'],
  ],
  ['held', 'speech_started', { type: 'speech_started', utterance: 5 }, 'held 3', []],
  ['open', 'words', { type: 'words', backchannel: false }, 'open', []],
  ['thinking', 'words', { type: 'words', backchannel: false }, 'open', ['stop 3 barge_in', 'finish 3 interrupted']],
  ['speaking', 'words', { type: 'words', backchannel: false }, 'open', ['stop 3 barge_in', 'finish 3 interrupted']],
  ['held', 'words', { type: 'words', backchannel: false }, 'open', ['finish 3 interrupted']],
  ['open', 'murmur so far', { type: 'words', backchannel: true }, 'open', []],
  ['thinking', 'murmur so far', { type: 'words', backchannel: true }, 'thinking 3', []],
  ['speaking', 'murmur so far', { type: 'words', backchannel: true }, 'speaking 3', []],
  ['held', 'murmur so far', { type: 'words', backchannel: true }, 'held 3', []],
  ['open', 'utterance', said(), 'thinking 4', ['reply 4 to 5']],
  ['thinking', 'utterance', said(), 'thinking 4', ['stop 3 barge_in', 'finish 3 interrupted', 'reply 4 to 5']],
  ['speaking', 'utterance', said(), 'thinking 4', ['stop 3 barge_in', 'finish 3 interrupted', 'reply 4 to 5']],
  ['held', 'utterance', said(), 'thinking 4', ['finish 3 interrupted', 'reply 4 to 5']],
  ['open', 'a backchannel alone', murmur, 'thinking 4', ['reply 4 to 5']],
  ['thinking', 'a backchannel alone', murmur, 'thinking 3', []],
  ['speaking', 'a backchannel alone', murmur, 'speaking 3', []],
  ['held', 'a backchannel alone', murmur, 'thinking 4', ['finish 3 interrupted', 'go_on 4 of 3']],
  ['open', 'no words', silence, 'open', []],
  ['thinking', 'no words', silence, 'thinking 3', []],
  ['speaking', 'no words', silence, 'speaking 3', []],
  ['held', 'no words', silence, 'thinking 4', ['finish 3 interrupted', 'go_on 4 of 3']],
  ['open', 'lost words', lost, 'thinking 4', ['apologise 4']],
  ['thinking', 'lost words', lost, 'thinking 3', []],
  ['speaking', 'lost words', lost, 'speaking 3', []],
  ['held', 'lost words', lost, 'thinking 4', ['finish 3 interrupted', 'go_on 4 of 3']],
  ['open', 'typed', { type: 'typed', utterance: 5 }, 'thinking 4', ['reply 4 to 5']],
  [
    'thinking',
    'typed',
    { type: 'typed', utterance: 5 },
    'thinking 4',
    ['stop 3 barge_in', 'finish 3 interrupted', 'reply 4 to 5'],
  ],
  [
    'speaking',
    'typed',
    { type: 'typed', utterance: 5 },
    'thinking 4',
    ['stop 3 barge_in', 'finish 3 interrupted', 'reply 4 to 5'],
  ],
  ['held', 'typed', { type: 'typed', utterance: 5 }, 'thinking 4', ['finish 3 interrupted', 'reply 4 to 5']],
  ['open', 'no_words', { type: 'no_words' }, 'open', []],
  ['thinking', 'no_words', { type: 'no_words' }, 'thinking 3', []],
  ['speaking', 'no_words', { type: 'no_words' }, 'speaking 3', []],
  ['held', 'no_words', { type: 'no_words' }, 'thinking 4', ['finish 3 interrupted', 'go_on 4 of 3']],
  ['open', 'reply_sending', { type: 'reply_sending', turn: 3 }, 'open', []],
  ['thinking', 'reply_sending', { type: 'reply_sending', turn: 3 }, 'speaking 3', []],
  ['speaking', 'reply_sending', { type: 'reply_sending', turn: 3 }, 'speaking 3', []],
  ['held', 'reply_sending', { type: 'reply_sending', turn: 3 }, 'held 3', []],
  ['open', 'reply_completed', { type: 'reply_completed', turn: 3 }, 'open', []],
  ['thinking', 'reply_completed', { type: 'reply_completed', turn: 3 }, 'open', ['finish 3 completed']],
  ['speaking', 'reply_completed', { type: 'reply_completed', turn: 3 }, 'open', ['finish 3 completed']],
  ['held', 'reply_completed', { type: 'reply_completed', turn: 3 }, 'open', ['finish 3 completed']],
  ['open', 'reply_failed', { type: 'reply_failed', turn: 3 }, 'open', []],
  ['thinking', 'reply_failed', { type: 'reply_failed', turn: 3 }, 'open', ['stop 3 failed', 'finish 3 failed']],
  ['speaking', 'reply_failed', { type: 'reply_failed', turn: 3 }, 'open', ['stop 3 failed', 'finish 3 failed']],
  ['held', 'reply_failed', { type: 'reply_failed', turn: 3 }, 'open', ['stop 3 failed', 'finish 3 failed']],
  ['open', 'remark', { type: 'remark' }, 'thinking 4', ['remark 4']],
  ['thinking', 'remark', { type: 'remark' }, 'thinking 3', []],
  ['speaking', 'remark', { type: 'remark' }, 'speaking 3', []],
  ['held', 'remark', { type: 'remark' }, 'held 3', []],
  ['open', 'cancel', { type: 'cancel', turn: undefined }, 'open', []],
  ['thinking', 'cancel', { type: 'cancel', turn: undefined }, 'open', ['stop 3 cancelled', 'finish 3 cancelled']],
  ['speaking', 'cancel', { type: 'cancel', turn: 3 }, 'open', ['stop 3 cancelled', 'finish 3 cancelled']],
  ['held', 'cancel', { type: 'cancel', turn: 3 }, 'open', ['finish 3 cancelled']],
  ['open', 'left', { type: 'left' }, 'open', []],
  ['thinking', 'left', { type: 'left' }, 'open', ['stop 3 cancelled', 'finish 3 interrupted']],
  ['speaking', 'left', { type: 'left' }, 'open', ['stop 3 cancelled', 'finish 3 interrupted']],
  ['held', 'left', { type: 'left' }, 'open', ['finish 3 interrupted']],
  ['open', 'returned, nothing open', { type: 'returned', goOn: false, unanswered: null }, 'open', []],
  ['open', 'returned, cut off', { type: 'returned', goOn: true, unanswered: null }, 'thinking 4', ['go_on 4 of null']],
  ['open', 'returned, unanswered', { type: 'returned', goOn: false, unanswered: 5 }, 'thinking 4', ['reply 4 to 5']],
];

describe('the conversation', () => {
  it.each(table)('while %s, %s leads where the table says', (floor, _name, event, floorAfter, effects) => {
    const result = run(at(floor), event);
    expect({ floor: result.floor, effects: result.effects }).toEqual({ floor: floorAfter, effects });
  });

  it('has every floor and event in the table', () => {
    const inSession: ConversationEvent['type'][] = [
      'speech_started',
      'words',
      'utterance',
      'typed',
      'no_words',
      'reply_sending',
      'reply_completed',
      'reply_failed',
      'remark',
      'cancel',
      'left',
    ]; // greet and returned open a session: the floor is free then
    for (const floor of Object.keys(floors)) {
      for (const type of inSession) {
        expect(
          table.some(([f, , event]) => f === floor && event.type === type),
          `${floor} × ${type}`,
        ).toBe(true);
      }
    }
  });

  it('asks for lost words again only where nothing else is to be said, and not into the person’s own', () => {
    expect(run(at('open', { unanswered: 4 }), lost).effects).toEqual(['reply 4 to 4']);
    expect(run(at('open', { speaking: 6 }), lost).effects).toEqual([]);
  });

  it('ignores what concerns an older turn', () => {
    for (const floor of ['thinking', 'speaking', 'held'] as const) {
      for (const type of ['reply_completed', 'reply_failed', 'reply_sending'] as const) {
        expect(run(at(floor), { type, turn: 2 }).effects).toEqual([]);
      }
      expect(run(at(floor), { type: 'cancel', turn: 2 }).effects).toEqual([]);
    }
  });

  it('waits with the reply while the person goes on, and answers all of it', () => {
    const typed = run(at('open', { speaking: 6 }), { type: 'typed', utterance: 5 });
    expect(typed.effects).toEqual([]);
    const noise = run(typed.state, said({ utterance: 6, content: false }));
    expect(noise.effects).toEqual(['reply 4 to 5']);
    const more = run(typed.state, said({ utterance: 6 }));
    expect(more.effects).toEqual(['reply 4 to 6']);
  });

  it('says nothing on its own account while the person speaks or waits for an answer', () => {
    expect(run(at('open', { speaking: 6 }), { type: 'remark' }).effects).toEqual([]);
    expect(run(at('open', { unanswered: 5 }), { type: 'remark' }).effects).toEqual([]);
  });

  it('does not answer an utterance while the next one is under way', () => {
    const speaking = run(at('open'), { type: 'speech_started', utterance: 6 });
    const first = run(speaking.state, said({ utterance: 5 }));
    expect(first.effects).toEqual([]);
    expect(run(first.state, said({ utterance: 6 })).effects).toEqual(['reply 4 to 6']);
  });

  it('never has two turns at once, and finishes each turn exactly once', () => {
    const event: fc.Arbitrary<ConversationEvent> = fc.oneof(
      fc.constantFrom<ConversationEvent>(
        { type: 'speech_started', utterance: 5 },
        { type: 'no_words' },
        { type: 'left' },
        { type: 'cancel', turn: undefined },
        { type: 'remark' },
      ),
      fc.record({ type: fc.constant('words' as const), backchannel: fc.boolean() }),
      fc.record({
        type: fc.constant('utterance' as const),
        utterance: fc.nat(50),
        content: fc.boolean(),
        backchannel: fc.boolean(),
        lost: fc.boolean(),
      }),
      fc.record({ type: fc.constant('typed' as const), utterance: fc.nat(50) }),
      fc.record({
        type: fc.constantFrom('reply_sending' as const, 'reply_completed' as const, 'reply_failed' as const),
        turn: fc.nat(12),
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = startConversation(0);
        const begun = new Set<number>();
        const finished = new Set<number>();
        for (const next of events) {
          const step = converse(state, next);
          for (const effect of step.effects) {
            if (effect.type === 'await_words') continue;
            if (effect.type !== 'stop' && effect.type !== 'finish') {
              expect(begun.size).toBe(finished.size);
              expect(effect.turn).toBe(begun.size + 1);
              begun.add(effect.turn);
            } else if (effect.type === 'finish') {
              expect(begun.has(effect.turn) && !finished.has(effect.turn)).toBe(true);
              finished.add(effect.turn);
            } else if (effect.type === 'stop') expect(finished.has(effect.turn)).toBe(false);
          }
          state = step.state;
          expect(state.floor.kind === 'open').toBe(begun.size === finished.size);
        }
      }),
      { numRuns: 500 },
    );
  });
});
