/** What a variable may be: the kinds of values, each with how it is read and how it is said to an operator. */
import { z } from 'zod';

export interface Variable<T = unknown> {
  /** One line for an operator. */
  means: string;
  /** Completes "accepted: …". */
  accepts: string;
  /** From the text in the environment to the value. */
  schema: z.ZodType<T, string>;
  /** The text that holds when the variable is unset, read by the same schema. */
  fallback?: string;
  /** What holds when there is no `fallback`, in words. */
  otherwise?: string;
  /** Never shown, not even when it is wrong. */
  secret?: true;
}

type Described = Pick<Variable, 'means' | 'otherwise' | 'secret'>;

export const DAY_SECONDS = 86_400;

export function text(described: Described): Variable<string> {
  return { accepts: 'any text', schema: z.string(), ...described };
}

function numeric(pattern: RegExp, min: number, max: number): z.ZodType<number, string> {
  return z.string().regex(pattern).transform(Number).pipe(z.number().min(min).max(max));
}

export function decimal(min: number, max: number): z.ZodType<number, string> {
  return numeric(/^\d+(\.\d+)?$/, min, max);
}

export function whole(fallback: number, means: string, min = 0, max = 1_000_000) {
  const accepts = `a whole number from ${min} to ${max}`;
  return { means, accepts, schema: numeric(/^\d+$/, min, max), fallback: String(fallback) };
}

/** Seconds in the environment, because people write them; milliseconds in the program. */
export function seconds(fallback: number, means: string, min = 0.1) {
  const schema = decimal(min, DAY_SECONDS).transform(toMs);
  const accepts = `a number of seconds from ${min} to ${DAY_SECONDS}`;
  return { means, accepts, schema, fallback: String(fallback) };
}

export function money(means: string, otherwise: string): Variable<number> {
  return { means, accepts: 'a number from 0 to 1000000', schema: decimal(0, 1_000_000), otherwise };
}

export function toMs(fromSeconds: number): number {
  return Math.round(fromSeconds * 1000);
}

export function choice<const T extends string>(means: string, values: readonly T[]) {
  return { means, accepts: values.join(', '), schema: z.string().pipe(z.enum(values)) };
}

export function url(protocols: readonly string[], described: Described): Variable<string> {
  const starts = protocols.map((protocol) => `${protocol}://…`).join(' or ');
  const accepted = new Set(protocols.map((protocol) => `${protocol}:`));
  const schema = z
    .string()
    .refine((given) => URL.canParse(given) && accepted.has(new URL(given).protocol) && new URL(given).host !== '')
    .transform((given) => given.replace(/\/+$/, ''));
  return { accepts: `a URL that starts with ${starts}`, schema, ...described };
}

/** A comma-separated list; spaces around its parts don't count. */
export function list<T>(part: z.ZodType<T, string>): z.ZodType<T[], string> {
  return z
    .string()
    .transform((given) => given.split(',').map((item) => item.trim()))
    .pipe(z.array(part).min(1));
}

export function providers<const T extends string>(need: string, values: readonly T[]) {
  const ordered = list(z.string().pipe(z.enum(values))).refine((named) => new Set(named).size === named.length);
  return {
    means: `Who does ${need}, in the order of fallback; \`auto\` takes what has a key, then what is embedded.`,
    accepts: `auto, or a comma-separated order of ${values.join(', ')}, each at most once`,
    schema: z.union([z.literal('auto'), ordered]),
    fallback: 'auto',
  };
}

export const origin = z.string().refine((given) => URL.canParse(given) && new URL(given).origin === given);

/** What Fastify's `trustProxy` takes. */
export const network = z.union([
  z.enum(['loopback', 'linklocal', 'uniquelocal']),
  z.ipv4(),
  z.ipv6(),
  z.cidrv4(),
  z.cidrv6(),
]);

/** `id:base64`, 32 bytes. */
export const sealingKey = z
  .string()
  .regex(/^[\w-]{1,32}:[A-Za-z0-9+/]{43}=?$/)
  .transform((given) => {
    const [id = '', key = ''] = given.split(':');
    return { id, key: Buffer.from(key, 'base64') };
  });
