import { z } from 'zod';

/** Whom somebody in distress can call; `hours` are local, `24/7` for always. */
export const HelpLine = z.object({ name: z.string(), number: z.string(), hours: z.string() });
export type HelpLine = z.infer<typeof HelpLine>;
