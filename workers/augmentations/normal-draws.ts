import { readFileSync } from 'node:fs';
import { LockstepError } from '../../src/protocol/index.js';
import type { CompiledKernels } from '../engines/wasm/compiled-kernels.js';

/** The first words of the counters vary, from the first on; the others and the key's first word are these. */
export interface Stream {
  readonly counter: readonly [number, number, number];
  /** Its second word is 0. */
  readonly key: number;
}

/** As many blocks as are drawn at once; a multiple of four. */
const most = 1024;
const bytes = most * 4 * Float64Array.BYTES_PER_ELEMENT;
const page = 65536;

/** Fills an array with standard normal numbers, in float64, by Box and Muller: four from each block from 0 on. */
export type NormalDraws = (out: Float64Array, stream: Stream) => void;

let loaded: NormalDraws | undefined;

/**
 * The kernel that draws them, loaded when first used. Its logarithm, sine and cosine are polynomials, which are the
 * same on every engine and machine.
 * @throws LockstepError `worker` when its file is missing or this Node has no wasm SIMD
 */
export function normalDraws(): NormalDraws {
  return (loaded ??= load());
}

function load(): NormalDraws {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / page) });
  const { normalDraws: draw } = instantiate(memory);
  const drawn = new Float64Array(memory.buffer, 0, most * 4);
  return (out, { counter, key }) => {
    for (let at = 0; at < out.length; at += drawn.length) {
      const count = Math.min(drawn.length, out.length - at);
      draw(0, at / 4, 4 * Math.ceil(count / 16), ...counter, key);
      out.set(drawn.subarray(0, count), at);
    }
  };
}

function instantiate(memory: WebAssembly.Memory): CompiledKernels {
  const file = new URL('../engines/wasm/kernels.wasm', import.meta.url);
  try {
    const module = new WebAssembly.Module(readFileSync(file));
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return exports as unknown as CompiledKernels;
  } catch (cause) {
    throw new LockstepError('worker', 'the kernel that draws noise did not load', {
      cause,
      hint: 'Run `npm run build` again; it compiles it.',
    });
  }
}
