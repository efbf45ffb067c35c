/** The button that leads to the account, and its dialog: to sign in or up; then, where one is signed in. */
import { useId, useState } from 'preact/hooks';
import styles from '../styles/account.css?inline';
import { privacyWords } from '../words/privacy.ts';
import { accountOf, type Account } from './account.ts';
import { Dialog } from './dialog.tsx';
import type { Model } from './model.ts';

/** Shown where one can have an account here; a page that brings a token of its own has its own ways. */
export function AccountButton({ model }: { model: Model }) {
  model.adopt(styles);
  const account = accountOf(model);
  const me = account.me.value;
  if (!me?.accounts || model.attributes.value.token !== undefined) return null;
  const words = account.words();
  return (
    <button type="button" class="tool account-button" onClick={() => (model.dialog.value = 'account')}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM5 20a7 7 0 0 1 14 0" />
      </svg>
      <span>{me.user ? words.account : words.signIn}</span>
    </button>
  );
}

export function AccountDialog({ model }: { model: Model }) {
  model.adopt(styles);
  const account = accountOf(model);
  const me = account.me.value;
  const [wantsNew, setWantsNew] = useState(false);
  // Not known yet, or there is nothing to sign in to here.
  if (!me?.accounts) return null;
  const words = account.words();
  const close = () => {
    account.forgetProblem();
    model.dialog.value = undefined;
  };
  const title = me.user ? words.account : wantsNew ? words.signUp : words.signIn;
  return (
    <Dialog title={title} class="account" onCancel={close}>
      {me.user ? (
        <SignedIn account={account} user={me.user} lang={model.lang.value} />
      ) : (
        <SignedOut account={account} isNew={wantsNew} guests={me.guests} onSwitch={setWantsNew} />
      )}
      <Problem account={account} />
      <div class="choices">
        <button type="button" class="quiet" onClick={close}>
          {model.words.value.close}
        </button>
        {me.user && (
          <button type="button" class="quiet" onClick={() => (model.dialog.value = 'data')}>
            {privacyWords(model.lang.value).mine}
          </button>
        )}
        {me.user && (
          <button type="button" class="quiet" disabled={account.isBusy.value} onClick={account.signOut}>
            {words.signOut}
          </button>
        )}
      </div>
    </Dialog>
  );
}

function Problem({ account }: { account: Account }) {
  const { problem, isChanged } = account;
  const words = account.words();
  return (
    <p role="status" class={problem.value ? 'problem' : ''}>
      {problem.value ? words.problems[problem.value] : isChanged.value ? words.changed : ''}
    </p>
  );
}

interface SignedOutProps {
  account: Account;
  isNew: boolean;
  guests: boolean;
  onSwitch: (isNew: boolean) => void;
}

function SignedOut({ account, isNew, guests, onSwitch }: SignedOutProps) {
  const words = account.words();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  return (
    <>
      {!guests && <p>{words.required}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void (isNew ? account.signUp : account.signIn)(email, password);
        }}
      >
        <label>
          {words.email}
          <input
            type="email"
            name="email"
            autocomplete="username"
            required
            autofocus
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <Secret
          account={account}
          label={words.password}
          autocomplete={isNew ? 'new-password' : 'current-password'}
          rule={isNew ? words.rule : undefined}
          onInput={setPassword}
        />
        {isNew && guests && <p class="rule">{words.keep}</p>}
        <button type="submit" class="primary" disabled={account.isBusy.value}>
          {isNew ? words.signUp : words.signIn}
        </button>
      </form>
      <button
        type="button"
        class="switch-mode"
        onClick={() => {
          account.forgetProblem();
          onSwitch(!isNew);
        }}
      >
        {isNew ? words.toSignIn : words.toSignUp}
      </button>
    </>
  );
}

interface SecretProps {
  account: Account;
  label: string;
  autocomplete: 'new-password' | 'current-password';
  rule?: string | undefined;
  onInput: (value: string) => void;
}

/** A password that can be looked at while it is typed, pasted, and kept by the browser. */
function Secret({ account, label, autocomplete, rule, onInput }: SecretProps) {
  const [isShown, setShown] = useState(false);
  const id = useId();
  const words = account.words();
  const field = {
    id,
    name: autocomplete,
    autocomplete,
    required: true,
    maxLength: 128,
    onInput: (event: { currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
    ...(rule === undefined ? {} : { 'aria-describedby': `${id}-rule` }),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="secret">
        {isShown ? <input type="text" {...field} /> : <input type="password" {...field} />}
        <button type="button" class="quiet small" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? words.hide : words.show}
        </button>
      </span>
      {rule !== undefined && (
        <span id={`${id}-rule`} class="rule">
          {rule}
        </span>
      )}
    </div>
  );
}

function SignedIn({
  account,
  user,
  lang,
}: {
  account: Account;
  user: { id: string; email: string | null };
  lang: string;
}) {
  const words = account.words();
  const date = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
  const { value: signIns } = account.signIns;
  return (
    <>
      <p class="person">
        {words.signedInAs} <strong>{user.email}</strong>
        <small>
          {words.id}: {user.id}
        </small>
      </p>
      <h3>{words.signIns}</h3>
      <ul class="sign-ins">
        {signIns.map(({ id, createdAt, userAgent, current }) => (
          <li key={id}>
            <span>
              {deviceOf(userAgent) ?? words.unknownDevice}
              {current && ` (${words.here})`}
              <small>{words.since(date.format(new Date(createdAt)))}</small>
            </span>
            {!current && (
              <button type="button" class="quiet small" disabled={account.isBusy.value} onClick={() => account.end(id)}>
                {words.end}
              </button>
            )}
          </li>
        ))}
      </ul>
      {signIns.length > 1 && (
        <button type="button" class="quiet small" disabled={account.isBusy.value} onClick={account.endOthers}>
          {words.endOthers}
        </button>
      )}
      <ChangePassword account={account} email={user.email ?? ''} />
    </>
  );
}

function ChangePassword({ account, email }: { account: Account; email: string }) {
  const words = account.words();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  return (
    <details>
      <summary>{words.change}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void account.change(current, next);
        }}
      >
        {/* Whose password it is, for the browser that keeps it. */}
        <input type="email" name="email" autocomplete="username" value={email} hidden readonly />
        <Secret account={account} label={words.current} autocomplete="current-password" onInput={setCurrent} />
        <Secret account={account} label={words.next} autocomplete="new-password" rule={words.rule} onInput={setNext} />
        <button type="submit" class="primary" disabled={account.isBusy.value}>
          {words.change}
        </button>
      </form>
    </details>
  );
}

/** As much as a person knows their devices by: "Firefox, Linux". */
function deviceOf(userAgent: string | null): string | undefined {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari|kuku-cli|node)\b/.exec(userAgent ?? '')?.[1];
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux|CrOS)/.exec(userAgent ?? '')?.[1];
  const names = [browser?.replace('Edg', 'Edge').replace('OPR', 'Opera'), system].filter((name) => name !== undefined);
  return names.length > 0 ? names.join(', ') : userAgent?.slice(0, 60) || undefined;
}
