import type { SessionTimer } from '../../core/src/index.ts';
import { createCaptionsView } from './captions-view.ts';
import { byId, showText } from './dom.ts';
import { createLatencyView, createRecapView, createTimerView } from './session-view.ts';
import { endingOf, statusOf, timeLeftWords, type Facts } from './words.ts';
import { createWrapUpView } from './wrap-up-view.ts';

export type TalkView = ReturnType<typeof createTalkView>;

/** Quietest and loudest level on the meter, in dB below full scale: a quiet room, and speech close by. */
const METER_DB = { from: -55, to: -12 };

/** All that is on the page during a conversation. */
export function createTalkView(actions: { answerWrapUp: (yes: boolean) => void; leave: () => void }) {
  const dock = byId('dock', HTMLElement);
  const status = byId('status', HTMLElement);
  const banner = byId('banner', HTMLElement);
  const mute = byId('mute', HTMLButtonElement);
  const interrupt = byId('interrupt', HTMLButtonElement);
  const captions = createCaptionsView();
  const timer = createTimerView();
  const recap = createRecapView();
  const latency = createLatencyView();
  const wrapUp = createWrapUpView(actions.answerWrapUp, actions.leave);
  const level = createLevel();
  const notice = createNotice();

  return {
    captions,
    recap,
    latency,
    wrapUp,
    level,
    timer(now: SessionTimer) {
      timer.show(now);
      if (now.warning) notice(timeLeftWords(now.remainingMs));
    },
    notice,
    facts(facts: Facts) {
      const { state, speaking, muted, session } = facts;
      showText(status, statusOf(facts));
      dock.dataset['speaking'] = speaking.coach ? 'coach' : speaking.user ? 'you' : 'nobody';
      mute.hidden = session?.listens !== true;
      mute.ariaPressed = String(muted);
      interrupt.hidden = !speaking.coach;
      level.off(muted || session?.listens !== true);
      showText(banner, state.name === 'reconnecting' ? 'The connection was lost. Reconnecting…' : endingOf(state));
    },
    /** Everything as before the first conversation. */
    reset() {
      captions.clear();
      timer.clear();
      recap.hide();
      latency.clear();
      wrapUp.hide();
      notice(undefined);
      showText(banner, undefined);
    },
  };
}

const NOTICE_MS = 12_000;

/** One notice at a time: shown for a while, or with `stays` until the next one. */
function createNotice() {
  const element = byId('notice', HTMLElement);
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text: string | undefined, { stays = false } = {}): void => {
    clearTimeout(timer);
    showText(element, text);
    if (!stays) timer = setTimeout(() => showText(element, undefined), NOTICE_MS);
  };
}

/** The level meter, drawn once a frame at most; its value for screen readers changes five times a second. */
function createLevel() {
  const meter = byId('level', HTMLElement);
  let latest = 0;
  let drawing = false;
  let spokenAtMs = 0;
  const draw = (nowMs: number) => {
    drawing = false;
    meter.style.setProperty('--level', latest.toFixed(2));
    if (nowMs - spokenAtMs < 200) return;
    spokenAtMs = nowMs;
    meter.ariaValueNow = String(Math.round(latest * 100));
  };
  const show = (rms: number) => {
    const db = 20 * Math.log10(Math.max(rms, 1e-6));
    latest = Math.max(0, Math.min(1, (db - METER_DB.from) / (METER_DB.to - METER_DB.from)));
    if (!drawing) requestAnimationFrame(draw);
    drawing = true;
  };
  return Object.assign(show, { off: (off: boolean) => void meter.toggleAttribute('data-off', off) });
}
