import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import {
  AudioSampleSink,
  BufferSource,
  EncodedPacketSink,
  FLAC,
  Input,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
  type AudioSample,
  type EncodedPacket,
  type InputAudioTrack,
  type PacketRetrievalOptions,
} from 'mediabunny';
import { KukuError } from '../../errors.ts';
import { MAX_UPLOAD_SECONDS } from '../../ports/audio-codec.ts';
import { decodeAac } from './audio-aac.ts';
import { createPacketDecoder } from './audio-packets.ts';
import { createRecording, invalidAudio, tooLong, type Recording } from './audio-recording.ts';

/**
 * Decodes a file to 16 kHz mono, whatever it is called: Mediabunny tells the container by its content and takes it
 * apart, small decoders do the packets. `check` is called between pieces and throws to stop.
 *
 * A file that breaks off or goes wrong half-way (a recording cut short by a lost connection) gives what came before.
 * Throws `invalid_audio` when that is nothing, `audio_too_long`, and what `check` throws.
 */
export async function decodeAudio(file: Uint8Array, check: () => Promise<void>): Promise<Int16Array<ArrayBuffer>> {
  const recording = createRecording();
  const input = new Input({
    source: new BufferSource(file),
    formats: [WAVE, MP3, WEBM, MATROSKA, OGG, MP4, QTFF, FLAC],
  });
  let problem: unknown;
  try {
    await decodeInto(recording, { input, file, check });
  } catch (error) {
    if (error instanceof KukuError) throw error;
    problem = error;
  } finally {
    input.dispose();
  }
  const pcm = recording.finish();
  if (pcm.length === 0) throw invalidAudio(problem);
  return pcm;
}

interface Source {
  input: Input;
  file: Uint8Array;
  check: () => Promise<void>;
}

async function decodeInto(recording: Recording, { input, file, check }: Source): Promise<void> {
  const track = await input.getPrimaryAudioTrack();
  const codec = await track?.getCodec();
  if (track === null || codec === null || codec === undefined) throw invalidAudio();
  if (codec.startsWith('pcm-') || codec === 'ulaw' || codec === 'alaw') await decodePcm(recording, track, check);
  else if (codec === 'vorbis') await decodeOggVorbis(recording, file, check);
  else if (codec === 'aac') await decodeAacFile(recording, track, { file, check });
  else await decodePackets(recording, track, check);
}

async function decodePcm(recording: Recording, track: InputAudioTrack, check: Source['check']): Promise<void> {
  for await (const sample of new AudioSampleSink(track).samples()) {
    try {
      recording.push(planesOf(sample), sample.sampleRate);
    } finally {
      sample.close();
    }
    await check();
  }
}

function planesOf(sample: AudioSample): Float32Array[] {
  return Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
    const plane = new Float32Array(sample.numberOfFrames);
    sample.copyTo(plane, { planeIndex, format: 'f32-planar' });
    return plane;
  });
}

async function decodePackets(recording: Recording, track: InputAudioTrack, check: Source['check']): Promise<void> {
  const config = await track.getDecoderConfig();
  const decoder = await createPacketDecoder({
    codec: (await track.getCodec()) ?? '',
    channels: config?.numberOfChannels ?? 1,
    description: config?.description === undefined ? undefined : bytesOf(config.description),
  });
  if (decoder === undefined) throw invalidAudio();
  try {
    for await (const packet of packetsOf(track)) {
      const { channels, sampleRate } = await decoder.decode(packet.data);
      recording.push(channels, sampleRate);
      await check();
    }
  } finally {
    decoder.close();
  }
}

/** One by one: the sink's own iteration reads ahead, and where the file breaks off it drops what it has read. */
async function* packetsOf(track: InputAudioTrack, options: PacketRetrievalOptions = {}): AsyncIterable<EncodedPacket> {
  const sink = new EncodedPacketSink(track);
  let packet = await sink.getFirstPacket(options);
  while (packet !== null) {
    yield packet;
    packet = await sink.getNextPacket(packet, options);
  }
}

/** Samples of one AAC packet, without spectral band replication. */
const AAC_PACKET_SAMPLES = 1024;

/** The packets are counted first: what the file says of its own length may be a lie. */
async function decodeAacFile(
  recording: Recording,
  track: InputAudioTrack,
  { file, check }: Pick<Source, 'file' | 'check'>,
): Promise<void> {
  const maxPackets = (MAX_UPLOAD_SECONDS * (await track.getSampleRate())) / AAC_PACKET_SAMPLES + 1;
  let packets = 0;
  for await (const _ of packetsOf(track, { metadataOnly: true })) {
    packets += 1;
    if (packets > maxPackets) throw tooLong();
    await check();
  }
  const { pcm, rate } = await decodeAac(file, MAX_UPLOAD_SECONDS + 1);
  recording.push([pcm], rate);
}

/**
 * A byte of Vorbis can become 4,096 samples a channel: the pieces are small, so that the limit is noticed in time.
 */
const VORBIS_PIECE_BYTES = 4096;

/** Vorbis comes with its Ogg pages: its decoder wants the whole file's bytes, in pieces. */
async function decodeOggVorbis(recording: Recording, file: Uint8Array, check: Source['check']): Promise<void> {
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  try {
    for (let at = 0; at < file.length; at += VORBIS_PIECE_BYTES) {
      const decoded = await decoder.decode(file.subarray(at, at + VORBIS_PIECE_BYTES));
      if (decoded.samplesDecoded > 0) recording.push(decoded.channelData, decoded.sampleRate);
      await check();
    }
    const rest = await decoder.flush();
    if (rest.samplesDecoded > 0) recording.push(rest.channelData, rest.sampleRate);
  } finally {
    decoder.free();
  }
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
