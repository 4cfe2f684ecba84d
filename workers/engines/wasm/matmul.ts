import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addressOf, withScratch } from './compiled-kernels.js';
import type { CompiledKernels } from './compiled-kernels.js';
import { allocate } from './heap.js';

/**
 * The product of two matrices, either transposed, but not both: no layer needs that.
 * @returns undefined for what this kernel does not cover
 */
export function matMul(
  kernels: CompiledKernels,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
): TensorInfo | undefined {
  // The core package gives matrices a leading dimension of 1.
  const isMatrix = ({ shape }: TensorInfo) => shape.slice(0, -2).every((size) => size === 1);
  if (!isMatrix(a) || !isMatrix(b) || (transposeA && transposeB)) return undefined;
  const [first, second] = a.shape.slice(-2) as [number, number];
  const [rows, depth] = transposeA ? [second, first] : [first, second];
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const product = allocate([...a.shape.slice(0, -2), rows, columns]);
  const [left, right, out] = [addressOf(a), addressOf(b), addressOf(product)];
  withScratch(kernels.multiplyScratch(rows, depth, columns), (scratch) => {
    if (transposeA) {
      kernels.multiplyTransposed(left, right, out, rows, depth, columns, scratch);
    } else {
      kernels.multiply(left, right, out, rows, depth, columns, transposeB, scratch);
    }
  });
  return product;
}
