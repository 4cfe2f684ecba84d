import type { VariantSpec } from '../model/variant.js';
import { LockstepError } from '../protocol/index.js';
import type { StreamSeed } from '../log/records.js';
import type { SplitName } from '../protocol/index.js';
import { toMetric } from '../log/records.js';
import type { RecordFields } from '../log/trial-log.js';
import type { SplitMetrics } from './evaluate.js';
import type { JoinedStep } from './lockstep.js';
import { configHash } from '../config/hash.js';
import { trialConfig } from './trial-config.js';
import { streamSeed } from '../random/streams.js';
import type { Sessions } from './open-sessions.js';
import type { TrialOptions } from './options.js';

export function startFields(
  { manifest, trial }: TrialOptions,
  variants: readonly VariantSpec[],
  { opened }: Sessions,
): RecordFields {
  const config = trialConfig(manifest, trial);
  const perVariant = <Value>(value: (variant: VariantSpec) => Value) =>
    Object.fromEntries(variants.map((variant) => [variant.name, value(variant)]));
  const stream = (name: 'init' | 'dropout'): StreamSeed =>
    config.pairing[name] === 'shared'
      ? streamSeed(trial.seed, name)
      : perVariant((variant) => streamSeed(trial.seed, name, variant.name));
  return {
    event: 'trial.start',
    engine: { ...opened[variants[0]!.name]!.engine, environment: engineVariables(process.env) },
    configHash: configHash(config),
    steps: config.training.steps,
    batchSize: config.data.batchSize,
    baseline: config.baseline,
    streams: {
      data: streamSeed(trial.seed, 'data'),
      init: stream('init'),
      dropout: stream('dropout'),
    },
    variants: perVariant(({ name, label, legend }) => ({
      label,
      legend,
      parameters: opened[name]!.parameters,
    })),
  };
}

export function stepFields({ step, epoch, indicesDigest, replies }: JoinedStep): RecordFields {
  const variants = Object.fromEntries(
    Object.entries(replies).map(([name, reply]) => [
      name,
      {
        loss: toMetric(reply.loss),
        accuracy: toMetric(reply.accuracy),
        inputDigest: reply.inputDigest,
        indicesDigest: reply.indicesDigest,
        trainMs: milliseconds(reply.trainMs),
        evalMs: milliseconds(reply.evalMs),
      },
    ]),
  );
  return { event: 'step', step, epoch, batch: { indicesDigest }, variants };
}

export function evaluationFields(
  step: number,
  { split, examples }: { readonly split: SplitName; readonly examples: number },
  metrics: Readonly<Record<string, SplitMetrics>>,
): RecordFields {
  const variants = Object.fromEntries(
    Object.entries(metrics).map(([name, { loss, accuracy }]) => [
      name,
      { loss: toMetric(loss), accuracy: toMetric(accuracy) },
    ]),
  );
  return { event: 'evaluation', step, split, examples, variants };
}

/** @throws LockstepError `diverged` naming the variant whose loss is NaN or infinite */
export function requireFinite({ step, replies }: JoinedStep): void {
  for (const [variant, { loss }] of Object.entries(replies)) {
    if (Number.isFinite(loss)) continue;
    throw new LockstepError(
      'diverged',
      `step ${step}: the loss of variant ${variant} became ${toMetric(loss)}`,
      {
        hint: `Lower its learning rate, for instance --set variants.${variant}.optimizer.learningRate=0.001`,
      },
    );
  }
}

/** The variables that native code reads, as this process has them. */
function engineVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const read = /^(TF_|CUDA_|XLA_|MALLOC_|OMP_|DNNL_|ONEDNN_|LD_PRELOAD$)/;
  return Object.fromEntries(
    Object.entries(environment)
      .filter((entry): entry is [string, string] => read.test(entry[0]) && entry[1] !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Rounded to microseconds: more digits would be noise. */
function milliseconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
