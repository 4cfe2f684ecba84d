/**
 * A variant against itself: how often is it called better? `npm run build && node dist/scripts/null-runs.js`
 *
 * Trains 100 runs of 10 seeds each with the embedded engine (small networks, some minutes of one core). Both
 * variants have the same network, the same initial weights and the same minibatches; only their
 * dropout draws differ, so whatever the report says of a difference is chance. Everything a trial's
 * random streams give depends on its seed alone, so the 1,000 trials of one run folder are as good as
 * those of 100 runs: each ten of them are judged by the report's own rule, alone.
 *
 *     --runs N      (default 100)
 *     --seeds N     of each run (default 10)
 *     --steps N     of each trial (default 30)
 *     --first N     the first run's first seed (default 1)
 *     --decide      judge each run as `lockstep decide` does, with its seeds as the cap: look by look, up to the stop
 *     --json        one JSON document
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configHash } from '../src/config/hash.js';
import { validateConfig } from '../src/config/validate.js';
import { loadDataset } from '../src/data/load.js';
import { isNetwork } from '../src/model/variant.js';
import type { VariantBackend } from '../src/variants/backend.js';
import { threadBackend } from '../src/variants/thread-backend.js';
import { startWorkerThread } from '../src/variants/worker-thread.js';
import { planTrial } from '../src/trial/plan.js';
import { compareRun } from '../src/report/compare-run.js';
import { metricNamed } from '../src/report/metric.js';
import { sweepPoints } from '../src/report/sweep-points.js';
import { manifestSchemaVersion, planTrials } from '../src/run/manifest.js';
import type { Manifest } from '../src/run/manifest.js';
import { collectProvenance } from '../src/run/provenance.js';
import { readTrainedRun } from '../src/run/read-run.js';
import { createRunDirectory, trialFiles } from '../src/run/run-directory.js';
import { decisions } from '../src/statistics/verdict.js';
import { runTrial } from '../src/trial/run-trial.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seeds: { type: 'string', default: '10' },
    steps: { type: 'string', default: '30' },
    first: { type: 'string', default: '1' },
    decide: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [runs, seeds, steps] = [
  wholeFlag('--runs', flags.runs),
  wholeFlag('--seeds', flags.seeds),
  wholeFlag('--steps', flags.steps),
];

const dropout = { kind: 'standard', rate: 0.5 };
const variant = (label: string) => ({ label, activation: 'relu', init: 'he', dropout });
const config = validateConfig(
  {
    name: 'null',
    data: { dataset: 'mnist', batchSize: 32 },
    training: { steps, optimizer: { kind: 'sgd', learningRate: 0.1 } },
    evaluation: { minibatch: false, splits: [{ split: 'test', examples: 1000 }] },
    network: {
      layers: [
        { kind: 'flatten' },
        { kind: 'dense', units: 32 },
        { kind: 'dropout' },
        { kind: 'dense', units: 10 },
      ],
    },
    variants: { one: variant('One'), same: variant('The same') },
    baseline: 'one',
    pairing: { init: 'shared', dropout: 'independent' },
    ...(flags.decide && { decision: { sequential: { cap: seeds } } }),
    seeds: Array.from(
      { length: runs * seeds },
      (_, index) => wholeFlag('--first', flags.first, 0) + index,
    ),
  },
  'null-runs',
);

const out = mkdtempSync(join(tmpdir(), 'lockstep-null-runs-'));
const threads = new Map(
  Object.keys(config.variants).map((name) => [name, startWorkerThread('wasm')]),
);
/** Starting threads costs more than training here: a trial opens its sessions in the last one's threads. */
const lastingBackend: VariantBackend = {
  open: async ({ variant, ...plan }, data) => {
    if (!isNetwork(variant))
      throw new Error(`expected a network, got the program of ${variant.name}`);
    const session = await threadBackend(new Map(threads)).open({ ...plan, variant }, data);
    return { ...session, destroy: () => Promise.resolve() };
  },
};
try {
  const folder = await train();
  const judged = [];
  for (const metric of ['test.accuracy', 'test.loss']) judged.push(await judge(folder, metric));
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ runs, seeds, steps, judged }, undefined, 2)}\n`);
  } else {
    console.log(`${runs} runs of ${seeds} seeds and ${steps} steps of a variant against itself`);
    for (const { metric, verdicts, pairs, together } of judged) {
      const counts = decisions.map((decision) => `${verdicts[decision] ?? 0} ${decision}`);
      const p = together.pairedT.computable ? together.pairedT.p.toPrecision(2) : 'none';
      const used = flags.decide ? `; ${(pairs / runs).toFixed(2)} pairs a run` : '';
      console.log(`${metric}: ${counts.join(', ')}${used}; all pairs together: p ${p}`);
    }
  }
} finally {
  await Promise.all([...threads.values()].map(({ piscina }) => piscina.destroy()));
  rmSync(out, { recursive: true, force: true });
}

/** @returns the run's folder */
async function train(): Promise<string> {
  const dataset = await loadDataset(config.data);
  const manifest: Manifest = {
    schemaVersion: manifestSchemaVersion,
    runId: 'null-runs',
    createdAt: new Date().toISOString(),
    config,
    configHash: configHash(config),
    engine: { name: 'wasm', reason: 'starts fastest' },
    trace: false,
    trials: planTrials(config),
    provenance: await collectProvenance(dataset.files),
  };
  const folder = await createRunDirectory(out, manifest);
  for (const trial of manifest.trials) {
    const outcome = await runTrial({
      manifest,
      plan: planTrial(manifest, trial),
      files: trialFiles(folder, trial.index),
      loadDataset: () => Promise.resolve(dataset),
      backend: lastingBackend,
      stop: new AbortController().signal,
      clock: Date.now,
      onRecord: () => undefined,
      onNotice: console.error,
    });
    if (outcome !== 'completed') throw new Error(`trial ${trial.index}: ${outcome}`);
    if ((trial.index + 1) % (10 * seeds) === 0) {
      console.error(`${(trial.index + 1) / seeds} of ${runs} runs`);
    }
  }
  return folder;
}

/** What the report would say of each run alone, nothing adjusted for the others, and of all pairs. */
async function judge(folder: string, metric: string) {
  const run = await readTrainedRun(folder);
  const fixed = run.manifest.config.decision;
  const compare = (some: typeof run.trials, sequential: typeof fixed.sequential) => {
    const trials = some.map((one, index) => ({ ...one, trial: { ...one.trial, index } }));
    const decision = { ...fixed, metric, sequential };
    const planned = trials.map(({ trial }) => trial);
    const manifest = {
      ...run.manifest,
      config: { ...run.manifest.config, decision },
      trials: planned,
    };
    const points = sweepPoints(manifest);
    return compareRun({ ...run, manifest, trials }, points, metricNamed(metric, manifest))[0]!
      .result;
  };
  let pairs = 0;
  const verdicts: Partial<Record<(typeof decisions)[number], number>> = {};
  for (let first = 0; first < run.trials.length; first += seeds) {
    const { verdict, pairs: used } = compare(
      run.trials.slice(first, first + seeds),
      fixed.sequential,
    );
    verdicts[verdict.decision] = (verdicts[verdict.decision] ?? 0) + 1;
    pairs += used.completed;
  }
  return { metric, verdicts, pairs, together: compare(run.trials, undefined) };
}
