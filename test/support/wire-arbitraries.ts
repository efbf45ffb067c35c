/** Arbitrary values for the wire, derived from the schemas themselves: what is new there needs no arbitrary of its own. */
import * as fc from 'fast-check';
import { z } from 'zod';

export interface JsonSchema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly JsonSchema[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

export interface WalkOptions {
  /** What `$ref` refers to, by the last part of its path. */
  shared?: Readonly<Record<string, JsonSchema>>;
  /** What a schema can't say of a property by this name: texts that mean something to the server. */
  meaningful?: Readonly<Record<string, fc.Arbitrary<unknown>>>;
}

/** Values that `schema` accepts, as JSON can carry them. Throws on a kind of schema it does not know. */
export function arbitraryOf<T>(schema: z.ZodType<T>, options: WalkOptions = {}): fc.Arbitrary<T> {
  return fromJsonSchema(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, options) as fc.Arbitrary<T>;
}

export function fromJsonSchema(schema: JsonSchema, options: WalkOptions = {}): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fromJsonSchema(referred(schema.$ref, options), options);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => fromJsonSchema(each, options)));
  switch (schema.type) {
    case 'object':
      return objectOf(schema, options);
    case 'array':
      if (!schema.items) break;
      return fc.array(fromJsonSchema(schema.items, options), { maxLength: 4 });
    case 'string':
      return schema.pattern === undefined ? text(schema) : fc.stringMatching(new RegExp(schema.pattern));
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -(2 ** 31), max: schema.maximum ?? 2 ** 31 - 1 });
    case 'number':
      return decimal(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
    default:
      break;
  }
  throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
}

function referred(ref: string, { shared = {} }: WalkOptions): JsonSchema {
  const found = shared[ref.slice(ref.lastIndexOf('/') + 1)];
  if (!found) throw new Error(`no schema ${ref}`);
  return found;
}

function objectOf({ properties = {}, required = [] }: JsonSchema, options: WalkOptions): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, field]) => {
    const known = options.meaningful?.[name];
    const any = fromJsonSchema(field, options);
    return [name, known ? fc.oneof(known, any) : any] as const;
  });
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required], noNullPrototype: true });
}

/** Any UTF-16, lone surrogates included. */
function text({ minLength = 0, maxLength = 60 }: JsonSchema): fc.Arbitrary<string> {
  const unit = fc.oneof(
    { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
  );
  const most = Math.min(maxLength, 60);
  // A grapheme may have several UTF-16 units, which is what the schema counts.
  return fc.array(unit, { minLength, maxLength: most }).map((units) => units.join('').slice(0, most));
}

function decimal({ minimum, maximum }: JsonSchema): fc.Arbitrary<number> {
  const range = {
    ...(minimum === undefined ? {} : { min: minimum }),
    ...(maximum === undefined ? {} : { max: maximum }),
  };
  // JSON has no −0: it is written as 0.
  return fc.double({ noNaN: true, noDefaultInfinity: true, ...range }).map((value) => (value === 0 ? 0 : value));
}
