import { describe, expect, it } from 'vitest';
import { emptyNotes, type ReplyPart, type ReplyRequest } from '../../../server/ports/language-model.ts';
import type { Usage } from '../../../server/ports/usage.ts';
import { createEarlyStart } from '../../../server/session/early-start.ts';
import { createFakeClock, settle } from '../../support/fake-clock.ts';
import { scriptedEngine } from '../../support/scripted.ts';

const asked = (text: string, remainingMs = 60_000): ReplyRequest => ({
  occasion: 'reply',
  conversation: [{ sender: 'user', text }],
  notes: emptyNotes,
  time: { elapsedMs: 0, remainingMs },
});

function start({ firstTokenMs = 300, fails = false } = {}) {
  const clock = createFakeClock();
  const engine = scriptedEngine({
    clock,
    firstTokenMs,
    tokenMs: 10,
    answer: ({ conversation }) => (fails ? new Error('no') : `You said ${conversation.at(-1)?.text ?? ''} .`),
  });
  const over = new AbortController();
  const outcomes: string[] = [];
  const metrics = { earlyStart: (outcome: string) => void outcomes.push(outcome) };
  const early = createEarlyStart({ engine, signal: over.signal, onUsage: () => {}, metrics });
  return { clock, engine, over, early, outcomes };
}

async function textOf(parts: AsyncIterable<ReplyPart>): Promise<string> {
  let text = '';
  for await (const part of parts) if (part.type === 'text') text += part.text;
  return text;
}

const signal = () => new AbortController().signal;

describe('a reply that is begun early', () => {
  it('is the turn’s, when the final words are the same but for their writing', async () => {
    const { clock, engine, early, outcomes } = start();
    early.begin(asked('i want to rest'));
    await clock.advance(1000);
    const parts = early.take(asked('I want to rest.', 59_000), { signal: signal() });
    expect(parts && (await textOf(parts))).toBe('You said i want to rest .');
    expect(engine.requests).toHaveLength(1);
    expect(outcomes).toEqual(['used']);
  });

  it('is taken over in the middle, too', async () => {
    const { clock, engine, early } = start();
    early.begin(asked('I want to rest'));
    await clock.advance(100);
    const parts = early.take(asked('I want to rest'), { signal: signal() });
    if (!parts) throw new Error('it was not there');
    const text = textOf(parts);
    await clock.advance(1000);
    expect(await text).toBe('You said I want to rest .');
    expect(engine.requests).toHaveLength(1);
  });

  it.each<[string, Partial<ReplyRequest>]>([
    ['other words', { conversation: [{ sender: 'user', text: 'I want to rest today' }] }],
    ['other notes', { notes: { ...emptyNotes, goal: 'to rest' } }],
    ['another occasion', { occasion: 'go_on' }],
    [
      'words of the coach in between',
      { conversation: [{ sender: 'ai', text: 'Yes?' }, ...asked('I want to rest').conversation] },
    ],
  ])('is dropped for %s', async (_what, change) => {
    const { engine, early, outcomes } = start();
    early.begin(asked('I want to rest'));
    expect(early.take({ ...asked('I want to rest'), ...change }, { signal: signal() })).toBeUndefined();
    expect(engine.aborted).toBe(1);
    expect(outcomes).toEqual(['dropped']);
  });

  it('ends its work within the very call that says that the words have changed', () => {
    const { engine, early } = start();
    early.begin(asked('I want to rest'));
    expect(engine.aborted).toBe(0);
    early.begin(asked('I want to rest but'));
    expect(engine.aborted).toBe(1);
    early.drop();
    expect(engine.aborted).toBe(2);
  });

  it('goes on when the same is asked for again, and starts no more than four times a turn', () => {
    const { engine, early } = start();
    for (const words of ['a', 'A', 'a b', 'a b c', 'a b c d', 'a b c d e']) early.begin(asked(words));
    expect(engine.requests).toHaveLength(4);
    expect(engine.aborted).toBe(4);
    early.take(asked('a b c d e'), { signal: signal() });
    early.begin(asked('next'));
    expect(engine.requests).toHaveLength(5);
  });

  it('is asked for anew when it failed before anybody wanted it', async () => {
    const { clock, early } = start({ fails: true });
    early.begin(asked('I want to rest'));
    await clock.advance(1000);
    expect(early.take(asked('I want to rest'), { signal: signal() })).toBeUndefined();
  });

  it('ends with the turn that took it, and with the session', async () => {
    const { clock, engine, over, early } = start();
    const turn = new AbortController();
    early.begin(asked('I want to rest'));
    const parts = early.take(asked('I want to rest'), { signal: turn.signal });
    const reading = parts && textOf(parts);
    const failure = reading?.then(
      () => undefined,
      (error: unknown) => error,
    );
    await clock.advance(100);
    turn.abort(new Error('barged in'));
    expect(engine.aborted).toBe(1);
    expect(await failure).toEqual(new Error('barged in'));
    early.begin(asked('And then'));
    over.abort();
    expect(engine.aborted).toBe(2);
    early.begin(asked('Too late'));
    expect(engine.requests).toHaveLength(2);
  });

  it('has what it cost reported, dropped or not', async () => {
    const clock = createFakeClock();
    const usages: Usage[] = [];
    const usage: Usage = { kind: 'model', provider: 'scripted', model: 'm', inputTokens: 100 };
    const early = createEarlyStart({
      engine: {
        ...scriptedEngine({ clock, answer: () => '' }),
        async *reply(_request, options) {
          try {
            await new Promise((_, reject) => {
              options.signal.addEventListener('abort', () => reject(options.signal.reason));
            });
          } finally {
            options.onUsage?.(usage);
          }
          yield { type: 'text', text: 'never' };
        },
      },
      signal: signal(),
      onUsage: (each) => usages.push(each),
      metrics: { earlyStart() {} },
    });
    early.begin(asked('I want'));
    await settle();
    early.drop();
    await settle();
    expect(usages).toEqual([usage]);
  });
});
