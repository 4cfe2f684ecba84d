import { engineVariables } from '../engines/environment.js';
import { toScores } from '../log/records.js';
import type { RecordedScores } from '../log/records.js';
import type { RecordFields } from '../log/trial-log.js';
import type { Scored } from '../metrics/scores.js';
import type { SessionStep } from '../variants/backend.js';
import type { JoinedStep } from './lockstep.js';
import { scheduledRate } from './plan.js';
import type { TrialPlan } from './plan.js';
import type { Manifest } from '../run/manifest.js';
import type { PreparedEvaluation } from './prepare-batches.js';
import type { Sessions } from './sessions.js';

/** @param manifest its engine is recorded where no variant computes with one */
export function startFields(
  plan: TrialPlan,
  sessions: Sessions,
  { engine: chosen }: Pick<Manifest, 'engine'>,
): RecordFields {
  const { config, configHash, streams, variants } = plan;
  const facts = new Map(sessions.map((session) => [session.variant, session.facts]));
  const { name, version = 'not used' } = chosen;
  const unused = { name, version, device: 'cpu', details: {} };
  const engine = sessions.find((session) => session.facts.engine)?.facts.engine ?? unused;
  return {
    event: 'trial.start',
    engine: { ...engine, environment: engineVariables(process.env) },
    configHash,
    steps: config.training.steps,
    batchSize: config.data.batchSize,
    baseline: config.baseline,
    streams,
    variants: Object.fromEntries(
      variants.map(({ name, label, legend }) => {
        const { parameters, classWeights } = facts.get(name)!;
        const weights = classWeights && { classWeights: [...classWeights] };
        return [
          name,
          { label, legend, ...(parameters !== undefined && { parameters }), ...weights },
        ];
      }),
    ),
  };
}

/** @param scored by variant, those that still train */
export function stepFields(
  plan: Pick<TrialPlan, 'variants' | 'steps'>,
  { step, epoch, indicesDigest, targetsDigest, replies }: JoinedStep,
  scored: Readonly<Record<string, Scored>>,
): RecordFields {
  const variants = Object.fromEntries(
    Object.entries(scored).map(([name, own]) => [
      name,
      { ...scoreFields(own), ...stepFacts(replies[name]!), ...rateOf(plan, name, step) },
    ]),
  );
  return {
    event: 'step',
    step,
    epoch,
    batch: { indicesDigest, ...(targetsDigest !== undefined && { targetsDigest }) },
    variants,
  };
}

export function evaluationFields(
  step: number,
  { split, examples }: Pick<PreparedEvaluation, 'split' | 'examples'>,
  scored: Readonly<Record<string, Scored>>,
  isOfBest = false,
): Extract<RecordFields, { readonly event: 'evaluation' }> {
  const variants = Object.fromEntries(
    Object.entries(scored).map(([name, own]) => [name, scoreFields(own)]),
  );
  const weights = isOfBest ? ({ weights: 'best' } as const) : {};
  return { event: 'evaluation', step, split, examples, ...weights, variants };
}

function scoreFields({ scores, counts, perClass }: Scored): RecordedScores {
  return {
    scores: toScores(scores),
    ...(counts && { counts }),
    ...(perClass && { perClass: nullForNaN(perClass) }),
  };
}

function rateOf(plan: Pick<TrialPlan, 'variants' | 'steps'>, variant: string, step: number) {
  const learningRate = scheduledRate(plan, variant, step);
  return learningRate === undefined ? {} : { learningRate };
}

function stepFacts({ inputDigest, indicesDigest, trainMs, evalMs }: SessionStep) {
  return {
    ...(inputDigest !== undefined && { inputDigest }),
    ...(indicesDigest !== undefined && { indicesDigest }),
    trainMs: milliseconds(trainMs),
    evalMs: milliseconds(evalMs),
  };
}

function nullForNaN(perClass: Required<Scored>['perClass']) {
  return Object.fromEntries(
    Object.entries(perClass!).map(([metric, values]) => [
      metric,
      values.map((value) => (Number.isNaN(value) ? null : value)),
    ]),
  );
}

/** Rounded to microseconds: more digits would be noise. */
function milliseconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
