/** What the coach is to say on its own account, in order: after an answer, or when the floor is free. */
import * as lines from '../coaching/lines.ts';
import type { ReplyPart, ReplyRequest } from '../ports/language-model.ts';
import { splitSentences } from '../voice/sentences.ts';
import type { LifecycleEffect } from './lifecycle.ts';
import type { Cargo } from './state.ts';

type Item =
  | { kind: 'line'; text: string }
  | { kind: 'proposal'; proposalId: string; text: string }
  /** In the engine's own words. */
  | { kind: 'engine'; occasion: 'go_on' | 'are_you_there' }
  | { kind: 'recap' };

export interface Agenda {
  readonly isEmpty: boolean;
  /** Puts down what an effect of the lifecycle asks the coach to say. */
  add(effect: LifecycleEffect, remainingMs: number): void;
  /** Puts down a line to be said as it is. */
  line(text: string): void;
  /** What a turn that says all of it brings along, but for the recap. */
  cargo(): Cargo;
  /**
   * Says all of it, also what is added meanwhile, until `isOver`. What a turn carries is noted in `cargo` as it comes.
   */
  say(cargo: Cargo, words: Words): AsyncIterable<ReplyPart>;
  clear(): void;
}

/** Where the words come from that are not the agenda's own. */
export interface Words {
  engine(occasion: ReplyRequest['occasion']): AsyncIterable<ReplyPart>;
  /** The recap as it is spoken. */
  recap(): Promise<string>;
  /** Nothing more of the agenda is for this turn. */
  isOver(): boolean;
}

export function createAgenda(): Agenda {
  const items: Item[] = [];

  const add: Agenda['add'] = (effect, remainingMs) => {
    switch (effect.type) {
      case 'warn':
        items.push({ kind: 'line', text: lines.warningLine(effect.remainingMs) });
        return;
      case 'askIfThere':
        items.push({ kind: 'engine', occasion: 'are_you_there' });
        return;
      case 'propose':
        items.push({ kind: 'proposal', proposalId: effect.proposalId, text: lines.proposalLine(effect.reason) });
        return;
      case 'askAgain':
        items.push({ kind: 'proposal', proposalId: effect.proposalId, text: lines.askAgainLine });
        return;
      case 'resumeConversation':
        // A question that is settled before it was put is not put any more.
        items.splice(0, items.length, ...items.filter(({ kind }) => kind !== 'proposal'));
        if (effect.because === 'no')
          items.push({ kind: 'line', text: lines.goingOnLine(remainingMs) }, { kind: 'engine', occasion: 'go_on' });
        if (effect.because === 'unclear')
          items.push({ kind: 'line', text: lines.notEndingLine }, { kind: 'engine', occasion: 'go_on' });
        return;
      case 'speakRecap':
        // Whatever else was to be said has lost its point.
        items.length = 0;
        items.push({ kind: 'line', text: lines.closingLine(effect.reason) }, { kind: 'recap' });
        return;
      case 'care':
        // Nothing else is said now, and nothing of it later.
        items.length = 0;
        return;
      case 'stateChanged':
      case 'answerIgnored':
      case 'ended':
        return;
    }
  };

  async function* say(cargo: Cargo, words: Words): AsyncIterable<ReplyPart> {
    const next = () => (words.isOver() ? undefined : items.shift());
    for (let item = next(); item; item = next()) {
      if (item.kind === 'proposal') cargo.proposal = carried(item);
      if (item.kind === 'recap') cargo.recap = true;
      if (item.kind === 'engine') yield* words.engine(item.occasion);
      else {
        const text = item.kind === 'recap' ? await words.recap() : item.text;
        for (const sentence of splitSentences(text)) yield { type: 'text', text: `${sentence} ` };
      }
    }
  }

  return {
    get isEmpty() {
      return items.length === 0;
    },
    cargo() {
      const proposal = items.find((item) => item.kind === 'proposal');
      return proposal ? { proposal: carried(proposal) } : {};
    },
    add,
    line: (text) => void items.push({ kind: 'line', text }),
    say,
    clear: () => void (items.length = 0),
  };
}

function carried({ proposalId, text }: Extract<Item, { kind: 'proposal' }>): NonNullable<Cargo['proposal']> {
  return { proposalId, question: text };
}
