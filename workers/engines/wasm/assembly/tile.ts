/**
 * Register tiles of a matrix product: 4 rows by 8 columns of the result stay in eight vectors while
 * the sum runs. Both kernels read the right side packed: `[depth][8]` floats a panel.
 *
 * One term a turn, on purpose: of an unrolled turn V8 loads the operands of all terms first, more than
 * there are registers, and the sums spill to the stack (docs/decisions/0011).
 */

/** Columns of a packed panel of the right side. */
export const panelWidth: i32 = 8;
/** Rows of a tile. */
export const tileRows: i32 = 4;
/** Bytes of one row of a packed panel. */
export const panelStep: usize = 32;

/**
 * After this many terms a tile's sums are added to sums of sums of type T, and new ones begin. Rounding
 * errors grow with the root of a sum's length, so short sums of short sums have smaller ones.
 */
function termsPerSum<T>(): i32 {
  return sizeof<T>() == 8 ? 16 : 32;
}

/** Bytes of scratch for a tile's sums of sums: 128 of float32, 256 of float64. */
export const sumsSize: usize = 256;

/**
 * One tile whose rows are read in place. T is the type of the sums of sums: f64 halves the error of f32 and
 * takes a tenth longer.
 * @param table for each tap: the addresses of the four rows, then the panel's offset in bytes
 * @param depth consecutive floats a tap takes from every row
 * @param pitch bytes between rows of the result
 * @param sums scratch of `sumsSize` bytes
 */
export function rowTile<T>(
  table: usize,
  taps: i32,
  depth: i32,
  panel: usize,
  out: usize,
  pitch: usize,
  accumulate: bool,
  sums: usize,
): void {
  const out1 = out + pitch;
  const out2 = out1 + pitch;
  const out3 = out2 + pitch;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let terms = 0;
  let folded = false;
  for (let tap = 0; tap < taps; tap += 1) {
    let a0 = load<usize>(table);
    let a1 = load<usize>(table, 4);
    let a2 = load<usize>(table, 8);
    let a3 = load<usize>(table, 12);
    let b = panel + load<usize>(table, 16);
    table += 20;
    let left = depth;
    while (left > 0) {
      if (terms >= termsPerSum<T>()) {
        putAside<T>(sums, 0, c00, c01, folded);
        putAside<T>(sums, 1, c10, c11, folded);
        putAside<T>(sums, 2, c20, c21, folded);
        putAside<T>(sums, 3, c30, c31, folded);
        folded = true;
        terms = 0;
        c00 = f32x4.splat(0);
        c01 = c00;
        c10 = c00;
        c11 = c00;
        c20 = c00;
        c21 = c00;
        c30 = c00;
        c31 = c00;
      }
      const count = min(left, termsPerSum<T>() - terms);
      terms += count;
      left -= count;
      for (let i = count; i > 0; i -= 1) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        let a = v128.load_splat<f32>(a0);
        c00 = f32x4.add(c00, f32x4.mul(a, b0));
        c01 = f32x4.add(c01, f32x4.mul(a, b1));
        a = v128.load_splat<f32>(a1);
        c10 = f32x4.add(c10, f32x4.mul(a, b0));
        c11 = f32x4.add(c11, f32x4.mul(a, b1));
        a = v128.load_splat<f32>(a2);
        c20 = f32x4.add(c20, f32x4.mul(a, b0));
        c21 = f32x4.add(c21, f32x4.mul(a, b1));
        a = v128.load_splat<f32>(a3);
        c30 = f32x4.add(c30, f32x4.mul(a, b0));
        c31 = f32x4.add(c31, f32x4.mul(a, b1));
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
        b += panelStep;
      }
    }
  }
  if (folded) {
    c00 = total<T>(sums, 0, c00);
    c01 = total<T>(sums, 1, c01);
    c10 = total<T>(sums, 2, c10);
    c11 = total<T>(sums, 3, c11);
    c20 = total<T>(sums, 4, c20);
    c21 = total<T>(sums, 5, c21);
    c30 = total<T>(sums, 6, c30);
    c31 = total<T>(sums, 7, c31);
  }
  writeRow(out, c00, c01, accumulate);
  writeRow(out1, c10, c11, accumulate);
  writeRow(out2, c20, c21, accumulate);
  writeRow(out3, c30, c31, accumulate);
}

/**
 * {@link rowTile} with sums in float64, rounded once: for the short sums of a first layer, which cost little
 * and decide, at many more places than any other layer's, which unit of a pool is largest.
 * @param panel of float64
 */
export function preciseRowTile(
  table: usize,
  taps: i32,
  depth: i32,
  panel: usize,
  out: usize,
  pitch: usize,
): void {
  for (let half = 0; half < 2; half += 1) {
    let c00 = f64x2.splat(0);
    let c01 = c00;
    let c02 = c00;
    let c03 = c00;
    let c10 = c00;
    let c11 = c00;
    let c12 = c00;
    let c13 = c00;
    let at = table + ((<usize>half) << 3);
    let offset = table + 16;
    for (let tap = 0; tap < taps; tap += 1) {
      let a0 = load<usize>(at);
      let a1 = load<usize>(at, 4);
      let b = panel + (load<usize>(offset) << 1);
      at += 20;
      offset += 20;
      for (let i = depth; i > 0; i -= 1) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        const b2 = v128.load(b, 32);
        const b3 = v128.load(b, 48);
        let a = f64x2.splat(<f64>load<f32>(a0));
        c00 = f64x2.add(c00, f64x2.mul(a, b0));
        c01 = f64x2.add(c01, f64x2.mul(a, b1));
        c02 = f64x2.add(c02, f64x2.mul(a, b2));
        c03 = f64x2.add(c03, f64x2.mul(a, b3));
        a = f64x2.splat(<f64>load<f32>(a1));
        c10 = f64x2.add(c10, f64x2.mul(a, b0));
        c11 = f64x2.add(c11, f64x2.mul(a, b1));
        c12 = f64x2.add(c12, f64x2.mul(a, b2));
        c13 = f64x2.add(c13, f64x2.mul(a, b3));
        a0 += 4;
        a1 += 4;
        b += 2 * panelStep;
      }
    }
    const row = out + <usize>(2 * half) * pitch;
    writeRow(row, rounded(c00, c01), rounded(c02, c03), false);
    writeRow(row + pitch, rounded(c10, c11), rounded(c12, c13), false);
  }
}

/** Four float64 as float32. */
function rounded(low: v128, high: v128): v128 {
  const first = f32x4.demote_f64x2_zero(low);
  const second = f32x4.demote_f64x2_zero(high);
  return v128.shuffle<f32>(first, second, 0, 1, 4, 5);
}

/**
 * Adds to one tile the sum over a grid of positions of `left[position][4] x right[position][8]`.
 * @param left address of the four floats at the first position
 * @param leftStep bytes from a position to the next in its line
 * @param leftLine bytes from a line to the next
 * @param rightLine bytes from a line of the panel to the next
 * @param sums scratch of `sumsSize` bytes
 */
export function gridTile(
  left: usize,
  leftStep: usize,
  leftLine: usize,
  panel: usize,
  rightLine: usize,
  lines: i32,
  positions: i32,
  out: usize,
  pitch: usize,
  sums: usize,
): void {
  const out1 = out + pitch;
  const out2 = out1 + pitch;
  const out3 = out2 + pitch;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let terms = 0;
  let folded = false;
  for (let line = 0; line < lines; line += 1) {
    let at = left;
    let b = panel;
    let rest = positions;
    while (rest > 0) {
      if (terms >= termsPerSum<f32>()) {
        writeRow(sums, c00, c01, folded);
        writeRow(sums + 32, c10, c11, folded);
        writeRow(sums + 64, c20, c21, folded);
        writeRow(sums + 96, c30, c31, folded);
        folded = true;
        terms = 0;
        c00 = f32x4.splat(0);
        c01 = c00;
        c10 = c00;
        c11 = c00;
        c20 = c00;
        c21 = c00;
        c30 = c00;
        c31 = c00;
      }
      const count = min(rest, termsPerSum<f32>() - terms);
      terms += count;
      rest -= count;
      for (let i = count; i > 0; i -= 1) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        let a = v128.load_splat<f32>(at);
        c00 = f32x4.add(c00, f32x4.mul(a, b0));
        c01 = f32x4.add(c01, f32x4.mul(a, b1));
        a = v128.load_splat<f32>(at, 4);
        c10 = f32x4.add(c10, f32x4.mul(a, b0));
        c11 = f32x4.add(c11, f32x4.mul(a, b1));
        a = v128.load_splat<f32>(at, 8);
        c20 = f32x4.add(c20, f32x4.mul(a, b0));
        c21 = f32x4.add(c21, f32x4.mul(a, b1));
        a = v128.load_splat<f32>(at, 12);
        c30 = f32x4.add(c30, f32x4.mul(a, b0));
        c31 = f32x4.add(c31, f32x4.mul(a, b1));
        at += leftStep;
        b += panelStep;
      }
    }
    left += leftLine;
    panel += rightLine;
  }
  if (folded) {
    c00 = f32x4.add(c00, v128.load(sums));
    c01 = f32x4.add(c01, v128.load(sums, 16));
    c10 = f32x4.add(c10, v128.load(sums, 32));
    c11 = f32x4.add(c11, v128.load(sums, 48));
    c20 = f32x4.add(c20, v128.load(sums, 64));
    c21 = f32x4.add(c21, v128.load(sums, 80));
    c30 = f32x4.add(c30, v128.load(sums, 96));
    c31 = f32x4.add(c31, v128.load(sums, 112));
  }
  writeRow(out, c00, c01, true);
  writeRow(out1, c10, c11, true);
  writeRow(out2, c20, c21, true);
  writeRow(out3, c30, c31, true);
}

/** Adds the sums of a row to its sums of sums, or begins those. */
function putAside<T>(sums: usize, row: usize, left: v128, right: v128, begun: bool): void {
  if (sizeof<T>() == 4) {
    writeRow(sums + row * 32, left, right, begun);
  } else {
    const at = sums + row * 64;
    putDoubles(at, f64x2.promote_low_f32x4(left), begun);
    putDoubles(at + 16, f64x2.promote_low_f32x4(upperHalf(left)), begun);
    putDoubles(at + 32, f64x2.promote_low_f32x4(right), begun);
    putDoubles(at + 48, f64x2.promote_low_f32x4(upperHalf(right)), begun);
  }
}

function putDoubles(at: usize, sums: v128, begun: bool): void {
  v128.store(at, begun ? f64x2.add(v128.load(at), sums) : sums);
}

/** Vector number `index` of a tile: its sums of sums and what is left. */
function total<T>(sums: usize, index: usize, rest: v128): v128 {
  if (sizeof<T>() == 4) return f32x4.add(rest, v128.load(sums + index * 16));
  const at = sums + index * 32;
  return rounded(
    f64x2.add(v128.load(at), f64x2.promote_low_f32x4(rest)),
    f64x2.add(v128.load(at + 16), f64x2.promote_low_f32x4(upperHalf(rest))),
  );
}

/** The two upper floats, where promotion looks for them. */
function upperHalf(floats: v128): v128 {
  return v128.shuffle<f32>(floats, floats, 2, 3, 2, 3);
}

/** Sets two vectors of a result, or adds to them. */
function writeRow(out: usize, left: v128, right: v128, accumulate: bool): void {
  v128.store(out, accumulate ? f32x4.add(v128.load(out), left) : left);
  v128.store(out, accumulate ? f32x4.add(v128.load(out, 16), right) : right, 16);
}

/** Adds to, or sets, the corner of a result from a whole tile in `scratch`. */
export function spill(
  scratch: usize,
  out: usize,
  pitch: usize,
  rows: i32,
  columns: i32,
  accumulate: bool,
): void {
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const to = out + <usize>row * pitch + ((<usize>column) << 2);
      const value = load<f32>(scratch + ((<usize>(row * panelWidth + column)) << 2));
      store<f32>(to, accumulate ? load<f32>(to) + value : value);
    }
  }
}
