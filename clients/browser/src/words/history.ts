/** What can be done with a session that is over, in both languages: it comes with the history. */
const en = {
  rename: 'Rename',
  name: 'Name of this session',
  save: 'Save the name',
  goOn: 'Talk on from here',
  goOnHint: 'A new session, in which the coach asks how it went.',
};

export type HistoryWords = typeof en;

const de: HistoryWords = {
  rename: 'Umbenennen',
  name: 'Name dieses Gesprächs',
  save: 'Namen speichern',
  goOn: 'Von hier aus weiterreden',
  goOnHint: 'Ein neues Gespräch, in dem der Coach fragt, was daraus geworden ist.',
};

/** English for languages that have none. */
export const historyWords = (lang: string): HistoryWords => (lang === 'de' ? de : en);
