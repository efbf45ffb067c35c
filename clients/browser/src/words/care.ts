/** The words beside help lines in both languages: they come with the card. */
const en = {
  title: 'You are not alone with this',
  lead: 'I am an AI, and this needs a person. Please call:',
  noLine: 'I am an AI, and this needs a person. Please call a crisis line near you, or somebody you trust.',
  always: 'day and night',
  hours: (hours: string) => hours.replace('–', ' to '),
  emergency: 'Emergency call',
  danger: 'if you or somebody else may be in danger now',
  noEmergency: 'If you or somebody else may be in danger now, call your local emergency number.',
  stands: 'There is no hurry: the clock stands, and nothing ends until you go on with something else.',
  hide: 'Hide',
  show: 'Help lines',
  leave: 'Leave for now',
};

export type CareWords = typeof en;

const de: CareWords = {
  title: 'Du bist damit nicht allein',
  lead: 'Ich bin eine KI, und das braucht einen Menschen. Bitte ruf an:',
  noLine:
    'Ich bin eine KI, und das braucht einen Menschen. Bitte ruf ein Krisentelefon in deiner Nähe an, oder jemanden, dem du vertraust.',
  always: 'Tag und Nacht',
  hours: (hours) => hours.replace('–', ' bis '),
  emergency: 'Notruf',
  danger: 'wenn du oder jemand anders jetzt in Gefahr ist',
  noEmergency: 'Wenn du oder jemand anders jetzt in Gefahr ist, ruf den örtlichen Notruf an.',
  stands: 'Es eilt nicht: Die Uhr steht, und nichts endet, bis du mit etwas anderem weitermachst.',
  hide: 'Ausblenden',
  show: 'Hilfe am Telefon',
  leave: 'Erst einmal gehen',
};

/** English for languages that have none. */
export const careWords = (lang: string): CareWords => (lang === 'de' ? de : en);
