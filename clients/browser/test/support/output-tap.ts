import type { Page } from 'playwright-core';

/**
 * What tests change in the page before its own script runs: what goes to the loudspeaker is recorded, what comes of the
 * microphone is known, and with `rawMicrophone` it is asked for without processing, which changes the sound. The browser
 * must have been launched with `bypassCSP`.
 */
export async function tapOutput(page: Page, { rawMicrophone = false } = {}): Promise<void> {
  await page.addInitScript(
    ({ raw, worklet }) => {
      const recorded: Float32Array[] = [];
      const microphone: Float32Array[] = [];
      const streams: MediaStream[] = [];
      const tap: Tap = { recorded, microphone, ready: false, rate: 0, streams };
      Object.assign(globalThis, { tap });
      const { connect } = AudioNode.prototype as { connect: Connect };
      const record = async (node: AudioNode) => {
        const context = node.context as AudioContext;
        await context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' })));
        const listen = (source: AudioNode, into: Float32Array[]) => {
          const listener = new AudioWorkletNode(context, 'test-tap', { numberOfOutputs: 0, channelCount: 1 });
          listener.port.addEventListener('message', ({ data }) => {
            // Both begin with the context's clock, so that a moment of one is the same moment of the other.
            if (into.length === 0 && data.at > 0) into.push(new Float32Array(data.at));
            into.push(data.samples);
          });
          listener.port.start();
          connect.call(source, listener);
        };
        listen(node, recorded);
        // Whichever comes first, the output or the microphone, waits for the other.
        tap.onMicrophone = (stream) => listen(context.createMediaStreamSource(stream), microphone);
        const [stream] = streams;
        if (stream) tap.onMicrophone(stream);
        Object.assign(tap, { ready: true, rate: context.sampleRate, context });
      };
      const connectAndRecord: Connect = function (target) {
        if (target instanceof AudioDestinationNode) void record(this);
        return connect.call(this, target);
      };
      Object.assign(AudioNode.prototype, { connect: connectAndRecord });
      const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      const unprocessed = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await getUserMedia(raw ? { audio: unprocessed } : wanted);
        streams.push(stream);
        if (streams.length === 1) tap.onMicrophone?.(stream);
        return stream;
      };
    },
    { raw: rawMicrophone, worklet: TAP_WORKLET },
  );
}

type Connect = (this: AudioNode, target: AudioNode | AudioParam) => AudioNode;

interface Tap {
  recorded: Float32Array[];
  /** What came of the first microphone; on the same clock as `recorded`. */
  microphone: Float32Array[];
  onMicrophone?: (stream: MediaStream) => void;
  ready: boolean;
  rate: number;
  /** Each microphone that the page was given, oldest first. */
  streams: MediaStream[];
  context?: AudioContext;
}

export function tapReady(page: Page): Promise<boolean> {
  return page.evaluate(() => (globalThis as unknown as { tap: Tap }).tap.ready);
}

/** What went to the loudspeaker (or came of the microphone) so far, and its rate. */
export async function recordedOutput(
  page: Page,
  which: 'recorded' | 'microphone' = 'recorded',
): Promise<{ samples: Float32Array; rate: number }> {
  const { base64, rate } = await page.evaluate((which) => {
    const { [which]: recorded, rate } = (globalThis as unknown as { tap: Tap }).tap;
    const samples = new Float32Array(recorded.reduce((sum, quantum) => sum + quantum.length, 0));
    recorded.reduce((at, quantum) => (samples.set(quantum, at), at + quantum.length), 0);
    const bytes = new Uint8Array(samples.buffer);
    let binary = '';
    for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return { base64: btoa(binary), rate };
  }, which);
  const bytes = Buffer.from(base64, 'base64');
  return { samples: new Float32Array(new Uint8Array(bytes).buffer), rate };
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

const TAP_WORKLET = `registerProcessor('test-tap', class extends AudioWorkletProcessor {
  process([input]) {
    if (input[0]) this.port.postMessage({ samples: input[0].slice(), at: currentFrame });
    return true;
  }
});`;
