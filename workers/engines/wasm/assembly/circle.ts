/** Sine and cosine in float64 of at most an eighth of a turn, to about one unit in the last place. */

/** The polynomial of the FreeBSD library's k_sin.c. */
export function smallSine(angle: v128): v128 {
  const square = f64x2.mul(angle, angle);
  let p = f64x2.splat(1.58969099521155010221e-10);
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(-2.50507602534068634195e-8));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(2.75573137070700676789e-6));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(-1.98412698298579493134e-4));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(8.33333333332248946124e-3));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(-1.66666666666666324348e-1));
  return f64x2.add(angle, f64x2.mul(f64x2.mul(angle, square), p));
}

/** The polynomial of its k_cos.c. */
export function smallCosine(angle: v128): v128 {
  const square = f64x2.mul(angle, angle);
  let p = f64x2.splat(-1.13596475577881948265e-11);
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(2.0875723212981748279e-9));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(-2.75573143513906633035e-7));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(2.48015872894767294178e-5));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(-1.38888888888741095749e-3));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(4.16666666666666019037e-2));
  const half = f64x2.mul(square, f64x2.splat(0.5));
  return f64x2.sub(f64x2.splat(1), f64x2.sub(half, f64x2.mul(f64x2.mul(square, square), p)));
}
