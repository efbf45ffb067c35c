/** What is used of the engine, an Emscripten module of Pico's C API (`picoapi.h`). Addresses are bytes in its memory. */
declare module '@echogarden/svoxpico-wasm' {
  /** 0 is success, for all but `_pico_getData`. */
  type Status = number;
  type Address = number;

  export interface Pico {
    readonly HEAP16: Int16Array;
    readonly HEAP32: Int32Array;
    readonly HEAPU8: Uint8Array;
    readonly FS: { writeFile(path: string, data: Uint8Array): void; unlink(path: string): void };
    _malloc(bytes: number): Address;
    _free(address: Address): void;
    _pico_initialize(memory: Address, bytes: number, outSystem: Address): Status;
    _pico_loadResource(system: Address, path: Address, outResource: Address): Status;
    /** Writes at most 32 bytes. */
    _pico_getResourceName(system: Address, resource: Address, outName: Address): Status;
    _pico_createVoiceDefinition(system: Address, voiceName: Address): Status;
    _pico_addResourceToVoiceDefinition(system: Address, voiceName: Address, resourceName: Address): Status;
    _pico_newEngine(system: Address, voiceName: Address, outEngine: Address): Status;
    /** `outTaken` is an int16: how many bytes fitted. The closing NUL, when it is among them, starts the synthesis. */
    _pico_putTextUtf8(engine: Address, text: Address, bytes: number, outTaken: Address): Status;
    /** 200 idle, 201 busy. `outBytes` and `outType` are int16. */
    _pico_getData(engine: Address, buffer: Address, bytes: number, outBytes: Address, outType: Address): Status;
    /** Forgets all text; `mode` 0 keeps the voice. */
    _pico_resetEngine(engine: Address, mode: number): Status;
  }

  export default function createPico(): Promise<Pico>;
}
