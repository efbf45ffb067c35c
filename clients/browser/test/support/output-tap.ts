import type { Page } from 'playwright-core';

/**
 * What tests change in the page before its own script runs. What goes to the loudspeaker is recorded, and what the
 * microphone delivers, at the very node that the page reads it from; each message of the socket is noted with the moment
 * on the same clock. With `rawMicrophone` the microphone is asked for without processing, which changes the sound; with
 * `person` it is silent but for what \`speak\` says. The browser must have been launched with \`bypassCSP\`.
 */
export async function tapOutput(page: Page, { rawMicrophone = false, person = false } = {}): Promise<void> {
  await page.addInitScript(
    ({ raw, person, worklet }) => {
      const streams: MediaStream[] = [];
      const tap: Tap = { recorded: [], microphone: [], notes: [], ready: false, rate: 0, streams };
      Object.assign(globalThis, { tap });

      const { connect } = AudioNode.prototype as { connect: Connect };
      let source: AudioNode | undefined;
      let listenTo: ((source: AudioNode, into: Float32Array[]) => void) | undefined;
      const record = async (node: AudioNode) => {
        const context = node.context as AudioContext;
        await context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' })));
        listenTo = (from, into) => {
          const listener = new AudioWorkletNode(context, 'test-tap', { numberOfOutputs: 0, channelCount: 1 });
          let heard = 0;
          listener.port.addEventListener('message', ({ data }) => {
            // Both keep the context's clock, so that a moment of one is the same moment of the other.
            if (data.at > heard) into.push(new Float32Array(data.at - heard));
            into.push(data.samples);
            heard = data.at + data.samples.length;
          });
          listener.port.start();
          connect.call(from, listener);
        };
        listenTo(node, tap.recorded);
        // Whichever comes first, the output or the microphone, waits for the other.
        if (source) listenTo(source, tap.microphone);
        Object.assign(tap, { ready: true, rate: context.sampleRate, context });
      };
      const takeSource = (node: AudioNode) => {
        // The first microphone's alone.
        if (source) return;
        source = node;
        listenTo?.(source, tap.microphone);
      };
      const connectAndRecord: Connect = function (target) {
        if (target instanceof AudioDestinationNode) void record(this);
        if (this instanceof MediaStreamAudioSourceNode) takeSource(this);
        return connect.call(this, target);
      };
      Object.assign(AudioNode.prototype, { connect: connectAndRecord });

      const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      const unprocessed = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = person ? openMouth() : await getUserMedia(raw ? { audio: unprocessed } : wanted);
        streams.push(stream);
        return stream;
      };

      const openMouth = () => {
        const mouth = new AudioContext();
        const microphone = mouth.createMediaStreamDestination();
        tap.speak = (samples, rate) => {
          const buffer = mouth.createBuffer(1, samples.length, rate);
          buffer.copyToChannel(Float32Array.from(samples), 0);
          const line = new AudioBufferSourceNode(mouth, { buffer });
          line.connect(microphone);
          line.start();
        };
        return microphone.stream;
      };

      const note = (came: boolean, data: unknown) => {
        const { context } = tap;
        if (typeof data !== 'string' || !context) return;
        const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
        const heardSeconds = contextTime + (performance.now() - performanceTime) / 1000;
        tap.notes.push({ came, text: data, atSeconds: context.currentTime, heardSeconds });
      };
      globalThis.WebSocket = class extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(url, protocols);
          this.addEventListener('message', ({ data }) => note(true, data));
        }
        override send(data: Parameters<WebSocket['send']>[0]): void {
          note(false, data);
          super.send(data);
        }
      };
    },
    { raw: rawMicrophone, person, worklet: TAP_WORKLET },
  );
}

type Connect = (this: AudioNode, target: AudioNode | AudioParam) => AudioNode;

/** A text message of the page's socket. */
export interface Note {
  /** False: the page sent it. */
  came: boolean;
  text: string;
  /** On the clock of the recordings, in seconds: what was rendered then, and what the device played then. */
  atSeconds: number;
  heardSeconds: number;
}

interface Tap {
  recorded: Float32Array[];
  /** What came of the first microphone; on the same clock as `recorded`. */
  microphone: Float32Array[];
  notes: Note[];
  ready: boolean;
  rate: number;
  /** Each microphone that the page was given, oldest first. */
  streams: MediaStream[];
  context?: AudioContext;
  speak?: (samples: number[], rate: number) => void;
}

export function tapReady(page: Page): Promise<boolean> {
  return page.evaluate(() => (globalThis as unknown as { tap: Tap }).tap.ready);
}

/** Says a line into the microphone, now. */
export async function speak(page: Page, pcm: Int16Array, rate: number): Promise<void> {
  const samples = Array.from(pcm, (sample) => sample / 32_768);
  await page.evaluate(([samples, rate]) => (globalThis as unknown as { tap: Tap }).tap.speak?.(samples, rate), [
    samples,
    rate,
  ] as const);
}

/** Messages of the page's socket so far whose type is `type`. */
export async function notesOf(page: Page, type: string): Promise<Note[]> {
  const notes = await page.evaluate(() => (globalThis as unknown as { tap: Tap }).tap.notes);
  return notes.filter(({ text }) => (JSON.parse(text) as { type: string }).type === type);
}

/** A recording from the context's first moment on. */
export interface Recording {
  samples: Float32Array;
  rate: number;
}

/** What went to the loudspeaker (or came of the microphone) so far. */
export async function recordedOutput(page: Page, which: 'recorded' | 'microphone' = 'recorded'): Promise<Recording> {
  const { base64, rate } = await page.evaluate((which) => {
    const { [which]: recorded, rate } = (globalThis as unknown as { tap: Tap }).tap;
    const samples = new Float32Array(recorded.reduce((sum, part) => sum + part.length, 0));
    recorded.reduce((at, part) => (samples.set(part, at), at + part.length), 0);
    const bytes = new Uint8Array(samples.buffer);
    let binary = '';
    for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return { base64: btoa(binary), rate };
  }, which);
  const bytes = Buffer.from(base64, 'base64');
  return { samples: new Float32Array(new Uint8Array(bytes).buffer), rate };
}

export function outputLatencyMs(page: Page): Promise<number> {
  return page.evaluate(() => ((globalThis as unknown as { tap: Tap }).tap.context?.outputLatency ?? 0) * 1000);
}

/** What the system does when a call comes in: the page's audio stands still. */
export async function takeAudioAway(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as unknown as { tap: Tap }).tap.context?.suspend());
}

/** What happens when the microphone is unplugged: its track ends. */
export async function unplugMicrophone(page: Page): Promise<void> {
  await page.evaluate(() => {
    const [track] = (globalThis as unknown as { tap: Tap }).tap.streams.at(-1)?.getTracks() ?? [];
    track?.stop();
    // `stop` by the page itself gives no event.
    track?.dispatchEvent(new Event('ended'));
  });
}

/** Whether each microphone that the page was given is still on, oldest first. */
export function microphonesOn(page: Page): Promise<boolean[]> {
  return page.evaluate(() => (globalThis as unknown as { tap: Tap }).tap.streams.map((stream) => stream.active));
}

/** Posts 1,024 samples at a time: a message a render quantum would load the page by itself. */
const TAP_WORKLET = `registerProcessor('test-tap', class extends AudioWorkletProcessor {
  samples = new Float32Array(1024); held = 0; at = 0;
  process([input]) {
    if (input[0]) {
      if (this.held > 0 && currentFrame !== this.at + this.held) this.give();
      if (this.held === 0) this.at = currentFrame;
      this.samples.set(input[0], this.held);
      this.held += input[0].length;
      if (this.held >= 1024) this.give();
    }
    return true;
  }
  give() {
    this.port.postMessage({ samples: this.samples.slice(0, this.held), at: this.at });
    this.held = 0;
  }
});`;
