import { configHash } from '../config/hash.js';
import { variantSpecs } from '../config/variants.js';
import type { StreamSeed, TrialStartRecord } from '../log/records.js';
import { parameterCount, planNetwork } from '../model/network.js';
import type { VariantSpec } from '../model/variant.js';
import { streamSeed } from '../random/streams.js';
import type { Place } from './findings.js';
import type { TrialAudit } from './trial-audit.js';

/** Holds what a trial started with against its manifest: configuration, random streams, variants. */
export function checkStart(place: Place, start: TrialStartRecord, audit: TrialAudit): void {
  const { findings, manifest, trial, config } = audit;
  const variants = variantSpecs(config);
  const stream = (name: 'init' | 'dropout'): StreamSeed =>
    config.pairing[name] === 'shared'
      ? streamSeed(trial.seed, name)
      : Object.fromEntries(
          variants.map((variant) => [variant.name, streamSeed(trial.seed, name, variant.name)]),
        );
  const parameters = (variant: VariantSpec) =>
    audit.data
      ? parameterCount(planNetwork(variant, audit.data.inputShape))
      : start.variants[variant.name]?.parameters;
  const expected = {
    engine: manifest.engine.name,
    configHash: configHash(config),
    steps: config.training.steps,
    batchSize: config.data.batchSize,
    baseline: config.baseline,
    streams: {
      data: streamSeed(trial.seed, 'data'),
      init: stream('init'),
      dropout: stream('dropout'),
    },
    variants: Object.fromEntries(
      variants.map((variant) => [
        variant.name,
        { label: variant.label, legend: variant.legend, parameters: parameters(variant) },
      ]),
    ),
  };
  const { engine, configHash: hash, steps, batchSize, baseline, streams } = start;
  findings.same(place, 'trial.start', expected, {
    engine: engine.name,
    configHash: hash,
    steps,
    batchSize,
    baseline,
    streams,
    variants: start.variants,
  });
}
