import { testLabelsMd5 } from '../data/dataset.js';
import type { Dataset } from '../data/dataset.js';
import type { Config } from '../config/schema.js';
import { writeAtomic } from '../files/write-atomic.js';
import type { SplitMetrics } from './evaluate.js';
import { encodePredictions } from '../predictions/predictions-file.js';
import type { SplitName } from '../protocol/index.js';
import type { TrialOptions } from './options.js';

/** Whether an evaluation is the one whose predictions are kept: on the test split, at the end. */
export function predictsAfter(
  step: number,
  { split }: { readonly split: SplitName },
  { evaluation, training }: Pick<Config, 'evaluation' | 'training'>,
): boolean {
  return evaluation.predictions === true && split === 'test' && step === training.steps;
}

/** Writes the trial's predictions; before the last checkpoint, after which nothing is evaluated again. */
export async function savePredictions(
  { trial, files }: TrialOptions,
  dataset: Dataset,
  step: number,
  metrics: Readonly<Record<string, SplitMetrics>>,
): Promise<void> {
  const variants = Object.fromEntries(
    Object.entries(metrics).map(([name, { predictions }]) => [name, predictions!]),
  );
  const labelsMd5 = testLabelsMd5(dataset);
  await writeAtomic(
    files.predictions,
    encodePredictions({ seed: trial.seed, step, labelsMd5, variants }),
  );
}
