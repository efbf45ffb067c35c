export { callsOf, type Call } from './calls.ts';
export { createConsent, type Agreed } from './consent.ts';
export {
  isGone,
  startConversation,
  type Conversation,
  type ConversationOptions,
  type MicrophoneProblem,
  type ScreenAudio,
  type ShownNotice,
} from './conversation.ts';
export { stillOpen } from './endings.ts';
export { failureOf, type Failure } from './failures.ts';
export { clockTime, dateTime, seconds } from './format.ts';
export { createHistory, type LookedAt } from './history.ts';
export { ICONS, type IconName } from './icons.ts';
export type { Line, Lines } from './lines.ts';
export { moodOf, shownLevel, type Mood, type Status } from './mood.ts';
export { noticeText, type NoticeWords } from './notices.ts';
export { approach, LAYERS, lookOf, outline, type Look } from './orb.ts';
export { recapMarkdown, type RecapWords } from './recap-markdown.ts';
export { createRecapOf, type Api } from './recap-of.ts';
export { STAGES } from './stages.ts';
export type { Asking } from './wrap-up.ts';
