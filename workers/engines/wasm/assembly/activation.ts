import { erf } from './erf';
import { exp, expm1 } from './exponential';

const linear: i32 = 0;
const relu: i32 = 1;
const selu: i32 = 2;
const elu: i32 = 3;
const leakyRelu: i32 = 4;
const tanh: i32 = 5;
const sigmoid: i32 = 6;
const softplus: i32 = 7;
const gelu: i32 = 8;
const silu: i32 = 9;

const sqrtHalf: f32 = 0.7071067811865476;
/** 1 / sqrt(2 pi). */
const normalDensityAt0: f32 = 0.3989422804014327;
const seluScale: f32 = 1.0507009873554805;
const seluScaleAlpha: f32 = 1.7580993408473766;

/** Rows whose gradients are summed before they join the total: keeps float32 sums short. */
const rowBlock: i32 = 128;

function activate(x: v128, kind: i32, slope: f32): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (kind == linear) return x;
  if (kind == relu) return f32x4.max(x, zero);
  if (kind == leakyRelu) {
    return v128.bitselect(x, f32x4.mul(x, f32x4.splat(slope)), f32x4.gt(x, zero));
  }
  if (kind == tanh) {
    // tanh |x| = -e / (e + 2) with e = expm1(-2 |x|), which neither overflows nor cancels.
    const e = expm1(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)));
    const magnitude = f32x4.div(f32x4.neg(e), f32x4.add(e, f32x4.splat(2)));
    const sign = i32x4.splat(0x80000000);
    return v128.bitselect(x, magnitude, sign);
  }
  if (kind == softplus) return f32x4.add(f32x4.max(x, zero), log1p(exp(f32x4.neg(f32x4.abs(x)))));
  if (kind == gelu) return f32x4.mul(x, normalDistribution(x));
  if (kind == silu) return f32x4.mul(x, logistic(x));
  const negative = expm1(f32x4.min(x, zero));
  if (kind == selu) {
    return v128.bitselect(
      f32x4.mul(x, f32x4.splat(seluScale)),
      f32x4.mul(negative, f32x4.splat(seluScaleAlpha)),
      f32x4.gt(x, zero),
    );
  }
  if (kind == elu) return v128.bitselect(x, negative, f32x4.gt(x, zero));
  // sigmoid |x| = 1 / (1 + exp(-|x|)); a negative x has the complement, exp(-|x|) times as much.
  const e = f32x4.add(expm1(f32x4.neg(f32x4.abs(x))), one);
  const numerator = v128.bitselect(e, one, f32x4.lt(x, zero));
  return f32x4.div(numerator, f32x4.add(e, one));
}

/** `1 / (1 + exp(-x))`, exact far below 0, too. */
function logistic(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const numerator = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(e, one));
}

/** The distribution function of the standard normal distribution. */
function normalDistribution(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return f32x4.add(f32x4.mul(erf(f32x4.mul(x, f32x4.splat(sqrtHalf))), half), half);
}

/** `ln(1 + t)` for t in [0, 1]: 2 artanh(t / (2 + t)), whose series ends soon. */
function log1p(t: v128): v128 {
  const s = f32x4.div(t, f32x4.add(t, f32x4.splat(2)));
  const square = f32x4.mul(s, s);
  let p = f32x4.splat(1.0 / 15.0);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.0 / 13.0));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.0 / 11.0));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.0 / 9.0));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.0 / 7.0));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.0 / 5.0));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.0 / 3.0));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1));
  return f32x4.mul(f32x4.add(s, s), p);
}

/** An activation's derivative as a function of its output, or of its input where `fromInput` says so. */
function slopeAt(y: v128, kind: i32, slope: f32): v128 {
  const one = f32x4.splat(1);
  if (kind == linear) return one;
  if (kind == tanh) return f32x4.sub(one, f32x4.mul(y, y));
  const zero = f32x4.splat(0);
  const positive = f32x4.gt(y, zero);
  if (kind == relu) return v128.and(one, positive);
  // At 0 itself selu and elu have the slope of their positive side, as in TensorFlow.
  if (kind == selu) {
    const negative = f32x4.add(y, f32x4.splat(seluScaleAlpha));
    return v128.bitselect(negative, f32x4.splat(seluScale), f32x4.lt(y, zero));
  }
  if (kind == elu) return v128.bitselect(f32x4.add(y, one), one, f32x4.lt(y, zero));
  if (kind == leakyRelu) return v128.bitselect(one, f32x4.splat(slope), positive);
  if (kind == sigmoid) return f32x4.mul(y, f32x4.sub(one, y));
  if (kind == softplus) return f32x4.neg(expm1(f32x4.neg(y)));
  if (kind == gelu) {
    const exponent = f32x4.mul(f32x4.mul(y, y), f32x4.splat(-0.5));
    const density = f32x4.mul(exp(exponent), f32x4.splat(normalDensityAt0));
    return f32x4.add(normalDistribution(y), f32x4.mul(y, density));
  }
  const s = logistic(y);
  return f32x4.mul(s, f32x4.add(f32x4.mul(y, f32x4.sub(one, s)), one));
}

function fromInput(kind: i32): bool {
  return kind == gelu || kind == silu;
}

/**
 * `y = activation(x + bias)`.
 * @param x `[rows, channels]`
 * @param kind position in the engine's list of activations
 * @param slope of the leaky rectifier below 0
 */
export function biasActivation(
  x: usize,
  bias: usize,
  y: usize,
  rows: i32,
  channels: i32,
  kind: i32,
  slope: f32,
): void {
  const whole = channels & ~3;
  for (let row = 0; row < rows; row += 1) {
    for (let channel = 0; channel < whole; channel += 4) {
      const sum = f32x4.add(v128.load(x), v128.load(bias + ((<usize>channel) << 2)));
      v128.store(y, activate(sum, kind, slope));
      x += 16;
      y += 16;
    }
    for (let channel = whole; channel < channels; channel += 1) {
      const sum = load<f32>(x) + load<f32>(bias + ((<usize>channel) << 2));
      store<f32>(y, f32x4.extract_lane(activate(f32x4.splat(sum), kind, slope), 0));
      x += 4;
      y += 4;
    }
  }
}

/**
 * `dx = dy activation'` and `db`, its sum over the rows.
 * @param y the output, or the input x where the derivative takes that
 * @param sums scratch of `channels` floats
 * @param bias added to the input; not read where the derivative takes the output
 */
export function biasActivationGradient(
  dy: usize,
  y: usize,
  dx: usize,
  db: usize,
  rows: i32,
  channels: i32,
  kind: i32,
  slope: f32,
  sums: usize,
  bias: usize,
): void {
  const inputs = fromInput(kind);
  const whole = channels & ~3;
  const size = (<usize>channels) << 2;
  memory.fill(db, 0, size);
  memory.fill(sums, 0, size);
  for (let row = 0; row < rows; row += 1) {
    for (let channel = 0; channel < whole; channel += 4) {
      let at = v128.load(y);
      if (inputs) at = f32x4.add(at, v128.load(bias + ((<usize>channel) << 2)));
      const gradient = f32x4.mul(v128.load(dy), slopeAt(at, kind, slope));
      v128.store(dx, gradient);
      const sum = sums + ((<usize>channel) << 2);
      v128.store(sum, f32x4.add(v128.load(sum), gradient));
      dy += 16;
      y += 16;
      dx += 16;
    }
    for (let channel = whole; channel < channels; channel += 1) {
      let at = load<f32>(y);
      if (inputs) at += load<f32>(bias + ((<usize>channel) << 2));
      const slopes = slopeAt(f32x4.splat(at), kind, slope);
      const gradient = load<f32>(dy) * f32x4.extract_lane(slopes, 0);
      store<f32>(dx, gradient);
      const sum = sums + ((<usize>channel) << 2);
      store<f32>(sum, load<f32>(sum) + gradient);
      dy += 4;
      y += 4;
      dx += 4;
    }
    if ((row + 1) % rowBlock == 0 || row + 1 == rows) {
      for (let channel = 0; channel < channels; channel += 1) {
        const at = (<usize>channel) << 2;
        store<f32>(db + at, load<f32>(db + at) + load<f32>(sums + at));
        store<f32>(sums + at, 0);
      }
    }
  }
}
