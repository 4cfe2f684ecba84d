const log2e: f32 = 1.44269504088896341;
/** ln 2 in two parts, the first exact in few bits, so that `x - n ln 2` loses nothing. */
const ln2High: f32 = 0.693359375;
const ln2Low: f32 = -2.1219444e-4;

/** Below this, `expm1` is -1 and `exp` about the least normal number. */
const lowest: f32 = -87.0;
const highest: f32 = 88.0;

/** `exp(x) - 1` in float32, to about one unit in the last place; NaN stays NaN. */
export function expm1(x: v128): v128 {
  const bounded = bound(x);
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(log2e)));
  const power = powerOf2(n);
  // exp(x) - 1 = 2^n p + (2^n - 1).
  return f32x4.add(f32x4.mul(rest(bounded, n), power), f32x4.sub(power, f32x4.splat(1)));
}

/** `exp(x)` in float32, to about one unit in the last place; NaN stays NaN. */
export function exp(x: v128): v128 {
  const bounded = bound(x);
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(log2e)));
  const power = powerOf2(n);
  return f32x4.add(f32x4.mul(rest(bounded, n), power), power);
}

function bound(x: v128): v128 {
  return f32x4.min(f32x4.max(x, f32x4.splat(lowest)), f32x4.splat(highest));
}

/**
 * `exp(x - n ln 2) - 1`, n being the nearest of x / ln 2.
 * The polynomial is that of the Cephes library's expf, without its leading 1.
 */
function rest(x: v128, n: v128): v128 {
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(ln2High)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(ln2Low)));
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  return f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r);
}

/** 2^n by its exponent bits. */
function powerOf2(n: v128): v128 {
  return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
}
