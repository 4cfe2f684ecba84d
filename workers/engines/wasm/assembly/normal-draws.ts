import { log } from './logarithm';
import { smallCosine, smallSine } from './circle';

/** Of Philox 4x32-10: `src/random/philox.ts` has the same for one block. */
const rounds = 10;
const multiplier0: i32 = 0xd2511f53;
const multiplier1: i32 = 0xcd9e8d57;
const weyl0: i32 = 0x9e3779b9;
const weyl1: i32 = 0xbb67ae85;

/**
 * Standard normal numbers of Box and Muller, float64, four from each of consecutive Philox blocks, whose key is
 * (key, 0) and whose counters differ in their first word.
 * @param out of 4 `blocks` numbers
 * @param first the first word of the first block's counter
 * @param blocks a multiple of four
 */
export function normalDraws(
  out: usize,
  first: i32,
  blocks: i32,
  counter1: i32,
  counter2: i32,
  counter3: i32,
  key: i32,
): void {
  for (let block = 0; block < blocks; block += 4) {
    let x0 = i32x4.add(i32x4.splat(first + block), i32x4(0, 1, 2, 3));
    let x1 = i32x4.splat(counter1);
    let x2 = i32x4.splat(counter2);
    let x3 = i32x4.splat(counter3);
    let k0 = key;
    let k1 = 0;
    for (let round = 0; round < rounds; round++) {
      const a = i64x2.extmul_low_i32x4_u(x0, i32x4.splat(multiplier0));
      const b = i64x2.extmul_high_i32x4_u(x0, i32x4.splat(multiplier0));
      const c = i64x2.extmul_low_i32x4_u(x2, i32x4.splat(multiplier1));
      const d = i64x2.extmul_high_i32x4_u(x2, i32x4.splat(multiplier1));
      const high0 = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
      const high1 = v128.shuffle<i32>(c, d, 1, 3, 5, 7);
      x0 = v128.xor(v128.xor(high1, x1), i32x4.splat(k0));
      x1 = v128.shuffle<i32>(c, d, 0, 2, 4, 6);
      x2 = v128.xor(v128.xor(high0, x3), i32x4.splat(k1));
      x3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
      k0 += weyl0;
      k1 += weyl1;
    }
    const to = out + ((<usize>block) << 5);
    // Two blocks at a time, as a float64 is twice as wide as a word.
    boxMuller(to, x0, x1);
    boxMuller(to + 16, x2, x3);
    boxMuller(to + 64, upper(x0), upper(x1));
    boxMuller(to + 80, upper(x2), upper(x3));
  }
}

function upper(words: v128): v128 {
  return v128.shuffle<i32>(words, words, 2, 3, 2, 3);
}

/** Two pairs, 32 bytes apart, of the words in the two lower lanes. */
function boxMuller(out: usize, radii: v128, angles: v128): void {
  const radius = f64x2.sqrt(f64x2.mul(log(openUniform(radii)), f64x2.splat(-2)));
  const quarters = f64x2.mul(openUniform(angles), f64x2.splat(4));
  const whole = f64x2.nearest(quarters);
  const angle = f64x2.mul(f64x2.sub(quarters, whole), f64x2.splat(Math.PI / 2));
  // The lower bits of 2^52 + n are those of n.
  const turned = f64x2.add(whole, f64x2.splat(4503599627370496.0));
  const isOdd = i64x2.ne(v128.and(turned, i64x2.splat(1)), i64x2.splat(0));
  const sine = smallSine(angle);
  const cosine = smallCosine(angle);
  const x = f64x2.mul(
    radius,
    signed(v128.bitselect(sine, cosine, isOdd), i64x2.add(turned, i64x2.splat(1))),
  );
  const y = f64x2.mul(radius, signed(v128.bitselect(cosine, sine, isOdd), turned));
  v128.store(out, v128.shuffle<i64>(x, y, 0, 2));
  v128.store(out + 32, v128.shuffle<i64>(x, y, 1, 3));
}

/** Negative in the quarters 2 and 3 of a turn. */
function signed(x: v128, quarter: v128): v128 {
  return v128.xor(x, i64x2.shl(v128.and(quarter, i64x2.splat(2)), 62));
}

/** The middles of two of 2^32 equal parts of (0, 1). */
function openUniform(words: v128): v128 {
  const middles = f64x2.add(f64x2.convert_low_i32x4_u(words), f64x2.splat(0.5));
  return f64x2.mul(middles, f64x2.splat(1.0 / 4294967296.0));
}
