/** ln 2 in two parts, the first exact in few bits, so that its multiples lose nothing. */
const ln2High: f64 = 6.9314718036912381649e-1;
const ln2Low: f64 = 1.90821492927058770002e-10;
/** The bits of sqrt(1/2), up to which a mantissa counts as one of the octave below. */
const rootBits: i64 = 0x3fe6a09e667f3bcd;
const mantissaBits: i64 = 0x000fffffffffffff;

/**
 * The natural logarithm in float64 of positive normal numbers, to about one unit in the last place: with x = 2^k m,
 * m in [sqrt(1/2), sqrt(2)), f = m - 1 and s = f / (2 + f) it is k ln 2 + f - f^2 / 2 + s (f^2 / 2 + R(s^2)). The
 * polynomial R is that of the FreeBSD library's e_log.c.
 */
export function log(x: v128): v128 {
  // The exponent comes down as an integer that float64 takes: in the bits of 2^52 + 2^51.
  const shifted = i64x2.sub(x, i64x2.splat(rootBits));
  const k = i64x2.shr_s(shifted, 52);
  const m = i64x2.add(v128.and(shifted, i64x2.splat(mantissaBits)), i64x2.splat(rootBits));
  const exponent = f64x2.sub(
    i64x2.add(k, f64x2.splat(6755399441055744.0)),
    f64x2.splat(6755399441055744.0),
  );
  const f = f64x2.sub(m, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)));
  const z = f64x2.mul(s, s);
  let r = f64x2.splat(1.479819860511658591e-1);
  r = f64x2.add(f64x2.mul(r, z), f64x2.splat(1.531383769920937332e-1));
  r = f64x2.add(f64x2.mul(r, z), f64x2.splat(1.818357216161805012e-1));
  r = f64x2.add(f64x2.mul(r, z), f64x2.splat(2.222219843214978396e-1));
  r = f64x2.add(f64x2.mul(r, z), f64x2.splat(2.857142874366239149e-1));
  r = f64x2.add(f64x2.mul(r, z), f64x2.splat(3.999999999940941908e-1));
  r = f64x2.add(f64x2.mul(r, z), f64x2.splat(6.66666666666673513e-1));
  const half = f64x2.mul(f64x2.mul(f, f), f64x2.splat(0.5));
  const rest = f64x2.add(
    f64x2.mul(s, f64x2.add(half, f64x2.mul(r, z))),
    f64x2.mul(exponent, f64x2.splat(ln2Low)),
  );
  return f64x2.sub(f64x2.mul(exponent, f64x2.splat(ln2High)), f64x2.sub(f64x2.sub(half, rest), f));
}
