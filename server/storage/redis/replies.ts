/** Reads what Redis answers. */
import type { Message } from '../../../protocol/messages.ts';
import type { StoredSession } from '../../ports/session-store.ts';

/** Of a flat list `name, value, name, value, …`. */
export function fieldsOf(reply: unknown): Record<string, string> {
  const list = reply as string[];
  const fields: Record<string, string> = {};
  for (let i = 0; i < list.length; i += 2) fields[list[i] ?? ''] = list[i + 1] ?? '';
  return fields;
}

/** Undefined for no fields: there is no such session. */
export function storedSession<State>(id: string, fields: Record<string, string>): StoredSession<State> | undefined {
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
    state: JSON.parse(state) as State,
  };
}

/** Messages as they are stored, `place:JSON` each, in the order of their places. */
export function messagesOf(values: readonly string[]): { place: number; message: Message }[] {
  const placed = values.map((value) => {
    const colon = value.indexOf(':');
    return { place: Number(value.slice(0, colon)), message: JSON.parse(value.slice(colon + 1)) as Message };
  });
  return placed.sort((a, b) => a.place - b.place);
}
