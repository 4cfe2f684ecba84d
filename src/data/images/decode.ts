import { readFile } from 'node:fs/promises';
import decodeJpeg, { init } from '@jsquash/jpeg/decode.js';
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import { LockstepError } from '../../protocol/index.js';
import { otherCopyHint } from '../read-file.js';
import type { ImageHeader } from './header.js';

/** An image's samples. */
interface Samples {
  /** `[height, width, stride]` uint8 */
  readonly values: ArrayLike<number>;
  /** Values a pixel, of which those after grey or blue do not count. */
  readonly stride: number;
}

/**
 * Decodes an image without its transparency.
 *
 * @param channels 1 for an image that is grey; 3 for any: a grey one has three equal channels
 * @param out `[height, width, channels]` uint8
 * @throws LockstepError `data` when the file is damaged
 */
export type DecodeImage = (
  content: Uint8Array,
  header: ImageHeader,
  file: string,
  channels: 1 | 3,
  out: Uint8Array,
) => Promise<void>;

/** Makes a decoder, to be used for one image after another. */
export function createDecoder(): DecodeImage {
  const decoders = { png: decodePngSamples, jpeg: createJpegDecoder() };
  return async (content, header, file, channels, out) => {
    let samples: Samples;
    try {
      samples = await decoders[header.format](content);
    } catch (cause) {
      throw new LockstepError(
        'data',
        `Expected an intact ${header.format.toUpperCase()} image in ${file}, got "${cause instanceof Error ? cause.message : String(cause)}" in ${content.byteLength} bytes.`,
        { hint: otherCopyHint, cause },
      );
    }
    const { values, stride } = samples;
    for (let pixel = 0; pixel < header.width * header.height; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        const from = header.channels === 1 ? 0 : channel;
        out[pixel * channels + channel] = values[pixel * stride + from]!;
      }
    }
  };
}

function decodePngSamples(content: Uint8Array): Promise<Samples> {
  const image = decodePng(content, { checkCrc: true });
  const values = image.palette === undefined ? image.data : convertIndexedToRgb(image);
  return Promise.resolve({ values, stride: values.length / (image.width * image.height) });
}

function createJpegDecoder(): (content: Uint8Array) => Promise<Samples> {
  let complaints: string[] = [];
  let loaded: Promise<void> | undefined;
  return async (content) => {
    complaints = [];
    await (loaded ??= loadJpeg((text) => complaints.push(text)));
    try {
      // Copied, as the decoder takes no shared memory.
      const decoded: unknown = await decodeJpeg(Uint8Array.from(content).buffer);
      const { data } = decoded as { readonly data: Uint8ClampedArray };
      if (complaints.length === 0) return { values: data, stride: 4 };
    } catch (cause) {
      // The decoder has ended itself.
      loaded = undefined;
      throw new Error(complaints.join('; ') || 'no image', { cause });
    }
    throw new Error(complaints.join('; '));
  };
}

/** Loads the decoder, whose warnings and errors go to `say`. */
async function loadJpeg(say: (text: string) => void): Promise<void> {
  const path = new URL(import.meta.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
  const compiled = await WebAssembly.compile(await readFile(path));
  const options = {
    printErr: say,
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: never) => void) {
      const instance = new WebAssembly.Instance(compiled, imports);
      // The package's types take it for a module.
      done(instance as never);
      return instance.exports;
    },
  };
  await init(options);
}
