/** The words of privacy in both languages: they come with the screens that few people open. */
const en = {
  privateSession: 'Private session',
  recapNotKept: 'This was a private session: the recap is only here. Copy or download it if you want to have it.',
  nothingKept: 'This was a private session: nothing that was said is kept, and no recap.',
  consentTitle: 'Before we talk',
  consentLead: 'Your coach is an AI, and no therapist. This is what happens to what you say here:',
  agree: 'Agree and start',
  notNow: 'Not now',
  mine: 'My data',
  mineLead: 'What you talk about here is kept for you. You can take all of it along, or have it removed.',
  exportIt: 'Download everything',
  exportHint: 'A zip with your sessions, recaps, ratings and the sound that is kept.',
  remove: 'Delete everything…',
  removeHint: 'Your sessions, recaps, ratings and sound, and your account if you have one here. At once, for good.',
  removeTitle: 'Delete everything for good?',
  removeLead: 'This can’t be undone. Download it first if you may want it later.',
  removeNow: 'Yes, delete everything',
  busy: 'One moment…',
  saved: 'Your download is there.',
  removed: 'Everything was deleted.',
  nothing: 'Nothing is kept of you here.',
  failed: 'That did not work. Please try again in a moment.',
  consentRead: 'What happens to your words',
  consentGiven: (date: string) => `You agreed to this on ${date}.`,
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
  mine: 'Meine Daten',
  mineLead: 'Was du hier besprichst, wird für dich aufbewahrt. Du kannst alles mitnehmen, oder alles entfernen lassen.',
  exportIt: 'Alles herunterladen',
  exportHint: 'Ein Zip mit deinen Gesprächen, Zusammenfassungen, Bewertungen und dem Ton, der aufbewahrt ist.',
  remove: 'Alles löschen…',
  removeHint:
    'Deine Gespräche, Zusammenfassungen, Bewertungen und der Ton, und dein Konto, wenn du hier eines hast. Sofort und endgültig.',
  removeTitle: 'Alles endgültig löschen?',
  removeLead: 'Das lässt sich nicht rückgängig machen. Lade es vorher herunter, wenn du es noch brauchen könntest.',
  removeNow: 'Ja, alles löschen',
  busy: 'Einen Moment…',
  saved: 'Dein Download ist da.',
  removed: 'Alles ist gelöscht.',
  nothing: 'Hier wird nichts von dir aufbewahrt.',
  failed: 'Das hat nicht geklappt. Bitte versuch es gleich noch einmal.',
  consentRead: 'Was mit deinen Worten geschieht',
  consentGiven: (date) => `Du warst damit einverstanden am ${date}.`,
};

/** English for languages that have none. */
export const privacyWords = (lang: string): PrivacyWords => (lang === 'de' ? de : en);
