/** Reads what Redis answers. */
import type { Message } from '../../../protocol/messages.ts';
import type { StoredSession } from '../../ports/session-store.ts';
import type { Texts } from './texts.ts';

/** Of a flat list `name, value, name, value, …`. */
export function fieldsOf(reply: unknown): Record<string, string> {
  const list = reply as string[];
  const fields: Record<string, string> = {};
  for (let i = 0; i < list.length; i += 2) fields[list[i] ?? ''] = list[i + 1] ?? '';
  return fields;
}

/** Undefined for no fields: there is no such session. */
export function storedSession<State>(
  id: string,
  fields: Record<string, string>,
  texts: Texts,
): StoredSession<State> | undefined {
  const { userId, state } = fields;
  if (state === undefined) return undefined;
  return {
    id,
    userId: userId === undefined || userId === '' ? null : userId,
    createdAt: Number(fields['createdAt']),
    updatedAt: Number(fields['updatedAt']),
    version: Number(fields['version']),
    epoch: Number(fields['epoch']),
    seq: Number(fields['seq']),
    state: texts.read(state, 'state', id) as State,
  };
}

/** A session's messages as they are stored, `place:text` each, in the order of their places. */
export function messagesOf(
  sessionId: string,
  values: readonly string[],
  texts: Texts,
): { place: number; message: Message }[] {
  const placed = values.map((value) => {
    const colon = value.indexOf(':');
    const message = texts.read(value.slice(colon + 1), 'message', sessionId) as Message;
    return { place: Number(value.slice(0, colon)), message };
  });
  return placed.sort((a, b) => a.place - b.place);
}
