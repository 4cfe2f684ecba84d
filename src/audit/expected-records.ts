import type { ConfigInSteps } from '../run/config-in-steps.js';
import type { SplitName } from '../protocol/index.js';
import { milestones } from '../trial/milestones.js';

/** A record that an undisturbed trial writes. */
export type ExpectedRecord =
  | { readonly event: 'trial.start' }
  | { readonly event: 'step' | 'checkpoint' | 'trial.end'; readonly step: number }
  | { readonly event: 'evaluation'; readonly step: number; readonly split: SplitName };

/**
 * The records of an undisturbed, completed trial, in order, but for those that end a variant's training.
 * @param isOver asked after the evaluations of a step: whether early stopping has ended all training
 */
export function* expectedRecords(
  config: Pick<ConfigInSteps, 'training' | 'evaluation' | 'checkpoint'>,
  isOver: () => boolean = () => false,
): Generator<ExpectedRecord, undefined> {
  yield { event: 'trial.start' };
  if (config.checkpoint.initial) yield { event: 'checkpoint', step: 0 };
  let done = 0;
  for (const milestone of milestones(config, 0)) {
    while (done < milestone.step) yield { event: 'step', step: ++done };
    const evaluations = config.evaluation.splits.map(({ split }) => {
      return { event: 'evaluation', step: done, split } as const;
    });
    if (milestone.evaluate) yield* evaluations;
    const over = isOver();
    if (over) yield* evaluations;
    if (milestone.checkpoint || over) yield { event: 'checkpoint', step: done };
    if (over) break;
  }
  yield { event: 'trial.end', step: done };
  return undefined;
}

/** For people: `evaluation on test after step 50`. */
export function describeRecord(record: ExpectedRecord): string {
  switch (record.event) {
    case 'trial.start':
      return 'trial.start';
    case 'evaluation':
      return `evaluation on ${record.split} after step ${record.step}`;
    case 'step':
      return `step ${record.step}`;
    case 'checkpoint':
    case 'trial.end':
      return `${record.event} after step ${record.step}`;
  }
}
