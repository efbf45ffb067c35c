import type { ClientMessage, ServerMessage, SessionView } from '../../../protocol/messages.ts';

export type Command = Extract<ClientMessage, { type: 'text' | 'wrap_up.request' | 'wrap_up.answer' | 'record.set' }>;

/** Commands that wait for their effect; more than a person makes in an outage. */
const MAX_PENDING = 20;

/**
 * Commands whose effect was not seen yet. They are sent again after a reconnect: an id has its effect once.
 */
export interface Commands {
  /** False when too many wait already. */
  add(command: Command): boolean;
  settle(message: ServerMessage): void;
  pending(): Iterable<Command>;
}

export function createCommands(): Commands {
  const waiting = new Map<string, Command>();
  const settleByView = (view: SessionView) => {
    for (const [id, command] of waiting) {
      if (command.type === 'record.set' && command.on === !view.offRecord) waiting.delete(id);
      if (command.type === 'wrap_up.request' && view.phase !== 'active') waiting.delete(id);
      if (command.type === 'wrap_up.answer' && view.wrapUp?.proposalId !== command.proposalId) waiting.delete(id);
    }
  };
  return {
    add(command) {
      if (waiting.size >= MAX_PENDING) return false;
      waiting.set(command.id, command);
      return true;
    },
    settle(message) {
      if (message.type === 'transcript.user' && message.id) waiting.delete(message.id);
      if (message.type === 'error' && message.ref) waiting.delete(message.ref);
      if (message.type === 'session.state') settleByView(message);
      if (message.type === 'ready' || message.type === 'resumed') settleByView(message.session);
    },
    pending: () => waiting.values(),
  };
}
