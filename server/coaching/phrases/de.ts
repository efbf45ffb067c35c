/** German, in small: the plain ways to say each thing. What it does not know is left to a model, or asked again. */
import type { PhraseTable } from './table.ts';

const macros: PhraseTable['macros'] = {
  number: '#|ein|eine|einen|zwei|drei|vier|fünf|zehn|fünfzehn|paar|ein paar',
  unit: 'sekunde|sekunden|minute|minuten|moment|momentchen|augenblick|bisschen|weile',
  adv: 'bitte|jetzt|dann|mal|einfach|vielleicht|wirklich|gerne|gern|auch|doch|schon|eigentlich|wohl|nun|so|ganz',
  when: 'hier|jetzt|heute|für heute|fürs erste|an der stelle|an dieser stelle|dann|bitte|gleich|damit|langsam|schon|mal',
  later: 'morgen|nächstes mal|beim nächsten mal|nächste woche|ein andermal|ein anderes mal|später mal',
  session: 'die (sitzung|session|stunde)|das (gespräch|coaching)|unser gespräch|unsere (sitzung|session)|es',
  frame:
    'lass uns|lassen sie uns|können wir|könnten wir|wollen wir|sollen wir|wir (können|könnten|sollten|müssen)|ich (möchte|würde gerne|würde gern|will|muss)|kannst du|können sie|wir',
  stop: 'aufhören|schluss machen|beenden|abschließen|zum (schluss|ende) kommen|stoppen|zusammenfassen und aufhören|enden',
  open: 'weil|denn|danke|ich|und danke|tschüss|ja|nein|bitte|aber',
};

export const german: PhraseTable = {
  language: 'de',
  respell: [
    ["lass'? ?uns|lasst uns|lassen wir", 'lass uns'],
    ["geht's", 'geht es'],
    ["hab'|hab", 'habe'],
    ['ok|okey|okee', 'okay'],
    ['schluß', 'schluss'],
    ['(?:ä+h+m*|ä+hm+|h+m+|m+|öh+|tja|na|also|halt|irgendwie|sozusagen)(?: ,)?', ''],
  ],
  macros,
  phrases: {
    end: [
      '<frame>( <adv>| <when>)* (<session> )?(( <when>)* )?<stop>( <when>)* {open}',
      '<frame>( <adv>| <when>)* (es )?dabei belassen( <when>)* {open}',
      '<frame>( <adv>| <when>)* (das )?(<later> )(weitermachen|fortsetzen|weiterreden) {open}',
      'machen wir( <adv>| <when>)* (schluss|feierabend)( <when>)* {open}',
      'hören wir( <adv>| <when>)* auf( <when>)* {open}',
      'beende( <adv>)* <session>( <adv>| <when>)* {open}',
      'belassen wir es dabei( <when>)*',
    ],
    endQuestion: ['(sollen|müssen) wir( <adv>| <when>)* <stop> {open}', 'meinst du( ,)? wir sollten <stop>'],
    endCommand: ['(<session> )?(beenden|aufhören|schluss)( <when>)* {open}'],
    endAlone: [
      'ich muss( <adv>)* (los|weg|gehen|weiter|auflegen)( <when>)* {open}',
      '(ich bin|wir sind)( <adv>| <when>)* (fertig|durch)( <when>)* {open}',
      '(das|es) (war|ist)( <adv>)* (es|alles|genug)( <when>| von mir)* {open}',
      '(das war|das ist) (es|alles)( <when>)* {open}',
      'ich habe( <adv>)* (alles( was ich (brauche|wollte))?|genug)( <when>)* {open}',
      '(nichts|sonst nichts) (mehr|weiter) {open}',
      '(tschüss|tschüs|tschau|ciao|auf wiedersehen|bis (dann|bald|morgen|nächste woche|zum nächsten mal)|gute nacht|schönen (tag|abend)( noch)?)( dann)? {open}',
      'ich (möchte|will) nicht (mehr )?(weitermachen|weiterreden) {open}',
    ],
    no: [
      '(nein|nee|ne|nö|nicht|niemals|nie)( (nein|danke|bitte|noch nicht|jetzt nicht|wirklich nicht|jetzt|noch|ganz|wirklich))*',
      '(noch|lieber|bitte|jetzt|gerade|auf keinen fall|bloß|eher|besser)( <adv>)* (nicht|nein|kein ende)',
      'auf keinen fall',
      '(ich|wir) (möchte|möchten|will|wollen|bin|sind|würde|habe|muss|müssen)( <adv>| noch| lieber)* nicht( <adv>| noch| mehr)*( (<stop>|fertig|bereit|so weit|gehen))?',
      '(ich glaube|ich denke|ich finde) (nicht|nein)',
      'es ist( <adv>)* zu früh|zu früh|später|in <number> <unit>',
    ],
    goOn: [
      '(<frame> )( <adv>| noch| gerne)*(ein bisschen |etwas |eine weile |kurz )*(weitermachen|weiterreden|weitersprechen|fortfahren|weiter machen|bleiben)',
      '(mach|machen wir|reden wir|sprechen wir|lass uns)( <adv>| noch| bitte)* weiter( <adv>)*',
      'weiter( bitte| so)?|weitermachen( bitte)?',
      '(noch|nur noch|gib mir noch|ich brauche noch|ich hätte gern noch|kann ich noch)( <adv>)* (<number> )?(<unit>|mehr zeit|zeit|etwas zeit|länger)( bitte| haben)?',
      '(ein bisschen|etwas) (länger|mehr zeit)( bitte)?',
      '(ich habe|wir haben) noch( etwas| genug)? zeit',
    ],
    hold: [
      '(warte|warten sie|moment|momentchen|stopp|augenblick|sekunde|halt)( mal| bitte| kurz| noch)*( <number>? <unit>)?',
      '(einen|eine) (moment|augenblick|sekunde|minute)( bitte)?',
    ],
    correction: ['ich meine|ich meinte|quatsch|vielmehr|entschuldigung|sorry|doch nicht|beziehungsweise'],
    yes: [
      '(ja|jo|jep|jawohl|klar|okay|gern|gerne|sicher|natürlich|genau|einverstanden|unbedingt|absolut|freilich|jup|selbstverständlich|in ordnung|von mir aus|meinetwegen|alles klar|na klar|passt|stimmt)( (ja|bitte|gern|gerne|klar|okay|sicher|natürlich|genau|danke|passt))*',
      '(das )?(klingt|hört sich|ist|wäre|passt)( <adv>| sehr)* (gut|super|in ordnung|okay|prima|perfekt|an|mir)( (an|für mich|so))* {open}',
      '(gute idee|mach das|machen wir( das)?( so)?|warum nicht|kein problem|ich bin (dafür|bereit|einverstanden)|das passt( mir)?|gut|prima|super|perfekt|schön) {open}',
    ],
    unclear: [
      'vielleicht|eventuell|möglicherweise|mal sehen|jein|kommt darauf an|wie sie meinen|wie du meinst|egal|mir egal',
      '(ich )?(weiß|bin)( <adv>| mir)* nicht( <adv>| ganz| so)*( sicher)?|keine ahnung',
      '(was|wie|wie bitte|hä|hallo|warum|wieso)( (bitte|meinst du|meinen sie|war das|hast du gesagt|haben sie gesagt|ist|denkst du))*',
      '(kannst du|können sie)( das| die frage)?( <adv>)* (wiederholen|noch mal sagen|nochmal sagen)',
      '(lass mich|ich muss)( <adv>| kurz| noch| darüber)* (überlegen|nachdenken)( lassen)?',
      'wie viel zeit( (haben wir|ist|bleibt|noch|habe ich|uns))*',
      'ich habe (das|dich|sie|es)?( <adv>)* nicht (verstanden|gehört)',
    ],
    topic: [
      '(noch )?(eine|ein|einen)( (letzte|kurze|andere|weitere))? (sache|frage|punkt|thema|ding)',
      'da (ist|wäre|gibt es) noch( (was|etwas|_))?',
      '(ich )?(möchte|wollte|will|muss)( <adv>| noch| über)* (sprechen|reden|sagen|fragen|erzählen)',
      '(können|könnten|kann) (wir|ich)( <adv>| noch| über)+',
      'was ist mit|übrigens|außerdem|bevor (wir|ich)|zuerst|erst|ich habe( <adv>)* vergessen|mir fällt( <adv>| noch)* ein',
    ],
    but: ['aber|allerdings|jedoch|nur wenn|falls|sobald|nachdem|erst wenn|außer|wenn'],
    reason: ['weil|denn|da ich'],
    neutral: [
      '(danke|vielen dank|dankeschön)( (schön|sehr|dir|ihnen|für (alles|heute|deine hilfe|das gespräch)))*',
      '(bitte|gut|so|dann|ich (denke|glaube|finde)|für heute|heute|jetzt|für mich)',
      '(das|es) (war|ist)( <adv>| sehr| echt)* (hilfreich|gut|schön|interessant|spät|toll)',
      'ich bin( <adv>| sehr| so)* (müde|kaputt|zufrieden)',
    ],
  },
  reporting: 'sagt|sagte|gesagt|meint|meinte|fragt|fragte|gefragt|erzählt|erzählte|schreibt|schrieb|er|sie|chef|chefin',
  conditional: 'wenn|falls|ob|dass|bevor|bis|warum|wie|wann|sobald',
  negating: 'nicht|nie|niemals|kein|keine|niemand|ohne',
  habitual: 'jeden|jede|immer|oft|manchmal|nie|ständig|früher',
  empty:
    'der|die|das|den|dem|des|ein|eine|einen|einem|einer|ich|du|er|sie|es|wir|ihr|mich|mir|dich|dir|uns|sich|mein|meine|meinem|meinen|dein|deine|sein|seine|ist|bin|bist|sind|war|waren|habe|hast|hat|haben|wird|werden|kann|und|oder|so|in|im|an|am|auf|mit|von|zu|zum|zur|für|bei|auch|noch|schon|mal|da|dann|doch|nur|sehr|was|dass|nicht|ja|okay|bitte|jetzt|heute|hier',
  hints: 'schluss|aufhören|beenden|ende|fertig|sitzung|gespräch|tschüss|los|stoppen',
};
