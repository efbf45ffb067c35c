/** What one 20 ms frame costs on the wire and on the processor (medians), against the same audio as base64 in JSON. */
import { Bench } from 'tinybench';
import { type AudioFrame, decodeFrame, encodeFrame, FRAME_MS, FrameKind } from '../../protocol/audio-frame.ts';
import { report, type Row } from './report.ts';

const REPEATS = 100;
const RATES = [16_000, 24_000, 48_000];

function frameAt(rate: number): AudioFrame {
  const samples = (rate * FRAME_MS) / 1000;
  const pcm = Int16Array.from({ length: samples }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 220 * i) / rate)),
  );
  return { kind: FrameKind.microphone, first: false, last: false, gap: false, stream: 7, seq: 1234, pts: 987_654, pcm };
}

function toJson({ pcm, ...header }: AudioFrame): string {
  const audio = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  return JSON.stringify({ type: 'audio', ...header, audio });
}

function fromJson(text: string): AudioFrame {
  const { audio, ...header } = JSON.parse(text) as Omit<AudioFrame, 'pcm'> & { audio: string };
  const bytes = Buffer.from(audio, 'base64');
  return { ...header, pcm: new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2) };
}

async function microseconds(work: Record<string, () => unknown>): Promise<Record<string, number>> {
  const bench = new Bench({ time: 500, warmupTime: 200 });
  for (const [name, run] of Object.entries(work)) bench.add(name, () => repeat(run));
  await bench.run();
  return Object.fromEntries(
    bench.tasks.map((task) => {
      if (task.result.state !== 'completed') throw new Error(`${task.name}: ${task.result.state}`);
      return [task.name, (task.result.latency.p50 * 1000) / REPEATS];
    }),
  );
}

/** Many a sample, because one takes less than the clock's own call. */
function repeat(run: () => unknown): void {
  // The result is kept, or the compiler would leave the work out.
  for (let i = 0; i < REPEATS; i++) sink = run();
}

let sink: unknown;
const rows: Row[] = [];
for (const rate of RATES) {
  const frame = frameAt(rate);
  const bytes = encodeFrame(frame);
  const text = toJson(frame);
  const us = await microseconds({
    encode: () => encodeFrame(frame),
    decode: () => decodeFrame(bytes),
    encodeJson: () => toJson(frame),
    decodeJson: () => fromJson(text),
  });
  rows.push({
    rate,
    wire: 'binary',
    bytes: bytes.byteLength,
    encodeUs: us['encode'] ?? 0,
    decodeUs: us['decode'] ?? 0,
  });
  const json = { encodeUs: us['encodeJson'] ?? 0, decodeUs: us['decodeJson'] ?? 0 };
  rows.push({ rate, wire: 'base64 JSON', bytes: Buffer.byteLength(text), ...json });
}
if (sink === undefined) throw new Error('nothing was measured');
report({ name: 'frames', parameters: { frameMs: FRAME_MS }, rows });
