/**
 * Encryption of texts and files with the operator's keys: AES-256-GCM, a random nonce of 96 bits each (NIST SP 800-38D:
 * good for 2^32 a key), bound to the place where it is kept, so that none can be put in another's place. What is sealed
 * names its key; what is not, from before there was a key, is read as it is.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KukuError } from '../errors.ts';

export interface SealingKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

/** Texts and bytes as they are kept, and back. */
export interface Sealer {
  seal(text: string, place: string): string;
  /** Throws `sealing_key_missing`, or `sealed_text_broken` when it was changed or belongs elsewhere. */
  open(text: string, place: string): string;
  sealBytes(bytes: Uint8Array, place: string): Buffer;
  /** Throws what `open` throws. */
  openBytes(bytes: Buffer, place: string): Buffer;
  /** Throws `sealing_key_missing`. */
  mustHave(keyId: string): void;
}

export interface Sealing extends Sealer {
  /** The id of the key that seals. */
  readonly keyId: string;
}

/** Out of the private use area: nothing that is said begins with it. */
export const SEALED = '\uE000kuku1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Without a key: everything is kept as it is, and what was sealed is refused rather than taken for what was said. */
export const unsealed: Sealer = {
  seal: (text) => text,
  open(text) {
    const id = keyOf(text);
    if (id !== undefined) throw keyMissing(id);
    return text;
  },
  sealBytes: (bytes) => Buffer.from(bytes),
  openBytes(bytes) {
    const header = readHeader(bytes);
    if (header) throw keyMissing(header.keyId);
    return bytes;
  },
  mustHave(keyId) {
    throw keyMissing(keyId);
  },
};

/** Undefined without a key. */
export function sealingWith(keys: readonly SealingKey[] = []): Sealing | undefined {
  const [first, ...rest] = keys;
  return first && createSealing([first, ...rest]);
}

export function createSealing(keys: readonly [SealingKey, ...SealingKey[]]): Sealing {
  const [current] = keys;
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  const prefix = `${SEALED}${current.id}.`;

  const encrypt = (plain: Uint8Array, place: string): Buffer => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(place));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const keyFor = (id: string) => {
    const key = byId.get(id);
    if (!key) throw keyMissing(id);
    return key;
  };
  const decrypt = (id: string, body: Buffer, place: string): Buffer => {
    const key = keyFor(id);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(place)).setAuthTag(body.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch (error) {
      throw notOpened('sealed_text_broken', `its key "${id}" is another, or it was changed`, error);
    }
  };

  return {
    keyId: current.id,
    seal: (text, place) => prefix + encrypt(Buffer.from(text), place).toString('base64url'),
    open(text, place) {
      if (!text.startsWith(SEALED)) return text;
      const [id = '', body = ''] = text.slice(SEALED.length).split('.');
      return decrypt(id, Buffer.from(body, 'base64url'), place).toString('utf8');
    },
    sealBytes: (bytes, place) => Buffer.concat([Buffer.from(prefix), encrypt(bytes, place)]),
    openBytes(bytes, place) {
      const header = readHeader(bytes);
      return header ? decrypt(header.keyId, bytes.subarray(header.length), place) : bytes;
    },
    mustHave: (keyId) => void keyFor(keyId),
  };
}

/** The id of the key that a text is sealed with; undefined: it is not sealed. */
export function keyOf(text: string): string | undefined {
  return text.startsWith(SEALED) ? text.slice(SEALED.length).split('.')[0] : undefined;
}

/** A sealed file tells of itself in so many bytes, at most. */
export const HEADER_BYTES = 64;

export interface SealedHeader {
  keyId: string;
  /** Bytes by which the sealed file is longer than what is in it. */
  overhead: number;
}

/** Of the beginning of a file; undefined: it is not sealed. */
export function sealedHeader(beginning: Buffer): SealedHeader | undefined {
  const header = readHeader(beginning);
  return header && { keyId: header.keyId, overhead: header.length + NONCE_BYTES + TAG_BYTES };
}

const MAGIC = Buffer.from(SEALED);

function readHeader(bytes: Buffer): { keyId: string; length: number } | undefined {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const end = bytes.subarray(0, HEADER_BYTES).indexOf('.', MAGIC.length);
  return end === -1 ? undefined : { keyId: bytes.toString('utf8', MAGIC.length, end), length: end + 1 };
}

function keyMissing(id: string): KukuError {
  return notOpened('sealing_key_missing', `it is sealed with the key "${id}", which is not in ENCRYPTION_KEYS`);
}

/** Why is the operator's to know: it stands in the cause. */
function notOpened(code: string, why: string, cause?: unknown): KukuError {
  return new KukuError('What is kept here can’t be opened.', { code, status: 500, cause: new Error(why, { cause }) });
}

/** Why something could not be opened, as `open` threw it. */
export function whyNotOpened({ message, cause }: KukuError): string {
  return cause instanceof Error ? cause.message : message;
}
