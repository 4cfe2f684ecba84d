import { formatPath } from '../config/path.js';
import type { Config } from '../config/schema.js';
import { unreached } from '../model/schedules.js';
import type { VariantSpec } from '../model/variant.js';
import { LockstepError } from '../protocol/index.js';
import { count } from '../text/numbers.js';

/**
 * Checks that the training reaches every step that a learning-rate schedule names.
 * @param steps of the whole training
 * @throws LockstepError `usage` naming the setting of the schedule, and the one that says how long the training is
 */
export function checkSchedules(
  { training, variants: configured }: Config,
  variants: readonly VariantSpec[],
  steps: number,
): void {
  const { epochs } = training;
  const length = `training.${epochs === undefined ? 'steps' : 'epochs'}`;
  for (const { name, optimizer } of variants) {
    const late = optimizer.schedule && unreached(optimizer.schedule, steps);
    if (late === undefined) continue;
    const own = configured[name]?.optimizer ?? {};
    const isOwn = 'schedule' in own || (own.kind ?? optimizer.kind) !== training.optimizer.kind;
    const at = isOwn ? ['variants', name, 'optimizer'] : ['training', 'optimizer'];
    const path = [...at, 'schedule', ...late.path];
    const whole = `${count(steps, 'step')} of ${length}${epochs === undefined ? '' : ` (${epochs})`}`;
    const most =
      late.most === steps
        ? `the ${whole}`
        : `${late.most}, what a warm-up of ${steps - late.most} leaves of the ${whole}`;
    throw new LockstepError(
      'usage',
      `${formatPath(path)}: expected at most ${most}, got ${late.step}, which the training never reaches`,
      { path, hint: `Lower it, or raise ${length}.` },
    );
  }
}
