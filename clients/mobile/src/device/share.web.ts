export async function shareText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
