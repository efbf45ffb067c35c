/** What a person should know now: the line, the microphone, notices. */
import { useEffect, useState } from 'preact/hooks';
import { noticeText } from '../../../core/src/screen/notices.ts';
import type { Conversation } from './conversation.ts';
import type { Model } from './model.ts';

interface Props {
  model: Model;
  conversation: Conversation;
}

export function Banner({ model, conversation }: Props) {
  const online = useOnline();
  const { banner } = model.words.value;
  const { value: state } = conversation.state;
  if (state.name !== 'reconnecting' && online) return null;
  const attempt = state.name === 'reconnecting' ? state.attempt + 1 : 1;
  const lost = attempt > 1 ? banner.attempt(attempt) : banner.lost;
  return (
    <div class="banner away" part="banner" role="status">
      <span class="pulse" aria-hidden="true" />
      <p>{online ? lost : banner.offline}</p>
      {online && (
        <button type="button" class="quiet small" onClick={conversation.probe}>
          {banner.now}
        </button>
      )}
    </div>
  );
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  return online;
}

/** The microphone was refused, or is missing: what to do about it, and that typing works. */
export function MicProblem({ model, conversation }: Props) {
  const { mic } = model.words.value;
  const problem = conversation.micProblem.value;
  if (problem === undefined) return null;
  const help = problem === 'refused' ? ` ${mic.refusedHelp}` : '';
  const again = () => {
    const { sessionId, wishes } = conversation;
    model.start({ microphone: true, sessionId: sessionId.value, wishes });
  };
  return (
    <div class="banner warm" role="alert">
      <p>
        {mic[problem]}
        {help} {mic.still}
      </p>
      {problem !== 'insecure' && (
        <button type="button" class="quiet small" onClick={again}>
          {mic.retry}
        </button>
      )}
    </div>
  );
}

export function NoticeLine({ model, conversation }: Props) {
  const notice = conversation.notice.value;
  return (
    <p class="notice" role="status">
      {notice && noticeText(notice, model.words.value)}
    </p>
  );
}
