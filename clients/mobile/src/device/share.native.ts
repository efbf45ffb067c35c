import { Share } from 'react-native';

/** Hands a text to whatever the person chooses. */
export async function shareText(text: string): Promise<void> {
  await Share.share({ message: text });
}
