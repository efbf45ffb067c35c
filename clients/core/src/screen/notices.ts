import type { Notice } from '../events.ts';
import type { ShownNotice } from './conversation.ts';

/** Of a catalogue: what there is to say of notices. */
export interface NoticeWords {
  notices: Record<Exclude<Notice['code'], 'audio_route' | 'audio_back'>, string> & {
    audio_route: (device: string) => string;
  };
  minutesLeft: (minutes: number) => string;
  secondsLeft: (seconds: number) => string;
}

/** In the person's language where the meaning is known; else what the server said. */
export function noticeText(notice: ShownNotice, words: NoticeWords): string {
  const { notices } = words;
  if (notice.code === 'time_left') return timeLeft(notice.remainingMs, words);
  if (notice.code === 'audio_route') return notices.audio_route(notice.message);
  if (notice.code === 'error' || notice.code === 'audio_back') return notice.message;
  return notices[notice.code];
}

function timeLeft(remainingMs: number, words: NoticeWords): string {
  const minutes = Math.round(remainingMs / 60_000);
  return minutes < 1 ? words.secondsLeft(Math.ceil(remainingMs / 1000)) : words.minutesLeft(minutes);
}
