/** From untrusted text to a message: bounded in depth, checked by a schema, answered with a result. */
import type { z } from 'zod';

export const MAX_JSON_DEPTH = 32;

export type ParseResult<T> = { ok: true; message: T } | { ok: false; problem: string };

/** Parses JSON by a schema, whoever wrote it. Never throws; `problem` is a sentence for the other side's developer. */
export function parseJson<T>(schema: z.ZodType<T>, text: string): ParseResult<T> {
  const depth = jsonDepth(text);
  if (depth > MAX_JSON_DEPTH) return { ok: false, problem: `nested deeper than ${MAX_JSON_DEPTH}` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'not JSON' };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, message: result.data };
  const issue = result.error.issues[0];
  const where = issue?.path.join('.');
  return { ok: false, problem: `${where ? `${where}: ` : ''}${issue?.message ?? 'not a message'}` };
}

/** Nesting of brackets outside strings: counted first, because 50 MB of nested brackets block JSON.parse for 13 s. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x5b || c === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (c === 0x5d || c === 0x7d) depth--;
  }
  return deepest;
}
