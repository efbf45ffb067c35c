/** One run of `npm run talk`: audio, session, script, clean end. Everything of the process comes in by `Terminal`. */
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  createCoach,
  createSession,
  endSession,
  RestError,
  systemClock,
  type AudioIO,
  type Clock,
  type Coach,
} from '@kuku-coach/core';
import { createDeviceAudio, findDevices, MIC_RATE, SPEECH_RATE } from './devices.ts';
import { getConsent } from '@kuku-coach/core/privacy';
import { keep, UnwritableError } from './keeping.ts';
import { EXIT, type TalkOptions } from './options.ts';
import { identify, type Identity, NoPasswordError } from './sign-in.ts';
import { follow, type Follower } from './progress.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { showJson, showText, type Output, type Screen } from './screen.ts';
import { speakClips, type NamedClip } from './script.ts';
import { typeLines } from './typing.ts';
import { createVirtualAudio, type VirtualAudio } from './virtual-audio.ts';
import { decodeWav, resampled, WavError } from './wav.ts';

export interface Terminal {
  input: Readable & { isTTY?: boolean };
  output: Output;
  /** Complaints from before there is a session. */
  errors: Output;
  /** Calls back at each Ctrl-C. The result ends that. */
  onInterrupt: (fn: () => void) => () => void;
  /** Where programs are searched, as in `PATH`. */
  path: string;
  /** From the environment: whose access token, and the password for `--email`. */
  token: string | undefined;
  password: string | undefined;
}

/** A wish that can't be fulfilled, for the person to read. */
class UsageError extends Error {}

const PAUSE_MS = 500;
/** A session that was ended gives its recap within this time. */
const END_MS = 5000;

/** Resolves with the exit code. */
export async function talk(options: TalkOptions, terminal: Terminal): Promise<number> {
  let recorder: Recorder | undefined;
  let identity: Identity | undefined;
  try {
    const clips = await loadClips(options.files);
    recorder = openRecorder(options);
    identity = await identify(options, terminal);
    const isTalk = options.exportTo === undefined && options.rename === undefined && !options.remove;
    if (!isTalk) return await keep(options, terminal, identity.token);
    return await converse(options, { terminal, clips, recorder, token: identity.token });
  } catch (error) {
    const isUsage = [UsageError, NoPasswordError, UnwritableError].some((kind) => error instanceof kind);
    if (!(error instanceof Error) || (!isUsage && !(error instanceof RestError))) throw error;
    terminal.errors.write(`${error.message}${error instanceof RestError ? await howTo(error, options) : ''}\n`);
    return isUsage ? EXIT.usage : EXIT.failed;
  } finally {
    recorder?.close();
    await identity?.leave();
  }
}

async function howTo({ code }: RestError, { url }: TalkOptions): Promise<string> {
  if (code === 'sign_in_required') return ' (--email ADDRESS, or --token TOKEN)';
  if (code !== 'consent_required' && code !== 'consent_changed') return '';
  const { text, version } = await getConsent(url);
  return `\n\n${text}\n\n(--agree ${version})`;
}

interface Means {
  token: string | undefined;
  terminal: Terminal;
  clips: readonly NamedClip[];
  recorder: Recorder | undefined;
}

async function converse(options: TalkOptions, { terminal, clips, recorder, token }: Means): Promise<number> {
  const clock = systemClock;
  const { url, end } = options;
  const rest = token === undefined ? {} : { token };
  let lostDevice = false;
  const onLost = (program: string) => {
    lostDevice = true;
    terminal.errors.write(`${program} has ended: there is no sound any more.\n`);
    void coach.stop();
  };
  const { audio, virtual } = openAudio(options, { clock, recorder, path: terminal.path, onLost });
  const session = options.session ?? (await createSession(url, rest, wishesOf(options)));
  const sessionId = typeof session === 'string' ? session : session.sessionId;
  const client = { name: 'kuku-cli', version: '0.1.0' };
  const coach = createCoach({ url, session, rest, client, clock, ...(audio ? { audio } : {}) });
  const screen = (options.json ? showJson : showText)(coach, terminal.output, clock);
  const follower = follow(coach, clock);
  const endNow = () => endSession(url, sessionId, { ...rest, signal: AbortSignal.timeout(END_MS) });
  const endPolitely = () => endOrLeave({ coach, follower, clock, endNow });
  let interrupts = 0;
  const offInterrupt = terminal.onInterrupt(() => {
    interrupts += 1;
    void (interrupts > 1 ? coach.stop() : endPolitely());
  });

  if (options.offRecord) coach.setRecord(false);
  coach.start();
  const unanswered = await act(options, { terminal, clips, coach, follower, screen, virtual });
  if (end && !follower.now.over) await endPolitely();
  // A polite end that Ctrl-C began is still under way.
  if (interrupts > 0) await follower.until(({ over }) => over);
  if (!follower.now.over) {
    await coach.stop();
    screen.say(`- go on within 2 minutes with --session ${sessionId}`);
  }
  await coach.stop();
  offInterrupt();
  if (interrupts > 1) return EXIT.interrupted;
  if (lostDevice || coach.state.name === 'failed') return EXIT.failed;
  return unanswered > 0 && interrupts === 0 ? EXIT.unanswered : EXIT.done;
}

function wishesOf({ isPrivate, agree }: TalkOptions) {
  return { ...(isPrivate && { ephemeral: true }), ...(agree !== undefined && { consent: agree }) };
}

interface Acting extends Pick<Means, 'terminal' | 'clips'> {
  coach: Coach;
  follower: Follower;
  screen: Screen;
  virtual: VirtualAudio | undefined;
}

/** Does what the run is for. Resolves with how many clips or lines were not answered. */
async function act(
  options: TalkOptions,
  { terminal, clips, coach, follower, screen, virtual }: Acting,
): Promise<number> {
  const { waitMs, bargeInMs } = options;
  const greeted = options.session === undefined;
  const onSaid = () => screen.said();
  if (options.mode === 'text') {
    const say = (line: string) => screen.say(line);
    return typeLines({ input: terminal.input, coach, follower, greeted, waitMs, say, onSaid });
  }
  if (options.mode === 'files' && virtual) {
    const onClip = (name: string) => screen.say(`> ${name}`);
    const onUnanswered = (name: string) => screen.say(`! No answer to ${name}.`);
    const pauseMs = options.fast ? 0 : PAUSE_MS;
    const told = { onClip, onSaid, onUnanswered };
    return speakClips({ clips, audio: virtual, follower, greeted, bargeInMs, waitMs, pauseMs, ...told });
  }
  await follower.until(({ over }) => over);
  return 0;
}

interface Ending {
  coach: Coach;
  follower: Follower;
  clock: Clock;
  endNow: () => Promise<unknown>;
}

/** Ends the session on the server and lets it say its recap; leaves when that takes too long. */
async function endOrLeave({ coach, follower, clock, endNow }: Ending): Promise<void> {
  const cancel = clock.after(END_MS, () => void coach.stop());
  try {
    await endNow();
    await follower.until(({ over }) => over);
  } catch {
    // The server can't be told: it ends the session itself after its grace period.
    await coach.stop();
  }
  cancel();
}

interface AudioMeans {
  clock: Clock;
  recorder: Recorder | undefined;
  path: string;
  onLost: (program: string) => void;
}

function openAudio(
  options: TalkOptions,
  { clock, recorder, path, onLost }: AudioMeans,
): { audio?: AudioIO; virtual?: VirtualAudio } {
  const elapsed = recorder ? { onElapsed: (mic: Int16Array, speech: Int16Array) => recorder.write(mic, speech) } : {};
  if (options.mode === 'text') {
    // The coach is made to speak only when somebody keeps what it says.
    return recorder ? { audio: createVirtualAudio({ clock, micRate: null, keep: false, ...elapsed }) } : {};
  }
  if (options.mode === 'files') {
    const virtual = createVirtualAudio({ clock, micRate: MIC_RATE, speechRate: SPEECH_RATE, keep: false, ...elapsed });
    return { audio: virtual, virtual };
  }
  const { record, play } = findDevices(path);
  if (record && play) return { audio: createDeviceAudio({ record, play, clock, onLost, ...elapsed }) };
  const missing = [
    ...(record ? [] : ['record (sox, arecord or ffmpeg)']),
    ...(play ? [] : ['play (sox, aplay or ffplay)']),
  ];
  throw new UsageError(`No program here can ${missing.join(' nor ')}. Type instead: npm run talk -- --text`);
}

async function loadClips(files: readonly string[]): Promise<NamedClip[]> {
  return Promise.all(
    files.map(async (name) => {
      try {
        return { name, pcm: resampled(decodeWav(await readFile(name)), MIC_RATE) };
      } catch (error) {
        if (error instanceof WavError) throw new UsageError(`${name} ${error.message}.`, { cause: error });
        throw new UsageError(`${name} can't be read: ${messageOf(error)}.`, { cause: error });
      }
    }),
  );
}

function openRecorder({ out, stereo }: TalkOptions): Recorder | undefined {
  if (out === undefined) return undefined;
  try {
    return createRecorder({ path: out, speechRate: SPEECH_RATE, micRate: MIC_RATE, stereo });
  } catch (error) {
    throw new UsageError(`${out} can't be written: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
