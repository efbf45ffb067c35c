/** What a route says of itself, beside the route; the OpenAPI document is made of these. */
import type { z } from 'zod';

export interface RouteDoc {
  summary: string;
  tag: 'sessions' | 'messages' | 'me' | 'accounts' | 'socket' | 'audio' | 'server' | 'documents';
  query?: z.ZodObject;
  headers?: z.ZodObject;
  /** By content type. */
  bodies?: Readonly<Record<string, z.ZodType>>;
  /** Whether a request without a body is fine. */
  bodyOptional?: true;
  /** What comes as `data` in the envelope. */
  data?: z.ZodType;
  /** What comes without an envelope, by content type; undefined: text or bytes. */
  bare?: Readonly<Record<string, z.ZodType | undefined>>;
  /** Default 200. */
  status?: number;
  /** Other statuses than the refusals: what they say. */
  also?: Readonly<Record<number, string>>;
  /** Refusals, in the error envelope: status → when. */
  refusals?: Readonly<Record<number, string>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route has one, but for the page's files. */
    doc?: RouteDoc;
  }
}

/** Refusals that many routes share. */
export const UNKNOWN_SESSION = { 404: 'Session not found' } as const;
