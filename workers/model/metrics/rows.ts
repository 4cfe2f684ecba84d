import type { Outputs } from './metric.js';

/** One example: its logits and its class. */
export interface Row {
  readonly logits: Float32Array;
  readonly label: number;
}

/** Examples of classes one by one; their logits are views of one array. */
export function rowsOf({ outputs, width, targets }: Outputs): Row[] {
  return Array.from(targets, (label, row) => {
    return { logits: outputs.subarray(row * width, (row + 1) * width), label };
  });
}

/** The class with the largest logit, the first of equals. */
export function predictedClass(logits: Float32Array): number {
  let best = 0;
  for (let index = 1; index < logits.length; index += 1) {
    if (logits[index]! > logits[best]!) best = index;
  }
  return best;
}

/** Probabilities of all classes in float64, whatever the engine. */
export function softmax(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
