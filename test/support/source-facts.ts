/** What one source file refers to, read from its syntax tree: modules, and globals that are behind a fence. */
import { type Node, parseSync, visitorKeys } from 'oxc-parser';

export interface ImportFact {
  /** As written; undefined where it is computed and so can't be judged. */
  specifier: string | undefined;
  line: number;
  typeOnly: boolean;
}

export interface GlobalUse {
  /** `setTimeout`, `Date.now`, `new Date()`, `process.env`… */
  name: string;
  line: number;
}

export interface SourceFacts {
  imports: ImportFact[];
  globals: GlobalUse[];
  lines: number;
}

const TIMERS: ReadonlySet<string> = new Set(['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval']);
const FENCED_MEMBERS: ReadonlySet<string> = new Set([
  'Date.now',
  'performance.now',
  'process.hrtime',
  'process.env',
  'AbortSignal.timeout',
]);

/** Reads one file. Throws when it has syntax errors: what can't be read can't be judged. */
export function readFacts(file: string, text: string): SourceFacts {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const facts: SourceFacts = { imports: [], globals: [], lines: text.trimEnd().split('\n').length };
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  walk(program, undefined, '', (node, parent, key) => {
    const found = importOf(node);
    if (found) facts.imports.push({ ...found, line: lineOf(node.start) });
    const name = globalOf(node, parent, key);
    if (name) facts.globals.push({ name, line: lineOf(node.start) });
  });
  return facts;
}

type Visit = (node: Node, parent: Node | undefined, key: string) => void;

function walk(node: Node, parent: Node | undefined, parentKey: string, visit: Visit): void {
  visit(node, parent, parentKey);
  for (const key of visitorKeys[node.type] ?? []) {
    const child: unknown = Reflect.get(node, key);
    for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) walk(each, node, key, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function importOf(node: Node): Omit<ImportFact, 'line'> | undefined {
  if (node.type === 'ImportDeclaration') return { specifier: node.source.value, typeOnly: isTypeImport(node) };
  if (node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration') {
    return node.source ? { specifier: node.source.value, typeOnly: node.exportKind === 'type' } : undefined;
  }
  if (node.type === 'TSImportType') return { specifier: literal(node.source), typeOnly: true };
  if (node.type === 'TSExternalModuleReference') return { specifier: literal(node.expression), typeOnly: false };
  if (node.type === 'ImportExpression') return { specifier: literal(node.source), typeOnly: false };
  if (node.type === 'NewExpression') return workerOf(node);
  if (node.type !== 'CallExpression' || !isResolver(node.callee)) return undefined;
  return { specifier: literal(node.arguments[0]), typeOnly: false };
}

type OfType<T extends Node['type']> = Extract<Node, { type: T }>;

function isTypeImport(node: OfType<'ImportDeclaration'>): boolean {
  if (node.importKind === 'type') return true;
  const kinds = node.specifiers.map((each) => each.type === 'ImportSpecifier' && each.importKind === 'type');
  return kinds.length > 0 && kinds.every(Boolean);
}

/** `require('x')`, also of `createRequire`, and the ways to ask where a module is. */
function isResolver(callee: Node): boolean {
  return ['require', 'require.resolve', 'import.meta.resolve'].includes(dotted(callee));
}

/** `new URL('./x-worker.ts', import.meta.url)`: how a worker's entry file is named. */
function workerOf(node: OfType<'NewExpression'>): Omit<ImportFact, 'line'> | undefined {
  const path = literal(node.arguments[0]);
  const [, base] = node.arguments;
  if (dotted(node.callee) !== 'URL' || !base || dotted(base) !== 'import.meta.url' || !path?.endsWith('.ts')) {
    return undefined;
  }
  // Unlike in an import, `x.ts` is beside the file here, as `./x.ts` is.
  return { specifier: path.startsWith('.') ? path : `./${path}`, typeOnly: false };
}

function literal(node: Node | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** `a.b.c` as it is written, or '' for any other expression. `globalThis.` is left out. */
function dotted(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MetaProperty') return `${node.meta.name}.${node.property.name}`;
  if (node.type !== 'MemberExpression') return '';
  const property = node.computed ? literal(node.property) : 'name' in node.property ? node.property.name : undefined;
  const object = dotted(node.object);
  if (!object || !property) return '';
  return object === 'globalThis' ? property : `${object}.${property}`;
}

function globalOf(node: Node, parent: Node | undefined, key: string): string | undefined {
  if (node.type === 'NewExpression') {
    return dotted(node.callee) === 'Date' && node.arguments.length === 0 ? 'new Date()' : undefined;
  }
  if (node.type === 'CallExpression') return dotted(node.callee) === 'Date' ? 'Date()' : undefined;
  if (node.type === 'MemberExpression') {
    const name = dotted(node);
    return FENCED_MEMBERS.has(name) || TIMERS.has(name) ? name : undefined;
  }
  if (node.type !== 'Identifier' || !TIMERS.has(node.name)) return undefined;
  // The name of a member, of a property or of an import is somebody else's; a type needs no clock.
  const isMember = parent?.type === 'MemberExpression' && key === 'property' && !parent.computed;
  const isKey = parent?.type === 'Property' && key === 'key' && !parent.computed;
  const isElsewhere = /^(TS|Import|Export|MethodDefinition)/.test(parent?.type ?? '');
  return isMember || isKey || isElsewhere ? undefined : node.name;
}
