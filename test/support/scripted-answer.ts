/** What the scripted coach says: a greeting to nothing, else two sentences, in which a test finds again what they answer. */
export function scriptedAnswer(text: string): string {
  return text === '' ? 'Hello, what brings you here?' : scriptedSentences(text).join(' ');
}

export function scriptedSentences(text: string): [string, string] {
  return [`You have just said the words ${text} to me.`, `What comes to your mind after the words ${text} today?`];
}
