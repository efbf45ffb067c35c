/** Takes the coach's own question out of what a microphone beside a loudspeaker heard: "Shall we wrap up?" is no answer. */
import { askAgainLine, PROPOSAL_REASONS, proposalLine } from './lines.ts';
import { sentencesOf, wordsOf } from './speech-text.ts';

const BETWEEN = '[^\\p{L}\\p{N}]+';

/** Each question, with the sentence that leads up to it where that was heard too. */
const lines = [...PROPOSAL_REASONS.map(proposalLine), askAgainLine].map((line) => sentencesOf(line).map(inAnySpelling));
const questions = lines.flatMap((sentences) => sentences.slice(-1)).join('|');
const leads = lines.flatMap((sentences) => sentences.slice(0, -1)).join('|');
const ECHO = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?:${leads})${BETWEEN})?(?:${questions})(?![\\p{L}\\p{N}])[^\\p{L}\\p{N}]*`,
  'giu',
);

/** What is left is read as the answer: the coach's words, then "yes". */
export function withoutEcho(text: string): string {
  return text.replaceAll(ECHO, ' . ');
}

/** As it is written, or as a recogniser writes it. */
function inAnySpelling(sentence: string): string {
  return wordsOf(sentence.replaceAll(/[^\p{L}\p{N}\s]/gu, '')).join(BETWEEN);
}
