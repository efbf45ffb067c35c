/**
 * Encryption of texts with the operator's keys: AES-256-GCM, a random nonce of 96 bits each (NIST SP 800-38D: good for
 * 2^32 texts a key), bound to the place where the text is kept, so that none can be put in another's place. A sealed text
 * names its key; a text that is not sealed, from before there was a key, is read as it is.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KukuError } from '../errors.ts';

export interface SealingKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

export interface Sealing {
  /** The id of the key that seals. */
  readonly keyId: string;
  seal(text: string, place: string): string;
  /** Throws `sealing_key_missing`, or `sealed_text_broken` when it was changed or belongs elsewhere. */
  open(text: string, place: string): string;
}

/** Out of the private use area: nothing that is said begins with it. */
export const SEALED = '\uE000kuku1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function createSealing(keys: readonly [SealingKey, ...SealingKey[]]): Sealing {
  const [current] = keys;
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  const prefix = `${SEALED}${current.id}.`;
  return {
    keyId: current.id,
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return prefix + sealed.toString('base64url');
    },
    open(text, place) {
      if (!text.startsWith(SEALED)) return text;
      const [id = '', body = ''] = text.slice(SEALED.length).split('.');
      const key = byId.get(id);
      if (!key)
        throw broken('sealing_key_missing', `A text is sealed with the key "${id}", which is not in ENCRYPTION_KEYS.`);
      const bytes = Buffer.from(body, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
        const opened = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
        return Buffer.concat(opened).toString('utf8');
      } catch (error) {
        throw broken(
          'sealed_text_broken',
          'A sealed text can’t be opened: its key is another, or it was changed.',
          error,
        );
      }
    },
  };
}

/** The id of the key that a text is sealed with; undefined: it is not sealed. */
export function keyOf(text: string): string | undefined {
  return text.startsWith(SEALED) ? text.slice(SEALED.length).split('.')[0] : undefined;
}

function broken(code: string, message: string, cause?: unknown): KukuError {
  return new KukuError(message, { code, status: 500, ...(cause !== undefined && { cause }) });
}
