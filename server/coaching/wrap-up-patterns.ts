/**
 * Patterns of a phrase table (see `phrases/table.ts`), matched over words. Written out as regular expressions they took
 * 2 s to compile, since each of them repeats its macros; here a macro is looked at once for each place in a text.
 */
import { isMark } from './phrases/table.ts';

type Node =
  | { type: 'word'; word: string }
  | { type: 'ending'; ending: string }
  | { type: 'number' | 'any' }
  | { type: 'row' | 'choice'; of: Node[] }
  | { type: 'repeat'; of: Node; atLeast: 0 | 1; atMost: number }
  | { type: 'macro'; name: string }
  | { type: 'ahead'; name: string; wanted: boolean };

/** What a pattern can begin with, so that most need not be tried. `any`: with anything, or with nothing. */
interface Beginning {
  words: ReadonlySet<string>;
  any: boolean;
}

export interface PatternSet {
  /** For a text: the end of the longest pattern that begins at word `at`, or `at` where none does. */
  open(words: readonly string[]): (at: number) => number;
}

/** A group may be repeated this often. */
const MAX_REPEATS = 12;

/** Compiles the patterns of one table, which share its macros. Throws where a pattern is broken or names no macro. */
export function createPatterns(macros: Readonly<Record<string, string>>) {
  const nodes = new Map(Object.entries(macros).map(([name, pattern]) => [name, parsePattern(pattern)]));
  const macro = (name: string): Node => {
    const node = nodes.get(name);
    if (!node) throw new Error(`A pattern names the macro "${name}", which the table does not have.`);
    return node;
  };
  const beginnings = new Map<Node, Beginning>();

  return function patternSet(patterns: readonly string[]): PatternSet {
    const compiled = patterns.map(parsePattern).map((node) => ({ node, begin: beginningOf(node, macro, beginnings) }));
    const anywhere = compiled.filter(({ begin }) => begin.any).map(({ node }) => node);
    const byWord = new Map<string, Node[]>();
    for (const { node, begin } of compiled.filter((pattern) => !pattern.begin.any)) {
      for (const word of begin.words) byWord.set(word, [...(byWord.get(word) ?? []), node]);
    }
    return {
      open(words) {
        const match = createMatcher(words, macro);
        return (at) => {
          const candidates = [...(byWord.get(words[at] ?? '') ?? []), ...anywhere];
          return Math.max(at, ...candidates.flatMap((node) => match(node, at)));
        };
      },
    };
  };
}

// ── matching ────────────────────────────────────────────────────────────────────────────────────────────────────

type Matcher = (node: Node, at: number) => readonly number[];

/** All places where a node that begins at a word can end. */
function createMatcher(words: readonly string[], macro: (name: string) => Node): Matcher {
  const known = new Map<string, readonly number[]>();
  const match: Matcher = (node, at) => {
    const word = words[at];
    switch (node.type) {
      case 'word':
        return word === node.word ? [at + 1] : [];
      case 'ending':
        return word?.endsWith(node.ending) ? [at + 1] : [];
      case 'number':
        return word !== undefined && /^\d+$/u.test(word) ? [at + 1] : [];
      case 'any':
        return word !== undefined && !isMark(word) ? [at + 1] : [];
      case 'choice':
        return unique(node.of.flatMap((option) => match(option, at)));
      case 'row':
        return node.of.reduce<readonly number[]>((ends, part) => unique(ends.flatMap((end) => match(part, end))), [at]);
      case 'repeat':
        return matchRepeat(node, at, match);
      case 'macro':
        return matchMacro(node.name, at);
      case 'ahead':
        return matchAhead(node, at) === node.wanted ? [at] : [];
    }
  };
  const matchMacro = (name: string, at: number) => {
    const key = `${name} ${at}`;
    const ends = known.get(key) ?? match(macro(name), at);
    known.set(key, ends);
    return ends;
  };
  const matchAhead = ({ name, wanted }: { name: string; wanted: boolean }, at: number) => {
    const word = words[at];
    if (word === undefined || isMark(word)) return wanted;
    return matchMacro(name, at).length > 0;
  };
  return match;
}

function matchRepeat({ of, atLeast, atMost }: Node & { type: 'repeat' }, at: number, match: Matcher): number[] {
  const ends = new Set<number>(atLeast === 0 ? [at] : []);
  let reached: readonly number[] = [at];
  for (let times = 1; times <= atMost && reached.length > 0; times++) {
    reached = unique(reached.flatMap((end) => match(of, end))).filter((end) => !ends.has(end));
    for (const end of reached) ends.add(end);
  }
  return [...ends];
}

const unique = (ends: readonly number[]) => (ends.length < 2 ? ends : [...new Set(ends)]);

// ── what a pattern begins with ──────────────────────────────────────────────────────────────────────────────────

function beginningOf(node: Node, macro: (name: string) => Node, known: Map<Node, Beginning>): Beginning {
  const of = (inner: Node): Beginning => {
    const begin = known.get(inner) ?? find(inner);
    known.set(inner, begin);
    return begin;
  };
  const find = (inner: Node): Beginning => {
    switch (inner.type) {
      case 'word':
        return { words: new Set([inner.word]), any: false };
      case 'ending':
      case 'number':
      case 'any':
      case 'ahead':
        return { words: new Set(), any: true };
      case 'macro':
        return of(macro(inner.name));
      case 'repeat':
        return { words: of(inner.of).words, any: inner.atLeast === 0 || of(inner.of).any };
      case 'choice':
        return { words: union(inner.of.map(of)), any: inner.of.some((option) => of(option).any) };
      case 'row': {
        const fixed = inner.of.findIndex((part) => !of(part).any);
        const parts = fixed < 0 ? inner.of : inner.of.slice(0, fixed + 1);
        const open =
          fixed < 0 || parts.some((part) => part.type === 'number' || part.type === 'any' || part.type === 'ending');
        return { words: union(parts.map(of)), any: open || parts.some((part) => mayBeginOpen(part, of)) };
      }
    }
  };
  return of(node);
}

/** Whether a part that may be empty may also begin with any word. */
function mayBeginOpen(part: Node, of: (node: Node) => Beginning): boolean {
  return part.type === 'repeat' && of(part.of).any;
}

const union = (beginnings: readonly Beginning[]) => new Set(beginnings.flatMap(({ words }) => [...words]));

// ── parsing ─────────────────────────────────────────────────────────────────────────────────────────────────────

const PARTS = /<\w+>|\{!?\w+\}|[()|?*+]|[^\s()|?*+<>{}]+/gu;

function parsePattern(pattern: string): Node {
  const parts = pattern.match(PARTS) ?? [];
  let at = 0;
  const choice = (): Node => {
    const options = [row()];
    while (parts[at] === '|') {
      at++;
      options.push(row());
    }
    return options.length === 1 && options[0] ? options[0] : { type: 'choice', of: options };
  };
  const row = (): Node => {
    const of: Node[] = [];
    for (let part = parts[at]; part !== undefined && part !== '|' && part !== ')'; part = parts[at]) {
      at++;
      of.push(repeated(part === '(' ? group() : single(part)));
    }
    return of.length === 1 && of[0] ? of[0] : { type: 'row', of };
  };
  const group = (): Node => {
    const inner = choice();
    if (parts[at++] !== ')') throw new Error(`A bracket is open in "${pattern}".`);
    return inner;
  };
  const repeated = (of: Node): Node => {
    const mark = parts[at];
    if (mark !== '?' && mark !== '*' && mark !== '+') return of;
    at++;
    return repeated({ type: 'repeat', of, atLeast: mark === '+' ? 1 : 0, atMost: mark === '?' ? 1 : MAX_REPEATS });
  };
  const node = choice();
  if (at < parts.length) throw new Error(`A bracket is closed and was not open in "${pattern}".`);
  return node;
}

function single(part: string): Node {
  const name = /\w+/u.exec(part)?.[0] ?? '';
  if (part.startsWith('<')) return { type: 'macro', name };
  if (part.startsWith('{')) return { type: 'ahead', name, wanted: !part.startsWith('{!') };
  if (part === '_') return { type: 'any' };
  if (part.startsWith('~')) return { type: 'ending', ending: part.slice(1) };
  return part === '#' ? { type: 'number' } : { type: 'word', word: part };
}
