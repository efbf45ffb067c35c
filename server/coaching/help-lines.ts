/**
 * Whom somebody in distress can call, by country (ISO 3166-1). Public lines, as they were known in 2026; numbers change,
 * so whoever runs a server checks theirs. Hours are local.
 */
import type { HelpLine } from '../../protocol/help-line.ts';

const ALWAYS = '24/7';

interface Country {
  emergency: string;
  line: readonly [name: string, number: string, hours: string];
}

const COUNTRIES: Readonly<Record<string, Country>> = {
  AT: { emergency: '112', line: ['TelefonSeelsorge', '142', ALWAYS] },
  AU: { emergency: '000', line: ['Lifeline', '13 11 14', ALWAYS] },
  BE: { emergency: '112', line: ['Zelfmoordlijn', '1813', ALWAYS] },
  BR: { emergency: '192', line: ['CVV', '188', ALWAYS] },
  CA: { emergency: '911', line: ['Suicide Crisis Helpline', '988', ALWAYS] },
  CH: { emergency: '112', line: ['Die Dargebotene Hand', '143', ALWAYS] },
  CZ: { emergency: '112', line: ['Linka první psychické pomoci', '116 123', ALWAYS] },
  DE: { emergency: '112', line: ['TelefonSeelsorge', '0800 111 0 111', ALWAYS] },
  DK: { emergency: '112', line: ['Livslinien', '70 201 201', '11:00–05:00'] },
  ES: { emergency: '112', line: ['Línea 024', '024', ALWAYS] },
  FI: { emergency: '112', line: ['MIELI Kriisipuhelin', '09 2525 0111', ALWAYS] },
  FR: { emergency: '112', line: ['Numéro national de prévention du suicide', '3114', ALWAYS] },
  GB: { emergency: '999', line: ['Samaritans', '116 123', ALWAYS] },
  GR: { emergency: '112', line: ['1018', '1018', ALWAYS] },
  HU: { emergency: '112', line: ['Lelki elsősegély', '116 123', ALWAYS] },
  IE: { emergency: '112', line: ['Samaritans', '116 123', ALWAYS] },
  IL: { emergency: '101', line: ['ERAN', '1201', ALWAYS] },
  IN: { emergency: '112', line: ['Tele-MANAS', '14416', ALWAYS] },
  IS: { emergency: '112', line: ['Hjálparsími Rauða krossins', '1717', ALWAYS] },
  IT: { emergency: '112', line: ['Telefono Amico Italia', '02 2327 2327', '09:00–24:00'] },
  JP: { emergency: '119', line: ['Yorisoi Hotline', '0120 279 338', ALWAYS] },
  KR: { emergency: '119', line: ['Suicide prevention line', '109', ALWAYS] },
  MX: { emergency: '911', line: ['Línea de la Vida', '800 911 2000', ALWAYS] },
  NL: { emergency: '112', line: ['113 Zelfmoordpreventie', '113', ALWAYS] },
  NO: { emergency: '113', line: ['Mental Helse Hjelpetelefonen', '116 123', ALWAYS] },
  NZ: { emergency: '111', line: ['Need to talk?', '1737', ALWAYS] },
  PL: { emergency: '112', line: ['Centrum Wsparcia', '800 70 2222', ALWAYS] },
  PT: { emergency: '112', line: ['SNS 24', '808 24 24 24', ALWAYS] },
  SE: { emergency: '112', line: ['Självmordslinjen', '90101', ALWAYS] },
  SG: { emergency: '995', line: ['Samaritans of Singapore', '1767', ALWAYS] },
  US: { emergency: '911', line: ['988 Suicide & Crisis Lifeline', '988', ALWAYS] },
  ZA: { emergency: '112', line: ['SADAG Suicide Crisis Line', '0800 567 567', ALWAYS] },
};

export interface Help {
  /** Undefined: nobody said which country, or it has no line here. */
  line: HelpLine | undefined;
  /** Undefined: "your local emergency number". */
  emergency: string | undefined;
}

export function helpIn(country: string | undefined): Help {
  const known = country === undefined ? undefined : COUNTRIES[country];
  if (!known) return { line: undefined, emergency: undefined };
  const [name, number, hours] = known.line;
  return { line: { name, number, hours }, emergency: known.emergency };
}
