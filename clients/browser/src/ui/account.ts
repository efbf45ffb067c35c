/** Who one is at this server: signing up, in and out, where one is signed in. */
import { batch, effect, signal } from '@preact/signals';
import * as core from '../../../core/src/account.ts';
import { RestError } from '../../../core/src/rest.ts';
import { accountWords, type AccountWords } from '../words/account.ts';
import type { Model } from './model.ts';

export type Problem = keyof AccountWords['problems'];

export type Account = ReturnType<typeof createAccount>;

function createAccount(model: Model) {
  /** Undefined until the server has said. */
  const me = signal<core.MeBody | undefined>(undefined);
  const signIns = signal<core.SignInsBody['signIns']>([]);
  const problem = signal<Problem | undefined>(undefined);
  const isBusy = signal(false);
  const isChanged = signal(false);
  const url = () => model.server.value;

  /** One thing at a time; what is wrong is shown. */
  const attempt = async (work: () => Promise<void>, unlike: Partial<Record<string, Problem>> = {}) => {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = undefined;
    isChanged.value = false;
    try {
      await work();
    } catch (error) {
      problem.value = problemOf(error, unlike);
    } finally {
      isBusy.value = false;
    }
  };

  const look = async () => {
    const { rest } = model;
    me.value = await core.getMe(url(), rest());
    signIns.value = me.value.user?.email ? (await core.listSignIns(url(), rest())).signIns : [];
  };

  /** Somebody else sits here now: what was on the screen is the one's before. */
  const changedHands = async () => {
    await look();
    batch(() => {
      model.forgetOpen();
      model.home();
    });
  };

  // A history that belongs to an account is none before one is signed in.
  effect(() => {
    const mustSignIn = me.value?.user === null && !me.value.guests;
    if (mustSignIn && model.screen.value === 'history') model.dialog.value = 'account';
  });

  return {
    me,
    signIns,
    problem,
    isBusy,
    isChanged,
    words: () => accountWords(model.lang.value),
    /** What can't be found out is shown as if there were no accounts. */
    look: () => look().catch(() => undefined),
    signIn: (email: string, password: string) =>
      attempt(async () => {
        await core.signIn(url(), { email, password });
        await changedHands();
        model.dialog.value = undefined;
      }),
    signUp: (email: string, password: string) =>
      attempt(
        async () => {
          await core.signUp(url(), { email, password });
          await core.signIn(url(), { email, password });
          await changedHands();
          model.dialog.value = undefined;
        },
        { wrong_credentials: 'taken' },
      ),
    signOut: () =>
      attempt(async () => {
        await core.signOut(url());
        await changedHands();
        model.dialog.value = undefined;
      }),
    change: (current: string, next: string) =>
      attempt(async () => {
        await core.changePassword(url(), { current, next });
        await look();
        isChanged.value = true;
      }),
    end: (id: string) =>
      attempt(async () => {
        await core.endSignIn(url(), id);
        await look();
      }),
    endOthers: () =>
      attempt(async () => {
        await core.endOtherSignIns(url());
        await look();
      }),
    forgetProblem() {
      problem.value = undefined;
    },
  };
}

const KNOWN: ReadonlySet<string> = new Set<Problem>([
  'wrong_credentials',
  'weak_password',
  'too_many_attempts',
  'invalid_request',
]);

function problemOf(error: unknown, unlike: Partial<Record<string, Problem>>): Problem {
  const code = error instanceof RestError ? error.code : '';
  return unlike[code] ?? (KNOWN.has(code) ? (code as Problem) : 'other');
}

const accounts = new WeakMap<Model, Account>();

/** The same for the button and the dialog of one element. */
export function accountOf(model: Model): Account {
  const account = accounts.get(model) ?? createAccount(model);
  if (!accounts.has(model)) {
    accounts.set(model, account);
    void account.look();
  }
  return account;
}
