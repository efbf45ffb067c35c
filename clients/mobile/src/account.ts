/** The server that the person has chosen, and who they are to it. */
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { SignUpRequest } from '../../../protocol/accounts.ts';
import { getMe, signIn, signOut, signUp, type MeBody } from '../../core/src/account.ts';
import { RestError } from '../../core/src/rest.ts';
import type { Store } from './device/store-types.ts';

export type Refusal = 'refused' | 'failed';

export interface Account {
  /** Undefined before the server has said it. */
  readonly me: ReadonlySignal<MeBody | undefined>;
  /** The token for the present server; undefined for guests. */
  readonly token: ReadonlySignal<string | undefined>;
  /** Whether one may talk: as a guest, or signed in. Undefined as long as the server has not said. */
  readonly mayTalk: ReadonlySignal<boolean | undefined>;
  /** What is remembered of the last time. */
  restore(server: string): Promise<void>;
  /** Asks a server whom it lets in; a token that it does not take any more is forgotten. Throws a `RestError`. */
  look(server: string): Promise<MeBody>;
  /** Undefined when it went well. A new account is signed in at once. */
  enter(server: string, credentials: SignUpRequest, isNew: boolean): Promise<Refusal | undefined>;
  leave(server: string): Promise<void>;
}

const KEY = 'token';

/** A token is shown to the server that gave it, and to no other. */
interface Kept {
  server: string;
  token: string;
}

export function createAccount(store: Store): Account {
  const me = signal<MeBody | undefined>(undefined);
  const token = signal<string | undefined>(undefined);
  const forget = async () => {
    token.value = undefined;
    await store.remove(KEY);
  };
  const rest = () => ({ token: token.peek() ?? '' });
  const look = async (server: string): Promise<MeBody> => {
    try {
      return (me.value = await getMe(server, rest()));
    } catch (error) {
      const isStale = error instanceof RestError && error.status === 401 && token.peek() !== undefined;
      if (!isStale) throw error;
      await forget();
      return (me.value = await getMe(server));
    }
  };
  return {
    me,
    token,
    mayTalk: computed(() => (me.value === undefined ? undefined : me.value.guests || me.value.user !== null)),
    async restore(server) {
      const kept = readKept(await store.get(KEY).catch(() => undefined));
      token.value = kept?.server === server ? kept.token : undefined;
    },
    look,
    async enter(server, credentials, isNew) {
      try {
        if (isNew) await signUp(server, credentials);
        const { token: mine = '' } = await signIn(server, { ...credentials, token: true });
        token.value = mine;
        await store.set(KEY, JSON.stringify({ server, token: mine } satisfies Kept));
        await look(server);
        return undefined;
      } catch (error) {
        return error instanceof RestError && [400, 401, 403].includes(error.status) ? 'refused' : 'failed';
      }
    },
    async leave(server) {
      // Out of reach of the server, the token is at least gone from here.
      await signOut(server, rest()).catch(() => {});
      await forget();
      await look(server).catch(() => {});
    },
  };
}

function readKept(stored: string | undefined): Kept | undefined {
  try {
    const kept = JSON.parse(stored ?? 'null') as Partial<Kept> | null;
    return typeof kept?.server === 'string' && typeof kept.token === 'string' ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}
