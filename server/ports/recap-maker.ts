import type { Recap } from '../../protocol/messages.ts';
import type { CoachNotes, ConversationEntry } from './language-model.ts';
import type { OnUsage } from './usage.ts';

/** What stays of a session: shown, spoken and stored at its end. */
export interface RecapMaker {
  /** Always makes one, within a deadline of its own. Rejects with the signal's reason and with nothing else. */
  make(
    session: { conversation: readonly ConversationEntry[]; notes: CoachNotes },
    options: { signal: AbortSignal; onUsage?: OnUsage },
  ): Promise<Recap>;
}
