/** `weights -= rate * direction`, in place. */
export function descend(weights: usize, direction: usize, size: i32, rate: f32): void {
  const whole = size & ~3;
  const rates = f32x4.splat(rate);
  for (let i = 0; i < whole; i += 4) {
    const step = f32x4.mul(v128.load(direction), rates);
    v128.store(weights, f32x4.sub(v128.load(weights), step));
    weights += 16;
    direction += 16;
  }
  for (let i = whole; i < size; i += 1) {
    store<f32>(weights, load<f32>(weights) - load<f32>(direction) * rate);
    weights += 4;
    direction += 4;
  }
}
