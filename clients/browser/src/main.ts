/** The web page: a welcome, a conversation, what came of it. */
import { startConversation, type Conversation } from './conversation.ts';
import { byId, onPress } from './dom.ts';
import { createTalkView } from './talk-view.ts';

const welcome = byId('welcome', HTMLElement);
const talk = byId('conversation', HTMLElement);
const dock = byId('dock', HTMLElement);
const again = byId('again', HTMLButtonElement);
const recapTitle = byId('recap-title', HTMLElement);
const say = byId('say', HTMLTextAreaElement);

let conversation: Conversation | undefined;
const view = createTalkView({
  answerWrapUp: (yes) => conversation?.answerWrapUp(yes),
  leave: () => conversation?.leave(),
});

function start(microphone: boolean): void {
  view.reset();
  welcome.hidden = again.hidden = true;
  talk.hidden = dock.hidden = false;
  conversation = startConversation({ view, microphone, onOver });
  (microphone ? talk : say).focus();
}

function onOver(): void {
  conversation = undefined;
  view.wrapUp.hide();
  dock.hidden = true;
  again.hidden = false;
  const { hidden } = byId('recap', HTMLElement);
  (hidden ? again : recapTitle).focus();
}

function send(): void {
  if (conversation?.say(say.value)) say.value = '';
  say.focus();
}

onPress('start', () => start(true));
onPress('start-typing', () => start(false));
onPress('again', () => {
  view.reset();
  talk.hidden = again.hidden = true;
  welcome.hidden = false;
  byId('start', HTMLButtonElement).focus();
});
onPress('mute', () => conversation?.toggleMute());
onPress('interrupt', () => conversation?.interrupt());
onPress('end', () => conversation?.end());
byId('say-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});
say.addEventListener('keydown', (event) => {
  // While a word is composed (Japanese, Chinese), Enter belongs to the composition.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLTextAreaElement;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.toLowerCase() === 'm') conversation?.toggleMute();
  if (event.key === 'Escape') conversation?.interrupt();
});
