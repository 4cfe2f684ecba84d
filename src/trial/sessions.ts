import type { Checkpoint } from '../checkpoint/checkpoints.js';
import { LockstepError } from '../protocol/index.js';
import type { VariantSession } from '../variants/backend.js';
import type { TrialOptions } from './options.js';
import { seedsOf } from './plan.js';
import type { Batches } from './prepare-batches.js';

/** The open sessions of a trial, one a variant, in the order of the configuration. */
export type Sessions = readonly VariantSession[];

export interface OpenOptions extends Pick<TrialOptions, 'manifest' | 'plan' | 'backend'> {
  /** Names of the variants that train. */
  readonly variants: readonly string[];
  /** Being prepared, while the backends start. */
  readonly batches: Promise<Batches>;
  /** Where the sessions go on; absent: freshly drawn weights. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Opens the session of every variant; if any fails, none is left open. */
export async function openSessions(options: OpenOptions): Promise<Sessions> {
  const { manifest, plan, backend, variants, batches, checkpoint } = options;
  const settled = await Promise.allSettled(
    plan.variants
      .filter(({ name }) => variants.includes(name))
      .map(async (variant) => {
        const restore = checkpoint && stateOf(checkpoint, variant.name);
        return await backend.open(
          {
            variant,
            engine: manifest.engine.name,
            augmentation: plan.config.training.augmentation,
            seeds: seedsOf(plan, variant.name),
            metrics: plan.metrics,
            minibatchMetrics: plan.minibatchMetrics,
            restore,
          },
          batches,
        );
      }),
  );
  const sessions = settled.flatMap((open) => (open.status === 'fulfilled' ? [open.value] : []));
  const failed = settled.find((open) => open.status === 'rejected');
  if (failed === undefined) return sessions;
  await destroyAll(sessions);
  throw failed.reason;
}

/** @throws LockstepError `data` where the checkpoint lacks the variant: fresh weights would go unnoticed */
function stateOf({ step, variants }: Checkpoint, variant: string) {
  const tensors = variants[variant];
  if (tensors !== undefined) return { step, tensors };
  throw new LockstepError(
    'data',
    `checkpoint of step ${step}: expected the weights of ${variant}, which still trains, got none`,
    { hint: 'Remove that checkpoint: the trial then goes on from an older one, or starts again.' },
  );
}

export async function destroyAll(sessions: Sessions): Promise<void> {
  await Promise.all(sessions.map((session) => session.destroy()));
}

/**
 * A GPU can be listed by its driver and yet be out of reach.
 * @throws LockstepError `usage` when a GPU was requested and a session has none
 */
export function requireDevice(
  { engine }: Pick<TrialOptions['manifest'], 'engine'>,
  sessions: Sessions,
): void {
  if (engine.device !== 'gpu') return;
  for (const { variant, facts } of sessions) {
    if (facts.engine === undefined || facts.engine.device === 'gpu') continue;
    throw new LockstepError(
      'usage',
      `Expected the requested GPU for the variant ${variant}, got ${facts.engine.device}.`,
      {
        hint: 'See what `nvidia-smi` shows and what `npx lockstep setup --gpu` says, or leave out --device.',
      },
    );
  }
}
