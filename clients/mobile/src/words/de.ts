import type { AppWords } from './en.ts';

export const app: AppWords = {
  welcome: {
    lead: 'Sprich mit einem Coach, der zuhört, fragt und dir hilft, deinen nächsten Schritt selbst zu finden. Er ist eine KI, kein Therapeut, und spricht Englisch.',
    server: 'Der Server deines Coachs',
    serverHint: 'Seine Adresse, etwa https://coach.example.org',
    connect: 'Verbinden',
    unreachable: 'Unter dieser Adresse ist kein Coach. Stimmt sie, und bist du online?',
    guest: 'Als Gast weitermachen',
    guestHint: 'Nichts zu merken. Deine Gespräche bleiben bei diesem Gerät.',
    account: 'Mit Konto anmelden',
    accountHint: 'Deine Gespräche auf allen deinen Geräten.',
    noAccounts: 'Dieser Server hat keine Konten: Alle sind Gäste.',
    mustSignIn: 'Bei diesem Server muss man sich anmelden.',
    unsafe:
      'Im Browser gilt deine Anmeldung, solange dieser Tab offen ist; andere Skripte dieser Seite könnten sie lesen.',
  },
  sign: {
    in: 'Anmelden',
    up: 'Konto anlegen',
    email: 'E-Mail',
    password: 'Passwort',
    refused: 'E-Mail und Passwort gehören nicht zusammen.',
    failed: 'Das hat nicht geklappt. Bitte versuch es noch einmal.',
    toUp: 'Ich habe noch kein Konto',
    toIn: 'Ich habe ein Konto',
    out: 'Abmelden',
    as: (email) => `Angemeldet als ${email}`,
    asGuest: 'Du bist hier Gast.',
  },
  consent: {
    declined: 'Ohne dein Einverständnis gibt es kein Gespräch. Der Text kommt wieder, wenn du eines beginnst.',
  },
  mic: {
    refusedHelp: 'Zum Sprechen erlaube es in den Einstellungen deines Telefons.',
    ask: 'Dein Telefon fragt gleich nach dem Mikrofon, damit der Coach dich hört. Es ist nur an, solange du hier sprichst.',
    asking: 'Bitte beantworte die Frage deines Telefons nach dem Mikrofon',
    openSettings: 'Einstellungen des Telefons öffnen',
  },
  recap: {
    remind: 'Erinnere mich',
    reminded: (when) => `Du wirst erinnert am ${when}`,
    reminderTitle: 'Das wolltest du tun',
    channel: 'Erinnerungen an das, was du tun willst',
    notAllowed: 'Mitteilungen sind für diese App aus. In den Einstellungen des Telefons kannst du sie erlauben.',
    share: 'Teilen',
    notKept:
      'Das war ein privates Gespräch: Die Zusammenfassung gibt es nur hier. Teile sie, wenn du sie behalten willst.',
  },
  settings: {
    voice: 'Der Coach spricht',
    voiceHint: 'Aus: Du liest, was er sagt, und brauchst viel weniger Daten.',
    saveData: 'Daten sparen',
    saveDataHint: 'Ton mit 16 kHz in beide Richtungen. Auf dem Telefon ist es immer so.',
    server: 'Server',
    change: 'Ändern',
    traffic: (up, down) => `${up} kbit/s hinauf, ${down} kbit/s herunter`,
    total: (megabytes) => `${megabytes} MB in diesem Gespräch`,
    lowPower: 'Dein Telefon spart Strom: Bilder stehen still.',
    nextSession: 'Gilt ab dem nächsten Gespräch.',
  },
  network: {
    cellular: 'Mobile Daten',
  },
  linkGone: 'Dieses Gespräch lässt sich hier nicht öffnen.',
};
