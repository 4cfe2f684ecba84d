import { panelWidth } from './tile';

/**
 * Packs a row-major matrix into panels `[panel][rows][width]`, the last one filled up with zeros.
 * @param pitch floats between rows
 * @param width 4 or 8
 */
export function packPanels(
  from: usize,
  rows: i32,
  columns: i32,
  pitch: i32,
  width: i32,
  to: usize,
): void {
  const step = (<usize>pitch) << 2;
  for (let column = 0; column < columns; column += width) {
    let at = from + ((<usize>column) << 2);
    const count = min(width, columns - column);
    for (let row = 0; row < rows; row += 1) {
      if (count == width) {
        v128.store(to, v128.load(at));
        if (width == 8) v128.store(to, v128.load(at, 16), 16);
      } else {
        for (let i = 0; i < width; i += 1) {
          const value = i < count ? load<f32>(at + ((<usize>i) << 2)) : <f32>0;
          store<f32>(to + ((<usize>i) << 2), value);
        }
      }
      at += step;
      to += (<usize>width) << 2;
    }
  }
}

/** Packs the transpose of a row-major matrix `[columns, rows]` into panels `[panel][rows][8]`. */
export function packTransposed(from: usize, rows: i32, columns: i32, pitch: i32, to: usize): void {
  const step = (<usize>pitch) << 2;
  for (let column = 0; column < columns; column += panelWidth) {
    const base = from + <usize>column * step;
    const count = min(panelWidth, columns - column);
    const quads = count == panelWidth ? rows >> 2 : 0;
    for (let quad = 0; quad < quads; quad += 1) {
      const at = base + ((<usize>quad) << 4);
      transpose4(at, step, to);
      transpose4(at + 4 * step, step, to + 16);
      to += 128;
    }
    for (let row = quads << 2; row < rows; row += 1) {
      for (let i = 0; i < panelWidth; i += 1) {
        const value = i < count ? load<f32>(base + <usize>i * step + ((<usize>row) << 2)) : <f32>0;
        store<f32>(to + ((<usize>i) << 2), value);
      }
      to += 32;
    }
  }
}

/** Four floats of each of four rows become four columns of a panel. */
function transpose4(from: usize, step: usize, to: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + step);
  const r2 = v128.load(from + 2 * step);
  const r3 = v128.load(from + 3 * step);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7), 96);
}

/** Floats as doubles. */
export function promote(from: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i += 4) {
    const floats = v128.load(from);
    v128.store(to, f64x2.promote_low_f32x4(floats));
    v128.store(to, f64x2.promote_low_f32x4(v128.shuffle<f32>(floats, floats, 2, 3, 2, 3)), 16);
    from += 16;
    to += 32;
  }
}
