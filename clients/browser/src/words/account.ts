/** The words of accounts in both languages: they come with the dialog, which few people open. */
const en = {
  signIn: 'Sign in',
  signUp: 'Create an account',
  account: 'Your account',
  email: 'Email',
  password: 'Password',
  current: 'Current password',
  next: 'New password',
  show: 'Show',
  hide: 'Hide',
  rule: 'At least 15 characters. A few words that only you would put together are best.',
  keep: 'What you have talked about in this browser as a guest goes into the account.',
  toSignUp: 'No account yet? Create one',
  toSignIn: 'You have an account? Sign in',
  required: 'Please sign in to talk. Your sessions are then yours alone, on every device.',
  signedInAs: 'Signed in as',
  id: 'Id',
  signOut: 'Sign out',
  change: 'Change password',
  changed: 'The password was changed, and you were signed out everywhere else.',
  signIns: 'Where you are signed in',
  here: 'here',
  since: (date: string) => `since ${date}`,
  end: 'Sign out there',
  endOthers: 'Sign out everywhere else',
  unknownDevice: 'Unknown device',
  problems: {
    wrong_credentials: 'The email address or the password is wrong.',
    taken:
      'You could not be signed in with this address and this password. If it is yours already, sign in with its own.',
    weak_password: 'This password is too short or too easy to guess.',
    too_many_attempts: 'Too many attempts. Please wait a quarter of an hour.',
    invalid_request: 'This is no email address.',
    other: 'That did not work. Please try again in a moment.',
  },
};

export type AccountWords = typeof en;

const de: AccountWords = {
  signIn: 'Anmelden',
  signUp: 'Konto anlegen',
  account: 'Dein Konto',
  email: 'E-Mail',
  password: 'Passwort',
  current: 'Bisheriges Passwort',
  next: 'Neues Passwort',
  show: 'Zeigen',
  hide: 'Verbergen',
  rule: 'Mindestens 15 Zeichen. Am besten ein paar Wörter, die nur du so zusammenstellen würdest.',
  keep: 'Was du in diesem Browser als Gast besprochen hast, kommt in das Konto.',
  toSignUp: 'Noch kein Konto? Leg eines an',
  toSignIn: 'Du hast ein Konto? Melde dich an',
  required: 'Bitte melde dich an, um zu sprechen. Deine Gespräche gehören dann dir allein, auf jedem Gerät.',
  signedInAs: 'Angemeldet als',
  id: 'Kennung',
  signOut: 'Abmelden',
  change: 'Passwort ändern',
  changed: 'Das Passwort ist geändert, und du bist überall sonst abgemeldet.',
  signIns: 'Wo du angemeldet bist',
  here: 'hier',
  since: (date) => `seit ${date}`,
  end: 'Dort abmelden',
  endOthers: 'Überall sonst abmelden',
  unknownDevice: 'Unbekanntes Gerät',
  problems: {
    wrong_credentials: 'Die E-Mail-Adresse oder das Passwort stimmt nicht.',
    taken:
      'Mit dieser Adresse und diesem Passwort konntest du nicht angemeldet werden. Gehört sie dir schon, melde dich mit ihrem Passwort an.',
    weak_password: 'Dieses Passwort ist zu kurz oder zu leicht zu erraten.',
    too_many_attempts: 'Zu viele Versuche. Bitte warte eine Viertelstunde.',
    invalid_request: 'Das ist keine E-Mail-Adresse.',
    other: 'Das hat nicht geklappt. Bitte versuch es gleich noch einmal.',
  },
};

/** English for languages that have none. */
export const accountWords = (lang: string): AccountWords => (lang === 'de' ? de : en);
