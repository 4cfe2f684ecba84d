import type { EvaluateReply } from '../../src/protocol/index.js';
import type { Outputs } from './metrics/metric.js';
import { predictedClass, rowsOf, softmax } from './metrics/rows.js';

/** The class of each example with the largest logit, the first of equals, and its softmax probability. */
export function predictionsOf(
  outputs: Outputs,
): Required<Pick<EvaluateReply, 'predictions' | 'confidences'>> {
  const rows = rowsOf(outputs);
  const predictions = Uint8Array.from(rows, ({ logits }) => predictedClass(logits));
  const confidences = Float32Array.from(
    rows,
    ({ logits }, row) => softmax(logits)[predictions[row]!]!,
  );
  return { predictions, confidences };
}
