import { readFile } from 'node:fs/promises';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { LockstepError } from '../../../src/protocol/index.js';
import { allocate, backend, release } from './heap.js';

/** An address in the backend's memory, in bytes. */
type Address = number;

/** Members of the backend's module that its type declarations lack. */
interface EmscriptenModule {
  readonly asm: { readonly memory: WebAssembly.Memory };
}

/** The exports of `assembly/index.ts`: their arguments in order, addresses of float32 data first. */
interface CompiledExports {
  multiply(
    left: Address,
    right: Address,
    out: Address,
    rows: number,
    depth: number,
    columns: number,
    transposeRight: boolean,
    scratch: Address,
  ): void;
  multiplyTransposed(
    left: Address,
    right: Address,
    out: Address,
    rows: number,
    depth: number,
    columns: number,
    scratch: Address,
  ): void;
  multiplyScratch(rows: number, depth: number, columns: number): number;
  convolve(
    x: Address,
    filter: Address,
    out: Address,
    batch: number,
    height: number,
    width: number,
    channels: number,
    spread: number,
    top: number,
    left: number,
    paddedHeight: number,
    paddedWidth: number,
    filterHeight: number,
    filterWidth: number,
    filters: number,
    stride: number,
    outHeight: number,
    outWidth: number,
    forward: boolean,
    scratch: Address,
  ): void;
  convolveScratch(
    paddedHeight: number,
    paddedWidth: number,
    channels: number,
    filterHeight: number,
    filterWidth: number,
    filters: number,
  ): number;
  flipFilter(filter: Address, taps: number, channels: number, filters: number, out: Address): void;
  filterGradient(
    x: Address,
    dy: Address,
    out: Address,
    batch: number,
    height: number,
    width: number,
    channels: number,
    top: number,
    left: number,
    paddedHeight: number,
    paddedWidth: number,
    filterHeight: number,
    filterWidth: number,
    filters: number,
    stride: number,
    outHeight: number,
    outWidth: number,
    scratch: Address,
  ): void;
  filterGradientScratch(
    paddedHeight: number,
    paddedWidth: number,
    channels: number,
    filters: number,
    pixels: number,
    filterSize: number,
  ): number;
  convMaxPoolGradient(
    x: Address,
    filter: Address,
    convolved: Address,
    dy: Address,
    dFilter: Address,
    dx: Address,
    batch: number,
    height: number,
    width: number,
    inputs: number,
    outputs: number,
    kernel: number,
    padding: number,
    pooledHeight: number,
    pooledWidth: number,
    poolSize: number,
    stride: number,
    scratch: Address,
  ): void;
  convMaxPoolGradientScratch(
    height: number,
    width: number,
    inputs: number,
    outputs: number,
    kernel: number,
    padding: number,
    positions: number,
  ): number;
  biasActivation(
    x: Address,
    bias: Address,
    y: Address,
    rows: number,
    channels: number,
    kind: number,
    slope: number,
  ): void;
  biasActivationGradient(
    dy: Address,
    y: Address,
    dx: Address,
    db: Address,
    rows: number,
    channels: number,
    kind: number,
    slope: number,
    sums: Address,
  ): void;
  maxPool2Gradient(
    x: Address,
    dy: Address,
    dx: Address,
    lines: number,
    columns: number,
    channels: number,
  ): void;
  descend(weights: Address, direction: Address, size: number, rate: number): void;
}

/** This engine's own kernels, which work on tensors where they lie in the backend's memory. */
export type CompiledKernels = Readonly<CompiledExports>;

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
