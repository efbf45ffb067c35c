import { parseArgs } from 'node:util';

export interface TalkOptions {
  mode: 'files' | 'devices' | 'text';
  files: readonly string[];
  url: string;
  session: string | undefined;
  token: string | undefined;
  /** Signs in with this address, for this run. */
  email: string | undefined;
  out: string | undefined;
  stereo: boolean;
  json: boolean;
  fast: boolean;
  end: boolean;
  /** Nothing of the session is kept. */
  isPrivate: boolean;
  /** It begins off the record. */
  offRecord: boolean;
  /** Version of the consent text that the person agrees to. */
  agree: string | undefined;
  /** Instead of talking: a zip of all that is kept goes to this file. */
  exportTo: string | undefined;
  /** Instead of talking: the session's name from now on. */
  rename: string | undefined;
  /** Instead of talking: the session goes, or everything. */
  remove: boolean;
  /** Nothing is asked before that. */
  yes: boolean;
  /** Start the next clip this long after the coach began to speak, instead of after its answer. */
  bargeInMs: number | undefined;
  /** How long an answer may take to come. */
  waitMs: number;
}

export type ParsedOptions = { ok: true; options: TalkOptions } | { ok: false; problem: string } | { ok: 'help' };

/** What a script may rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, unanswered: 3, interrupted: 130 } as const;

export const HELP = `Talk with a Kuku Coach server.

  npm run talk                        microphone and speaker (sox, arecord and aplay, or ffmpeg and ffplay)
  npm run talk -- a.wav b.wav         speaks the files, one after the other, and waits for each answer
  npm run talk -- --text              types; lines from a pipe are turns, each waits for its answer

  --url URL          the server (default http://127.0.0.1:3000)
  --session ID       goes on with a session instead of a new one
  --token TOKEN      a person's access token (or KUKU_TOKEN); guests need none
  --email ADDRESS    signs in with this address and the password in KUKU_PASSWORD, or asked for; out again at the end
  --out FILE         writes what the coach said, in its timing, to a WAV file (default: nothing is written)
  --stereo           with --out: the microphone on the left, the coach on the right
  --barge-in MS      speaks the next file MS ms after the coach began to speak
  --fast             no pauses around the files; speech itself always takes its time
  --wait MS          how long an answer may take to begin and to go on (default 30000)
  --end              ends the session after the last file or line; else it is left open
  --private          nothing of the new session is kept but its measurements
  --off-record       begins off the record: what is said is not kept until /on, or until you say so
  --agree VERSION    agrees to the server's text about what happens to what you say, where that is required
  --json             one JSON object a line: {"atMs", "event", "data"}
  --help

Instead of talking:
  --export FILE      writes all that is kept of you to a new zip file
  --session ID --rename NAME       gives a session a name; "" gives it its topic again
  --session ID --delete            removes a session for good, after a question
  --delete           removes everything that is kept of you for good, and your account there, after a question
  --yes              with --delete: without the question

While typing: /off takes the talk off the record and /on back, /wrap proposes to wrap up, /yes and /no answer, /stop silences the coach, /quit leaves.
Ctrl-C ends the session and shows the recap; a second one leaves at once.

Exit codes: 0 all was said, or the session ended · 1 no connection, or it failed, or nothing was deleted · 2 wrong usage, unreadable file,
no audio device · 3 something was not answered in time · 130 left by a second Ctrl-C
`;

const SPEC = {
  url: { type: 'string', default: 'http://127.0.0.1:3000' },
  session: { type: 'string' },
  token: { type: 'string' },
  email: { type: 'string' },
  out: { type: 'string' },
  stereo: { type: 'boolean', default: false },
  'barge-in': { type: 'string' },
  fast: { type: 'boolean', default: false },
  wait: { type: 'string', default: '30000' },
  end: { type: 'boolean', default: false },
  private: { type: 'boolean', default: false },
  'off-record': { type: 'boolean', default: false },
  agree: { type: 'string' },
  export: { type: 'string' },
  rename: { type: 'string' },
  delete: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  text: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseOptions(args: readonly string[]): ParsedOptions {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals: files } = parsed;
  if (values.help) return { ok: 'help' };
  const problem = contradiction(values, files);
  if (problem) return { ok: false, problem };
  const { url, session, token, email, out, stereo, json, fast, end } = values;
  const mode = values.text ? 'text' : files.length > 0 ? 'files' : 'devices';
  const bargeInMs = values['barge-in'] === undefined ? undefined : Number(values['barge-in']);
  const keeping = {
    isPrivate: values.private,
    offRecord: values['off-record'],
    agree: values.agree,
    exportTo: values.export,
    rename: values.rename,
    remove: values.delete,
    yes: values.yes,
  };
  const rest = {
    ...keeping,
    session,
    token,
    email,
    out,
    stereo,
    json,
    fast,
    end,
    bargeInMs,
    waitMs: Number(values.wait),
  };
  return { ok: true, options: { mode, files, url, ...rest } };
}

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: SPEC, allowPositionals: true });

function contradiction(values: ReturnType<typeof parse>['values'], files: readonly string[]): string | undefined {
  if (!/^https?:\/\//.test(values.url))
    return `--url takes an address such as http://127.0.0.1:3000, not "${values.url}".`;
  if (values.text && files.length > 0) return '--text types: it takes no files.';
  if (values.email !== undefined && values.token !== undefined) return '--email signs in: it takes no --token.';
  const tasks = [values.export !== undefined, values.rename !== undefined, values.delete].filter(Boolean).length;
  if (tasks > 1 || (tasks === 1 && (files.length > 0 || values.text)))
    return '--export, --rename and --delete each go alone.';
  if (values.rename !== undefined && values.session === undefined) return '--rename needs a --session.';
  if (values.yes && !values.delete) return '--yes answers the question of --delete.';
  if (values.private && values.session !== undefined) return '--private is for a new session, not for --session.';
  if (values.stereo && values.out === undefined) return '--stereo says how --out is written: name a file.';
  for (const name of ['barge-in', 'wait'] as const) {
    const given = values[name];
    if (given !== undefined && !/^\d+$/.test(given)) return `--${name} takes milliseconds, not "${given}".`;
  }
  if (values['barge-in'] !== undefined && files.length < 2)
    return '--barge-in needs two files: one breaks into the answer to the other.';
  return undefined;
}
