import { readFile } from 'node:fs/promises';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { LockstepError } from '../../../src/protocol/index.js';
import { allocate, backend, release } from './heap.js';
import type { instantiate } from './assembly.js';

/** An address in the backend's memory, in bytes. */
type Address = number;

/** Members of the backend's module that its type declarations lack. */
interface EmscriptenModule {
  readonly asm: { readonly memory: WebAssembly.Memory };
}

/** This engine's own kernels, which work on tensors where they lie in the backend's memory. */
export type CompiledKernels = Readonly<Awaited<ReturnType<typeof instantiate>>>;

/** @throws LockstepError `worker` when the file is missing or this Node has no wasm SIMD */
export async function loadCompiledKernels(): Promise<CompiledKernels> {
  const file = new URL('kernels.wasm', import.meta.url);
  const { memory } = (backend().wasm as unknown as EmscriptenModule).asm;
  try {
    const { instance } = await WebAssembly.instantiate(await readFile(file), { env: { memory } });
    return instance.exports as unknown as CompiledKernels;
  } catch (cause) {
    throw new LockstepError('worker', 'the kernels of the wasm engine did not load', {
      cause,
      hint: 'Run `npm run build` again; it compiles them.',
    });
  }
}

/** Where a tensor's values start. */
export function addressOf(tensor: TensorInfo): Address {
  return backend().dataIdMap.get(tensor.dataId).memoryOffset;
}

/** Calls `use` with the address of this many floats, which are freed afterwards. */
export function withScratch(floats: number, use: (scratch: Address) => void): void {
  const scratch = allocate([floats]);
  try {
    use(addressOf(scratch));
  } finally {
    release(scratch);
  }
}
