/** What the scripted coach says: two sentences, in which a test finds again what they answer. */
export function scriptedAnswer(text: string): string {
  return scriptedSentences(text).join(' ');
}

export function scriptedSentences(text: string): [string, string] {
  return [`You have just said the words ${text} to me.`, `What comes to your mind after the words ${text} today?`];
}
