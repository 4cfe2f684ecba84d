import { relative } from 'node:path';
import { z } from 'zod';
import { earlyStopsSchema } from '../report/early-stops.js';
import { metricNames } from '../report/metric.js';
import { pointTable } from '../report/point-table.js';
import { raceDocument, raceSchema } from '../report/race-document.js';
import { sequenceDocument, sequenceSchema } from '../report/sequence-document.js';
import { sweepPoints } from '../report/sweep-points.js';
import { varianceOfRun, varianceSchema } from '../report/variance.js';
import { trialStreamsSchema } from '../run/manifest.js';
import type { RunTrial, TrialState } from '../run/read-trial.js';
import { trialFiles } from '../run/run-directory.js';
import type { Resolved } from '../schema/fields.js';
import type { FinishedRun } from './execute-run.js';

export const outcomeSchemaVersion = 1;

const count = z.int().gte(0);
const sampleSchema = z.strictObject({
  n: count.describe(
    'Trials that count: those in which the variant (of a difference: both) trained to the end, with a finite value.',
  ),
  mean: z.number().nullable().describe('Null without a trial.'),
  sd: z.number().nullable().describe('Sample standard deviation (n - 1); null below two trials.'),
});
const differenceSchema = sampleSchema.extend({
  wins: count.describe('Pairs in which the challenger is better.'),
  ties: count,
  losses: count,
});
const trialsSchema = z.strictObject({
  planned: count.describe('Without those that are dropped.'),
  completed: count,
  diverged: count,
  failed: count,
  interrupted: count,
  left: count.describe('Not begun, or without an end.'),
  dropped: count
    .optional()
    .describe('Not run, as a race has dropped their points, or the verdict was reached before.'),
});
const metricSchema = z.strictObject({
  variants: z.record(z.string(), sampleSchema).describe('The own values of each variant.'),
  delta: z.record(z.string(), differenceSchema).describe('Challenger - baseline, by challenger.'),
});

const outcomeSchema = z.strictObject({
  schemaVersion: z.literal(outcomeSchemaVersion),
  outcome: z
    .enum(['completed', 'diverged', 'failed', 'interrupted', 'partial'])
    .describe(
      'Of the whole run: failed if a trial failed; else interrupted if it was stopped; else partial if trials are left; else diverged if a variant diverged in a trial; else completed.',
    ),
  run: z.strictObject({
    id: z.string(),
    name: z.string(),
    folder: z.string().describe('Relative to the working directory, as all paths here.'),
    trials: trialsSchema,
  }),
  baseline: z.string(),
  metric: z.string().describe('The one that the decision is about, for instance test.accuracy.'),
  variants: z.record(z.string(), z.strictObject({ label: z.string() })),
  points: z
    .array(
      z.strictObject({
        index: count,
        label: z.string().describe('Empty without a sweep.'),
        values: z.record(z.string(), z.unknown()).describe('What the point sets, by path.'),
        trials: trialsSchema,
        metrics: z.record(z.string(), metricSchema).describe('The last measurements, by metric.'),
        earlyStopping: z
          .record(z.string(), earlyStopsSchema)
          .optional()
          .describe('By variant; absent without early stopping.'),
      }),
    )
    .describe('The points of a sweep, in order; a run without a sweep has one.'),
  trials: z.array(
    z.strictObject({
      index: count,
      point: count,
      seed: z.int(),
      streams: trialStreamsSchema.optional().describe('Seeds of its streams, where they differ.'),
      outcome: z.enum([
        ...(['completed', 'diverged', 'failed', 'interrupted', 'unfinished', 'planned'] as const),
        'dropped',
      ]),
      reason: z.string().optional(),
      steps: count.describe('The last step trained.'),
    }),
  ),
  sequence: sequenceSchema
    .optional()
    .describe('Only of a run that is decided in sequence: its verdicts and looks.'),
  variance: varianceSchema.optional(),
  race: raceSchema.optional().describe('Only of a race: its looks and drops.'),
  files: z.strictObject({
    manifest: z.string(),
    figures: z.array(z.string()).describe('The same figure as SVG and PNG; empty for a sweep.'),
    logs: z.array(z.string()),
    results: z.array(z.string()),
  }),
});

/** What `run`, `sweep`, `variance`, `decide` and `resume` print with --json. */
export type Outcome = Resolved<typeof outcomeSchema>;

/** The JSON Schema (2020-12) that is published as `docs/outcome.schema.json`. */
export function outcomeJsonSchema(): object {
  return { title: 'Lockstep outcome', ...z.toJSONSchema(outcomeSchema) };
}

/** What came of a run, as data. @param cwd absolute; what paths are relative to */
export function outcomeOf(finished: FinishedRun, cwd: string): Outcome {
  const { manifest, runFolder, run, failures, interrupted, figure } = finished;
  const { config, runId } = manifest;
  const shown = (path: string) => relative(cwd, path) || '.';
  const trials = run.trials.map((trial): RunTrial => {
    const error = failures.find((failure) => failure.trial === trial.trial.index)?.error;
    // A process that died could not log how its trial ended.
    return error === undefined ? trial : { ...trial, state: 'failed', reason: error.message };
  });
  const points = sweepPoints(manifest).map((point) => {
    const members = new Set(point.trials.map(({ index }) => index));
    return { ...point, trials: trials.filter(({ trial }) => members.has(trial.index)) };
  });
  const tables = metricNames(manifest).map((name) => pointTable(run, name));
  const started = trials.filter(({ state }) => state !== 'planned' && state !== 'dropped');
  const filesOf = (trial: RunTrial) => trialFiles(runFolder, trial.trial.index);
  const counts = countTrials(trials);
  const race = raceDocument(run);
  const sequence = sequenceDocument(run);
  const variance = varianceOfRun(run);
  return {
    schemaVersion: outcomeSchemaVersion,
    outcome: overall(counts, interrupted),
    run: { id: runId, name: config.name, folder: shown(runFolder), trials: counts },
    baseline: config.baseline,
    metric: config.decision.metric,
    variants: Object.fromEntries(
      Object.entries(config.variants).map(([name, { label }]) => [name, { label }]),
    ),
    points: points.map(({ label, values, trials: members }, index) => ({
      index,
      label,
      values,
      trials: countTrials(members),
      metrics: Object.fromEntries(
        tables.map(({ metric, points: rows }) => {
          const { variants, delta } = rows[index]!;
          return [metric.name, { variants, delta }];
        }),
      ),
      earlyStopping: tables[0]?.points[index]?.earlyStopping,
    })),
    trials: trials.map(({ trial: { index, seed, streams }, state, reason, steps }) => ({
      index,
      point: points.findIndex(({ trials: members }) =>
        members.some(({ trial }) => trial.index === index),
      ),
      seed,
      ...(streams && { streams }),
      outcome: state,
      ...(reason !== undefined && { reason }),
      steps,
    })),
    ...(sequence && { sequence }),
    ...(variance && { variance }),
    ...(race && { race }),
    files: {
      manifest: shown(`${runFolder}/manifest.json`),
      figures: Object.values(figure).map(shown),
      logs: started.map((trial) => shown(filesOf(trial).log)),
      results: trials
        .filter(({ result }) => result !== undefined)
        .map((trial) => shown(filesOf(trial).result)),
    },
  };
}

function countTrials(trials: readonly RunTrial[]): Outcome['run']['trials'] {
  const of = (...states: TrialState[]) =>
    trials.filter(({ state }) => states.includes(state)).length;
  return {
    planned: trials.length - of('dropped'),
    completed: of('completed'),
    diverged: of('diverged'),
    failed: of('failed'),
    interrupted: of('interrupted'),
    left: of('planned', 'unfinished'),
    ...(of('dropped') > 0 && { dropped: of('dropped') }),
  };
}

function overall(trials: Outcome['run']['trials'], interrupted: boolean): Outcome['outcome'] {
  if (trials.failed > 0) return 'failed';
  if (interrupted || trials.interrupted > 0) return 'interrupted';
  if (trials.left > 0) return 'partial';
  return trials.diverged > 0 ? 'diverged' : 'completed';
}
