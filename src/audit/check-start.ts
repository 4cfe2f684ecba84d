import type { TrialStartRecord } from '../log/records.js';
import { withClassWeights } from '../model/class-weights.js';
import { parameterCount, planNetwork } from '../model/network.js';
import { isNetwork } from '../model/variant.js';
import type { VariantSpec } from '../model/variant.js';
import type { Place, TrialAudit } from './findings.js';

/** Holds what a trial started with against its manifest: configuration, random streams, variants. */
export function checkStart(place: Place, start: TrialStartRecord, audit: TrialAudit): void {
  const { findings, manifest, plan } = audit;
  const { config, variants } = plan;
  const counted = (variant: VariantSpec) => {
    if (audit.data === undefined || !isNetwork(variant)) {
      const { parameters, classWeights } = start.variants[variant.name] ?? {};
      return { parameters, ...(classWeights && { classWeights }) };
    }
    const planned = planNetwork(variant, audit.data.inputShape);
    const { network, ...weights } = withClassWeights(planned, audit.data.splits.train);
    return { parameters: parameterCount(network), ...weights };
  };
  const expected = {
    engine: manifest.engine.name,
    configHash: plan.configHash,
    steps: config.training.steps,
    batchSize: config.data.batchSize,
    baseline: config.baseline,
    streams: plan.streams,
    variants: Object.fromEntries(
      variants.map((variant) => [
        variant.name,
        { label: variant.label, legend: variant.legend, ...counted(variant) },
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
