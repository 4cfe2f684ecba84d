import type { ConfigInSteps } from '../run/config-in-steps.js';

/** A step after which the pipeline drains, because something reads the weights there. */
export interface Milestone {
  readonly step: number;
  readonly evaluate: boolean;
  readonly checkpoint: boolean;
}

/**
 * The milestones after step `done`, in order; the last is always the final step, which is evaluated and
 * checkpointed.
 */
export function milestones(
  config: Pick<ConfigInSteps, 'training' | 'evaluation' | 'checkpoint'>,
  done: number,
): Milestone[] {
  const { steps } = config.training;
  const evaluateEvery = config.evaluation.every ?? steps;
  const checkpointEvery = config.checkpoint.every ?? steps;
  const found: Milestone[] = [];
  for (let step = done + 1; step <= steps;) {
    const next = Math.min(
      nextMultiple(step, evaluateEvery),
      nextMultiple(step, checkpointEvery),
      steps,
    );
    const last = next === steps;
    found.push({
      step: next,
      evaluate: last || next % evaluateEvery === 0,
      checkpoint: last || next % checkpointEvery === 0,
    });
    step = next + 1;
  }
  return found;
}

/** Whether an undisturbed trial writes (and logs) a checkpoint at `step`. */
export function isScheduledCheckpoint(
  { training, checkpoint }: Pick<ConfigInSteps, 'training' | 'checkpoint'>,
  step: number,
): boolean {
  if (step === 0) return checkpoint.initial;
  return (
    step === training.steps || (checkpoint.every !== undefined && step % checkpoint.every === 0)
  );
}

/** The smallest multiple of `unit` that is at least `value`. */
function nextMultiple(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
