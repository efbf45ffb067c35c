/** The words of privacy in both languages: they come with the screens that few people open. */
const en = {
  privateSession: 'Private session',
  recapNotKept: 'This was a private session: the recap is only here. Copy or download it if you want to have it.',
  nothingKept: 'This was a private session: nothing that was said is kept, and no recap.',
  consentTitle: 'Before we talk',
  consentLead: 'Your coach is an AI, and no therapist. This is what happens to what you say here:',
  agree: 'Agree and start',
  notNow: 'Not now',
};

export type PrivacyWords = typeof en;

const de: PrivacyWords = {
  privateSession: 'Privates Gespräch',
  recapNotKept:
    'Das war ein privates Gespräch: Die Zusammenfassung gibt es nur hier. Kopiere sie oder lade sie herunter, wenn du sie behalten willst.',
  nothingKept: 'Das war ein privates Gespräch: Nichts davon wird aufbewahrt, auch keine Zusammenfassung.',
  consentTitle: 'Bevor wir sprechen',
  consentLead: 'Dein Coach ist eine KI und kein Therapeut. Das geschieht mit dem, was du hier sagst:',
  agree: 'Einverstanden, los geht’s',
  notNow: 'Jetzt nicht',
};

/** English for languages that have none. */
export const privacyWords = (lang: string): PrivacyWords => (lang === 'de' ? de : en);
