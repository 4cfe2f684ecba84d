/**
 * The gradient of 2 by 2 max pooling with strides of 2, for even sizes and channels in fours: each
 * gradient goes to the first maximum of its window, as in TensorFlow.
 * @param x `[lines * 2, columns * 2, channels]`, the images of a batch one below the other
 * @param dy `[lines, columns, channels]`
 */
export function maxPool2Gradient(
  x: usize,
  dy: usize,
  dx: usize,
  lines: i32,
  columns: i32,
  channels: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const below = <usize>columns * 2 * pixel;
  const corner = below + pixel;
  for (let line = 0; line < lines; line += 1) {
    for (let column = 0; column < columns; column += 1) {
      for (let channel = 0; channel < channels; channel += 4) {
        const gradient = v128.load(dy);
        let best = v128.load(x);
        const x1 = v128.load(x + pixel);
        const x2 = v128.load(x + below);
        const x3 = v128.load(x + corner);
        const take1 = f32x4.gt(x1, best);
        best = v128.bitselect(x1, best, take1);
        const take2 = f32x4.gt(x2, best);
        best = v128.bitselect(x2, best, take2);
        const take3 = f32x4.gt(x3, best);
        const after2 = v128.andnot(gradient, take3);
        const after1 = v128.andnot(after2, take2);
        v128.store(dx, v128.andnot(after1, take1));
        v128.store(dx + pixel, v128.and(after1, take1));
        v128.store(dx + below, v128.and(after2, take2));
        v128.store(dx + corner, v128.and(gradient, take3));
        dy += 16;
        x += 16;
        dx += 16;
      }
      x += pixel;
      dx += pixel;
    }
    x += below;
    dx += below;
  }
}
