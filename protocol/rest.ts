/** REST shapes. Envelope: `{success: true, data}` or `{success: false, error, code}` with the proper HTTP status. */
import { z } from 'zod';
import { Stage } from './messages.ts';

export const ErrorBody = z.object({ success: z.literal(false), error: z.string(), code: z.string() });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** What the socket needs: `new WebSocket(url, protocols)`. The ticket is used once and lives until `expiresAt`. */
export const SocketAccess = z.object({
  url: z.string(),
  protocols: z.array(z.string()),
  ticket: z.string(),
  expiresAt: z.iso.datetime(),
});
export type SocketAccess = z.infer<typeof SocketAccess>;

export const SessionBody = z.object({
  sessionId: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  status: z.enum(['active', 'ended']),
  messageCount: z.int(),
  awaitingWrapUpConfirmation: z.boolean(),
  stage: Stage,
  elapsedMs: z.number(),
  remainingMs: z.number(),
});
export type SessionBody = z.infer<typeof SessionBody>;

export const CreatedSessionBody = SessionBody.extend({ socket: SocketAccess });
export type CreatedSessionBody = z.infer<typeof CreatedSessionBody>;

export const TicketBody = z.object({ socket: SocketAccess });
export type TicketBody = z.infer<typeof TicketBody>;
