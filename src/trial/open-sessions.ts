import { randomUUID } from 'node:crypto';
import { lastValueFrom } from 'rxjs';
import type { Checkpoint } from '../checkpoint/checkpoints.js';
import type { VariantPool } from '../variants/variant-pool.js';
import { planNetwork } from '../model/network.js';
import type { VariantSpec } from '../model/variant.js';
import type { OpenReply } from '../protocol/index.js';
import { streamSeed } from '../random/streams.js';
import type { TrialOptions } from './options.js';
import type { Batches } from './prepare-batches.js';
import { trialConfig } from './trial-config.js';

/** The open sessions of a trial, one a variant, in the order of the configuration. */
export interface Sessions {
  readonly sessionId: string;
  readonly pools: readonly VariantPool[];
  /** By variant name. */
  readonly opened: Readonly<Record<string, OpenReply>>;
  /** Ends all threads; resolves when they are gone. */
  destroy(): Promise<void>;
}

export interface OpenOptions extends TrialOptions {
  readonly variants: readonly VariantSpec[];
  /** Being prepared, while the workers start. */
  readonly batches: Promise<Batches>;
  /** Where the sessions go on; absent: freshly drawn weights. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Starts a worker a variant and opens its session; if any fails, none is left running. */
export async function openSessions(options: OpenOptions): Promise<Sessions> {
  // Unique, so that the blank thread which replaces a crashed one can be told from the session's.
  const sessionId = randomUUID();
  const pools: VariantPool[] = [];
  const destroy = async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
  };
  const settled = await Promise.allSettled(
    options.variants.map(async (variant, index) => {
      const pool = await options.startPool(variant.name, options.manifest.engine.name);
      pools[index] = pool;
      return [variant.name, await open(options, sessionId, pool, variant)] as const;
    }),
  );
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(Object.values(pools).map((pool) => pool.destroy()));
    throw failed.reason;
  }
  const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return { sessionId, pools, opened: Object.fromEntries(opened), destroy };
}

async function open(
  { manifest, trial, batches, checkpoint }: OpenOptions,
  sessionId: string,
  pool: VariantPool,
  variant: VariantSpec,
): Promise<OpenReply> {
  const { splits, standardScaler } = await batches;
  const { pairing } = trialConfig(manifest, trial);
  const seedOf = (stream: 'init' | 'dropout') =>
    streamSeed(trial.seed, stream, pairing[stream] === 'shared' ? undefined : variant.name);
  const tensors = checkpoint?.variants[variant.name];
  return lastValueFrom(
    pool.run('open', {
      sessionId,
      engine: manifest.engine.name,
      variant,
      network: planNetwork(variant, splits.train.inputs.shape),
      splits,
      standardScaler,
      seeds: { init: seedOf('init'), dropout: seedOf('dropout') },
      restore: checkpoint && tensors && { step: checkpoint.step, tensors },
    }),
  );
}
