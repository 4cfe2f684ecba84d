import type { MetricSums } from './metric.js';
import { rowsOf } from './rows.js';

/** How many examples have their class among the k with the largest logits, the first of equals first. */
export const topAccuracy =
  (k: number): MetricSums =>
  (results) => {
    const hits = rowsOf(results).filter(({ logits, label }) => rankOf(label, logits) < k);
    return { [`top${k}Correct`]: hits.length };
  };

/** How many classes come before one: those with a larger logit, or the same and a smaller index. */
function rankOf(label: number, logits: Float32Array): number {
  const own = logits[label]!;
  return logits.reduce((rank, logit, index) => {
    return logit > own || (logit === own && index < label) ? rank + 1 : rank;
  }, 0);
}
