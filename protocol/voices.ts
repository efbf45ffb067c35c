/** Who the coach can speak as. */
import { z } from 'zod';

/** A voice that the coach can have; `language` as in `en-GB`, absent where it speaks many. */
export const Voice = z.object({
  id: z.string().min(1).max(64),
  name: z.string(),
  language: z.string().optional(),
});
export type Voice = z.infer<typeof Voice>;

/** Those to choose from, the server's own choice first; absent where there is no choice. */
export const Voices = z.array(Voice).optional();
