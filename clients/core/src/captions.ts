import type { ServerMessage } from '../../../protocol/messages.ts';
import type { Caption } from './events.ts';

/** Turns transcripts into captions: an utterance is replaced as it grows, the coach's sentences are joined to a turn. */
export function createCaptions(): (message: ServerMessage) => Caption | undefined {
  const sentences = new Map<number, string[]>();
  return (message) => {
    if (message.type === 'transcript.user') {
      const { utterance, text, final, id } = message;
      return { id: `u${utterance}`, sender: 'user', text, final, commandId: id };
    }
    if (message.type === 'transcript.coach') {
      const said = sentences.get(message.turn) ?? [];
      sentences.set(message.turn, said);
      said.push(message.text);
      return { id: `t${message.turn}`, sender: 'ai', text: said.join(' '), final: false };
    }
    if (message.type === 'turn.done') {
      sentences.delete(message.turn);
      return { id: `t${message.turn}`, sender: 'ai', text: message.spokenText, final: true, status: message.status };
    }
    return undefined;
  };
}
