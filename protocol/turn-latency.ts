import { z } from 'zod';

const ms = z.number().min(0).max(1e9);

/** Milliseconds of each leg of a turn; a leg that did not happen (typed turn, no speech) is absent. */
export const TurnLatency = z.object({
  /** The last speech in the microphone → the turn was decided to be over. */
  endOfSpeechToTurnEnd: ms.optional(),
  /** Turn over → final transcript. */
  transcript: ms.optional(),
  /** Transcript → the model's first words. */
  modelFirstToken: ms.optional(),
  /** First words → first whole sentence or clause. */
  firstSentence: ms.optional(),
  /** Sentence handed to synthesis → its first audio. */
  speechFirstByte: ms.optional(),
  /** First audio → handed to the socket. */
  firstAudioSent: ms.optional(),
  /** Turn over → first audio (or, without speech, first words) handed to the socket. */
  total: ms.optional(),
});
export type TurnLatency = z.infer<typeof TurnLatency>;
