declare namespace __AdaptedExports {
  /**
   * workers/engines/wasm/assembly/activation/biasActivation
   * @param x `usize`
   * @param bias `usize`
   * @param y `usize`
   * @param rows `i32`
   * @param channels `i32`
   * @param kind `i32`
   * @param slope `f32`
   */
  export function biasActivation(x: number, bias: number, y: number, rows: number, channels: number, kind: number, slope: number): void;
  /**
   * workers/engines/wasm/assembly/activation/biasActivationGradient
   * @param dy `usize`
   * @param y `usize`
   * @param dx `usize`
   * @param db `usize`
   * @param rows `i32`
   * @param channels `i32`
   * @param kind `i32`
   * @param slope `f32`
   * @param sums `usize`
   * @param bias `usize`
   */
  export function biasActivationGradient(dy: number, y: number, dx: number, db: number, rows: number, channels: number, kind: number, slope: number, sums: number, bias: number): void;
  /**
   * workers/engines/wasm/assembly/conv-max-pool/convMaxPoolGradient
   * @param x `usize`
   * @param filter `usize`
   * @param convolved `usize`
   * @param dy `usize`
   * @param dFilter `usize`
   * @param dx `usize`
   * @param batch `i32`
   * @param height `i32`
   * @param width `i32`
   * @param inputs `i32`
   * @param outputs `i32`
   * @param kernel `i32`
   * @param padding `i32`
   * @param pooledHeight `i32`
   * @param pooledWidth `i32`
   * @param poolSize `i32`
   * @param stride `i32`
   * @param scratch `usize`
   */
  export function convMaxPoolGradient(x: number, filter: number, convolved: number, dy: number, dFilter: number, dx: number, batch: number, height: number, width: number, inputs: number, outputs: number, kernel: number, padding: number, pooledHeight: number, pooledWidth: number, poolSize: number, stride: number, scratch: number): void;
  /**
   * workers/engines/wasm/assembly/conv-max-pool/convMaxPoolGradientScratch
   * @param height `i32`
   * @param width `i32`
   * @param inputs `i32`
   * @param outputs `i32`
   * @param kernel `i32`
   * @param padding `i32`
   * @param positions `i32`
   * @returns `i32`
   */
  export function convMaxPoolGradientScratch(height: number, width: number, inputs: number, outputs: number, kernel: number, padding: number, positions: number): number;
  /**
   * workers/engines/wasm/assembly/conv2d/convolve
   * @param x `usize`
   * @param filter `usize`
   * @param out `usize`
   * @param batch `i32`
   * @param height `i32`
   * @param width `i32`
   * @param channels `i32`
   * @param spreadHeight `i32`
   * @param top `i32`
   * @param left `i32`
   * @param paddedHeight `i32`
   * @param paddedWidth `i32`
   * @param filterHeight `i32`
   * @param filterWidth `i32`
   * @param filters `i32`
   * @param strideHeight `i32`
   * @param outHeight `i32`
   * @param outWidth `i32`
   * @param forward `bool`
   * @param scratch `usize`
   * @param strideWidth `i32`
   * @param spreadWidth `i32`
   */
  export function convolve(x: number, filter: number, out: number, batch: number, height: number, width: number, channels: number, spreadHeight: number, top: number, left: number, paddedHeight: number, paddedWidth: number, filterHeight: number, filterWidth: number, filters: number, strideHeight: number, outHeight: number, outWidth: number, forward: boolean, scratch: number, strideWidth: number, spreadWidth: number): void;
  /**
   * workers/engines/wasm/assembly/conv2d/convolveScratch
   * @param paddedHeight `i32`
   * @param paddedWidth `i32`
   * @param channels `i32`
   * @param filterHeight `i32`
   * @param filterWidth `i32`
   * @param filters `i32`
   * @returns `i32`
   */
  export function convolveScratch(paddedHeight: number, paddedWidth: number, channels: number, filterHeight: number, filterWidth: number, filters: number): number;
  /**
   * workers/engines/wasm/assembly/conv2d/filterGradient
   * @param x `usize`
   * @param dy `usize`
   * @param out `usize`
   * @param batch `i32`
   * @param height `i32`
   * @param width `i32`
   * @param channels `i32`
   * @param top `i32`
   * @param left `i32`
   * @param paddedHeight `i32`
   * @param paddedWidth `i32`
   * @param filterHeight `i32`
   * @param filterWidth `i32`
   * @param filters `i32`
   * @param strideHeight `i32`
   * @param outHeight `i32`
   * @param outWidth `i32`
   * @param scratch `usize`
   * @param strideWidth `i32`
   */
  export function filterGradient(x: number, dy: number, out: number, batch: number, height: number, width: number, channels: number, top: number, left: number, paddedHeight: number, paddedWidth: number, filterHeight: number, filterWidth: number, filters: number, strideHeight: number, outHeight: number, outWidth: number, scratch: number, strideWidth: number): void;
  /**
   * workers/engines/wasm/assembly/conv2d/filterGradientScratch
   * @param paddedHeight `i32`
   * @param paddedWidth `i32`
   * @param channels `i32`
   * @param filters `i32`
   * @param pixels `i32`
   * @param filterSize `i32`
   * @returns `i32`
   */
  export function filterGradientScratch(paddedHeight: number, paddedWidth: number, channels: number, filters: number, pixels: number, filterSize: number): number;
  /**
   * workers/engines/wasm/assembly/conv2d/flipFilter
   * @param filter `usize`
   * @param taps `i32`
   * @param channels `i32`
   * @param filters `i32`
   * @param out `usize`
   */
  export function flipFilter(filter: number, taps: number, channels: number, filters: number, out: number): void;
  /**
   * workers/engines/wasm/assembly/descend/descend
   * @param weights `usize`
   * @param direction `usize`
   * @param size `i32`
   * @param rate `f32`
   */
  export function descend(weights: number, direction: number, size: number, rate: number): void;
  /**
   * workers/engines/wasm/assembly/matmul/multiply
   * @param left `usize`
   * @param right `usize`
   * @param out `usize`
   * @param rows `i32`
   * @param depth `i32`
   * @param columns `i32`
   * @param transposeRight `bool`
   * @param scratch `usize`
   */
  export function multiply(left: number, right: number, out: number, rows: number, depth: number, columns: number, transposeRight: boolean, scratch: number): void;
  /**
   * workers/engines/wasm/assembly/matmul/multiplyScratch
   * @param rows `i32`
   * @param depth `i32`
   * @param columns `i32`
   * @returns `i32`
   */
  export function multiplyScratch(rows: number, depth: number, columns: number): number;
  /**
   * workers/engines/wasm/assembly/matmul/multiplyTransposed
   * @param left `usize`
   * @param right `usize`
   * @param out `usize`
   * @param rows `i32`
   * @param depth `i32`
   * @param columns `i32`
   * @param scratch `usize`
   */
  export function multiplyTransposed(left: number, right: number, out: number, rows: number, depth: number, columns: number, scratch: number): void;
  /**
   * workers/engines/wasm/assembly/max-pool/maxPool2Gradient
   * @param x `usize`
   * @param dy `usize`
   * @param dx `usize`
   * @param lines `i32`
   * @param columns `i32`
   * @param channels `i32`
   */
  export function maxPool2Gradient(x: number, dy: number, dx: number, lines: number, columns: number, channels: number): void;
  /**
   * workers/engines/wasm/assembly/normal-draws/normalDraws
   * @param out `usize`
   * @param first `i32`
   * @param blocks `i32`
   * @param counter1 `i32`
   * @param counter2 `i32`
   * @param counter3 `i32`
   * @param key `i32`
   */
  export function normalDraws(out: number, first: number, blocks: number, counter1: number, counter2: number, counter3: number, key: number): void;
}
/** Instantiates the compiled WebAssembly module with the given imports. */
export declare function instantiate(module: WebAssembly.Module, imports: {
}): Promise<typeof __AdaptedExports>;
