/** The end of a session: what was talked about and decided, and how that is spoken. Works on any engine's notes. */
import type { Commitment, Recap } from '../../protocol/messages.ts';
import type { CoachNotes } from '../ports/language-model.ts';
import { toSecondPerson } from './perspective.ts';
import { capitalised, firstWords } from './speech-text.ts';
import { isStatement, listed, numberWord, spokenCommitment, spokenGoal, spokenTopic } from './spoken-notes.ts';

const MAX_SPOKEN_WORDS = 18;

/** The recap as it is shown and spoken: everything of the person's is turned to "you". Summary: 2 to 6 short sentences. */
export function makeRecap(notes: CoachNotes): Recap {
  return {
    topic: spokenTopic(notes.topic ?? ''),
    goal: toSecondPerson((notes.goal ?? '').replace(/^us to /i, 'to ')),
    insights: notes.insights.map((insight) => toSecondPerson(insight)),
    commitments: notes.commitments.map((commitment) => ({ ...commitment, what: toSecondPerson(commitment.what) })),
    summary: summaryOf(notes).join(' '),
  };
}

/** A commitment with a when and a confidence of at least 5 stands in the way forward: the session may propose to end. */
export function hasCommittedWayForward(notes: CoachNotes): boolean {
  return (
    notes.stage === 'way_forward' &&
    notes.commitments.some(
      ({ by, confidence }) => by !== undefined && by !== '' && confidence !== undefined && confidence >= 5,
    )
  );
}

function summaryOf(notes: CoachNotes): string[] {
  const sentences = [
    topicSentence(notes.topic),
    goalSentence(notes.goal),
    insightSentence(notes.insights.at(-1)),
    ...commitmentSentences(notes.commitments),
  ].filter((sentence) => sentence !== undefined);
  if (sentences.length === 0)
    return ['We had a first look around today, without settling on anything yet.', 'Thank you for your time.'];
  const last =
    notes.commitments.length > 0
      ? 'Thank you, and good luck with it.'
      : 'Nothing is decided yet, and that is fine; you can pick it up from here.';
  return [...sentences.slice(0, 5), last];
}

function topicSentence(topic: string | undefined): string | undefined {
  if (!topic) return undefined;
  const said = safe(spokenTopic(topic));
  return isStatement(topic) ? `You came with this: ${said}.` : `We talked about ${said}.`;
}

function goalSentence(goal: string | undefined): string | undefined {
  return goal ? `${capitalised(safe(spokenGoal(goal)))}.` : undefined;
}

function insightSentence(insight: string | undefined): string | undefined {
  if (!insight) return undefined;
  const said = safe(toSecondPerson(insight));
  return isStatement(insight) ? `You came to see that ${said}.` : `What you came to see: ${said}.`;
}

function commitmentSentences(commitments: readonly Commitment[]): string[] {
  const [only, ...others] = commitments;
  if (!only) return [];
  const sure = only.confidence === undefined ? '' : `, with a confidence of ${numberWord(only.confidence)} out of ten`;
  const first = `You'll ${safe(spokenCommitment(only))}${sure}.`;
  if (others.length === 0) return [first];
  return [
    first,
    `You'll also ${listed(
      others.slice(0, 2).map((one) => safe(spokenCommitment(one))),
      'and',
    )}.`,
  ];
}

/** Short, and without a stop of its own, so that it stays one sentence. */
function safe(text: string): string {
  return firstWords(text.replaceAll(/[.!?;]+(?=\s|$)/g, ','), MAX_SPOKEN_WORDS);
}
