/** Decoders of single compressed packets, one interface over several libraries. */
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { MPEGDecoder } from 'mpg123-decoder';
import { OpusDecoder } from 'opus-decoder';

/** Samples of one packet, a channel each, -1 to 1. */
export interface DecodedPacket {
  channels: readonly Float32Array[];
  sampleRate: number;
}

export interface PacketDecoder {
  /** No channels where the packet is broken or holds none. */
  decode(packet: Uint8Array): Promise<DecodedPacket>;
  close(): void;
}

/** What the container says about its track. */
export interface TrackConfig {
  codec: string;
  channels: number;
  /** The codec's own header: for Opus, OpusHead. */
  description: Uint8Array | undefined;
}

/** Undefined for a codec that nothing here decodes. Throws where the track's header is broken. */
export async function createPacketDecoder(config: TrackConfig): Promise<PacketDecoder | undefined> {
  switch (config.codec) {
    case 'opus':
      return createOpus(config);
    case 'mp3':
      return createWasm(new MPEGDecoder(), (decoder, packet) => decoder.decodeFrame(packet));
    case 'flac':
      return createWasm(new FLACDecoder(), (decoder, packet) => decoder.decodeFrames([packet]));
    default:
      return undefined;
  }
}

interface WasmDecoder {
  ready: Promise<void>;
  free(): void;
}
interface WasmDecoded {
  channelData: Float32Array[];
  samplesDecoded: number;
  sampleRate: number;
}

async function createWasm<D extends WasmDecoder>(
  decoder: D,
  decode: (decoder: D, packet: Uint8Array) => WasmDecoded | Promise<WasmDecoded>,
): Promise<PacketDecoder> {
  await decoder.ready;
  return {
    async decode(packet) {
      const { channelData, samplesDecoded, sampleRate } = await decode(decoder, packet);
      return { channels: samplesDecoded > 0 ? channelData : [], sampleRate };
    },
    close: () => decoder.free(),
  };
}

/** OpusHead: RFC 7845, section 5.1. Without one (some WebM writers) the container's channel count is all there is. */
async function createOpus({ channels, description }: TrackConfig): Promise<PacketDecoder> {
  const head = description !== undefined && description.length >= 19 ? new DataView(description.slice().buffer) : null;
  const options = {
    channels: head?.getUint8(9) ?? channels,
    preSkip: head?.getUint16(10, true) ?? 0,
  };
  if (head === null || head.getUint8(18) === 0) {
    return createWasm(new OpusDecoder(options), (decoder, packet) => decoder.decodeFrame(packet));
  }
  const surround = {
    ...options,
    streamCount: head.getUint8(19),
    coupledStreamCount: head.getUint8(20),
    channelMappingTable: Array.from({ length: options.channels }, (_, i) => head.getUint8(21 + i)),
  };
  return createWasm(new OpusDecoder(surround), (decoder, packet) => decoder.decodeFrame(packet));
}
