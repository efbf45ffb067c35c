import type { Follower } from './progress.ts';
import type { VirtualAudio } from './virtual-audio.ts';

export interface NamedClip {
  name: string;
  /** At the microphone's rate. */
  pcm: Int16Array;
}

export interface ScriptOptions {
  clips: readonly NamedClip[];
  audio: Pick<VirtualAudio, 'say'>;
  follower: Follower;
  /** A new session: the coach greets first. */
  greeted: boolean;
  bargeInMs: number | undefined;
  waitMs: number;
  /** Silence around each clip; 0 for none. */
  pauseMs: number;
  onClip: (name: string) => void;
  /** The last speech of a clip is out. */
  onSaid: () => void;
  onUnanswered: (name: string) => void;
}

const SETTLED_MS = 300;
/** −46 dB: below, the end of a clip counts as silence. */
const SILENCE = 164;

/** Speaks the clips one after the other. Resolves with how many were not answered; stops early when the coach is over. */
export async function speakClips(options: ScriptOptions): Promise<number> {
  const { clips, audio, follower, bargeInMs, waitMs, pauseMs } = options;
  const settledMs = Math.max(SETTLED_MS, pauseMs);
  let unanswered = 0;
  let turns = 0;
  await follower.until(({ live }) => live);
  // Without a greeting (an old session, a coach that fails) the first clip does not wait for ever.
  if (options.greeted && bargeInMs === undefined) await follower.answered(0, { waitMs, settledMs });
  if (options.greeted && bargeInMs !== undefined) await untilHeard(follower, 0, { waitMs, bargeInMs });
  if (!follower.now.over && !follower.now.listens) {
    for (const { name } of clips) options.onUnanswered(name);
    return clips.length;
  }
  for (const [i, { name, pcm }] of clips.entries()) {
    if (follower.now.over) return unanswered + clips.length - i;
    options.onClip(name);
    const speechSamples = speechEnd(pcm);
    const tail = pcm.subarray(speechSamples);
    try {
      await audio.say(pcm.subarray(0, speechSamples));
      turns = follower.now.turnsStarted;
      options.onSaid();
      if (tail.length > 0 && pauseMs > 0) await audio.say(tail);
    } catch (error) {
      // The microphone is closed when the session ends in the middle of a clip.
      if (follower.now.over) return unanswered + clips.length - i;
      throw error;
    }
    const last = i === clips.length - 1;
    const answered =
      bargeInMs === undefined || last
        ? await follower.answered(turns, { waitMs, settledMs })
        : await untilHeard(follower, turns, { waitMs, bargeInMs });
    if (answered) continue;
    unanswered += 1;
    options.onUnanswered(name);
  }
  return unanswered;
}

async function untilHeard(
  follower: Follower,
  turns: number,
  { waitMs, bargeInMs }: { waitMs: number; bargeInMs: number },
): Promise<boolean> {
  const heard = await follower.until(({ turnsHeard }) => turnsHeard > turns, waitMs);
  if (heard) await follower.sleep(bargeInMs);
  return heard;
}

/** Where the speech of a clip ends, in samples: what follows is silence. All of a clip that is nothing but silence. */
export function speechEnd(pcm: Int16Array): number {
  const end = pcm.findLastIndex((sample) => Math.abs(sample) > SILENCE) + 1;
  return end === 0 ? pcm.length : end;
}
