/** What each message of a client brings about. */
import type { ClientMessage } from '../../protocol/messages.ts';
import type { ConversationEvent } from './conversation.ts';
import type { LifecycleEffect } from './lifecycle.ts';
import type { Person } from './person.ts';
import type { Connection } from './services.ts';
import type { LifecycleInput } from './steering.ts';
import type { Troubles } from './troubles.ts';
import type { Turns } from './turns.ts';

export interface CommandsOptions {
  connection: Connection;
  person: Person;
  turns: Turns;
  troubles: Troubles;
  notify(event: ConversationEvent): void;
  /** Changes the session's time; `then` is told what followed. */
  steer(inputs: readonly LifecycleInput[], then?: (effects: LifecycleEffect[]) => void): void;
}

export function createReceive(options: CommandsOptions): (message: ClientMessage) => void {
  const { connection, person, turns, troubles, notify, steer } = options;
  return (message) => {
    switch (message.type) {
      case 'ping':
        return connection.send({ type: 'pong', t: message.t });
      case 'input.mute':
        return person.mute(message.muted);
      case 'input.start':
        return person.hold(true);
      case 'input.end':
        return person.hold(false);
      case 'text':
        return void person
          .typed(message.id, message.text, 'socket')
          .catch((error: unknown) => troubles.refused(error, message.id));
      case 'record.set':
        return person.setRecord(message.on);
      case 'turn.cancel':
        return notify({ type: 'cancel', turn: message.turn });
      case 'playback':
        return turns.report(message.turn, message.playedMs, message.state === 'ended');
      case 'playback.cleared':
        return turns.cleared(message.turn, message.playedMs);
      case 'ack':
        return;
      case 'voice.choose':
        return turns.chooseVoice(message.voice);
      case 'wrap_up.request':
        return steer([{ type: 'wrapUp.requested', proposalId: message.id }]);
      case 'wrap_up.answer': {
        const { proposalId, accept } = message;
        const input = { type: 'wrapUp.answered', proposalId, answer: accept ? 'yes' : 'no' } as const;
        return steer([input], (effects) => troubles.answered(effects, message));
      }
      case 'hello':
        return connection.close('brokenProtocol');
    }
  };
}
