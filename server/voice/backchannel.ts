/** "Mm-hm", "yeah", "right": sounds that say "go on", not "let me speak". */
const SOUNDS =
  /^(?:(?:m+-?h+m*|m{2,}|h+m+|uh-?huh|ah+|oh+|o+h? ?k(?:ay)?|yeah|yep|yes|right|sure|true|i see|got it|exactly|wow|nice)[\s,.!]*){1,3}$/i;

/** Whether what was said while the coach speaks is only a backchannel, so that the coach goes on. */
export function isBackchannel(text: string): boolean {
  return SOUNDS.test(text.trim());
}

/** Whether there is any word in it; a recogniser's empty or punctuation-only output has none. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
