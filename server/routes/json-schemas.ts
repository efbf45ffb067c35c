/** From zod to JSON Schema for the documents: shared schemas by name, everything else where it stands. */
import { z } from 'zod';
import * as messages from '../../protocol/messages.ts';
import * as rest from '../../protocol/rest.ts';

type Json = Record<string, unknown>;

export interface SchemaWriter {
  write(schema: z.ZodType): Json;
  /** Every shared schema that was written, by name. */
  readonly shared: Json;
}

/** Schemas with a name of their own; messages of the socket are named by their `type`. */
const NAMES = z.registry<{ id: string }>();
const { Stage, Phase, Commitment, Recap, WordTime, Message, SessionView, TurnLatency } = messages;
const { ErrorBody, SocketAccess, SessionBody, ListedSessionBody } = rest;
const NAMED = {
  Stage,
  Phase,
  Commitment,
  Recap,
  WordTime,
  Message,
  SessionView,
  TurnLatency,
  SocketAccess,
  Error: ErrorBody,
  Session: SessionBody,
  ListedSession: ListedSessionBody,
};
for (const [id, schema] of Object.entries(NAMED)) NAMES.add(schema, { id });

/** OpenAPI 3.1 speaks draft 2020-12, AsyncAPI 3 draft 7. */
export function createSchemaWriter(target: 'draft-2020-12' | 'draft-7'): SchemaWriter {
  const shared: Json = {};
  const definitions = target === 'draft-7' ? 'definitions' : '$defs';
  return {
    shared,
    write(schema) {
      // `input`: a client must let pass what a later server adds, so that nothing is closed by `additionalProperties`.
      const json = z.toJSONSchema(schema, { target, io: 'input', metadata: NAMES });
      const { $schema: _, id: __, [definitions]: found = {}, ...rest } = json as Json;
      for (const [name, definition] of Object.entries(found as Record<string, Json>)) {
        const { id: ___, ...body } = definition;
        shared[name] = relocated(body, definitions);
      }
      return relocated(rest, definitions) as Json;
    },
  };
}

/** References into a schema's own definitions become references into the document's components. */
function relocated(json: unknown, definitions: string): unknown {
  if (Array.isArray(json)) return json.map((item: unknown) => relocated(item, definitions));
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).map(([key, value]): [string, unknown] => {
    if (key !== '$ref' || typeof value !== 'string') return [key, relocated(value, definitions)];
    return [key, value.replace(`#/${definitions}/`, '#/components/schemas/')];
  });
  return Object.fromEntries(entries);
}
