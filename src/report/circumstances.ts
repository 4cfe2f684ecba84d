import { printConfig } from '../config/print.js';
import type { Config } from '../config/schema.js';
import { applyPoint } from '../config/validate.js';
import { configInSteps } from '../run/config-in-steps.js';
import { trainingExamplesOf } from '../run/data-sources.js';
import type { ImportedManifest } from '../run/imported-manifest.js';
import type { Manifest } from '../run/manifest.js';
import type { Run } from '../run/read-run.js';
import { count } from '../text/numbers.js';
import { configSettings, variantDifferences } from './config-changes.js';
import { parentChanges } from './config-parents.js';
import { rankedDataSets } from './data-sets.js';
import type { FinalMetric } from '../run/final-values.js';
import type { ReportDocument } from './report-schema.js';
import type { SweepPoint } from './sweep-points.js';

/** How the numbers of a run came about, as far as it is known. */
export type Circumstances = Pick<
  ReportDocument,
  'points' | 'dataSets' | 'config' | 'provenance' | 'notes'
> & {
  /** The configuration of each point; none where the run was imported. */
  readonly configs: readonly Config[];
};

export interface CircumstancesOptions {
  readonly run: Run;
  readonly points: readonly SweepPoint[];
  readonly metric: FinalMetric;
  /** 0 for another metric than the registered one. */
  readonly margin: number;
}

export function circumstancesOf(options: CircumstancesOptions): Circumstances {
  const { run, points } = options;
  const { manifest } = run;
  if (manifest.kind === undefined) return trained(manifest, options);
  const { config } = manifest;
  return {
    points: points.map(({ label, values, trials }) => ({
      label,
      values,
      steps: Math.max(0, ...trials.map(({ index }) => run.trials[index]?.steps ?? 0)),
    })),
    configs: [],
    config: { parents: [], differences: [], settings: [], yaml: printConfig(config) },
    provenance: importedRows(manifest),
    notes: [...unverified(manifest), ...unequalSteps(run)],
  };
}

function trained(manifest: Manifest, { run, points, metric, margin }: CircumstancesOptions) {
  const { config } = manifest;
  const configs = points.map(({ values }) => configAt(config, values));
  const dataSets = rankedDataSets({ run, points, configs, metric, margin });
  return {
    points: points.map(({ label, values }, index) => {
      const atPoint = configs[index]!;
      const { training, data } = configInSteps(atPoint, trainingExamplesOf(manifest, atPoint.data));
      return { label, values, steps: training.steps, batchSize: data.batchSize };
    }),
    ...(dataSets && { dataSets }),
    configs,
    config: {
      parents: parentChanges(manifest),
      differences: variantDifferences(configs),
      settings: configSettings(configs),
      yaml: printConfig(config),
    },
    provenance: trainedRows(manifest),
    notes: [],
  };
}

/** The configuration that a point trains. */
function configAt({ sweep: _, ...config }: Config, point: SweepPoint['values']): Config {
  return Object.keys(point).length === 0 ? config : applyPoint(config, point);
}

/** What nobody can check of results that were made elsewhere, in sentences without a full stop. */
function unverified({ source: { path, format } }: ImportedManifest): string[] {
  return [
    `imported from ${path} (${format}): Lockstep did not train these variants, so it cannot verify that the variants of a seed were trained on the same minibatches, from the same initial weights or for the same number of steps, nor which code, data and hyperparameters gave the numbers`,
    'that the metric, its direction and the seeds were chosen before the results were known, and that no seed was left out, rests on the word of whoever imported them',
  ];
}

/** Seeds whose variants end at different steps: their values may not be comparable. */
function unequalSteps({ trials }: Run): string[] {
  const unequal = trials.flatMap(({ trial, result }) => {
    const steps = Object.entries(result?.variants ?? {}).map(
      ([name, { lastStep }]) => [name, lastStep] as const,
    );
    if (new Set(steps.map(([, step]) => step)).size < 2) return [];
    const texts = steps.map(([name, step]) => `${name} ${step ?? 'unknown'}`);
    return [`seed ${trial.seed}: ${texts.join(', ')}`];
  });
  const [example] = unequal;
  if (example === undefined) return [];
  return [
    `the last step is not the same for all variants of ${unequal.length} of ${count(trials.length, 'trial')} (${example})`,
  ];
}

function row(name: string, value: string) {
  return { name, value };
}

/** A line for each fact. */
function trainedRows(manifest: Manifest) {
  const { provenance, engine } = manifest;
  const { packages, cpu, data } = provenance;
  return [
    ...runRows(manifest),
    row('Engine', `${engine.name} (${engine.reason})`),
    ...lockstepRows(manifest),
    row('Node.js', provenance.node),
    row('Platform', provenance.platform),
    row('CPU', `${cpu.model}, ${cpu.cores} cores, ${(cpu.memoryBytes / 2 ** 30).toFixed(1)} GiB`),
    ...Object.entries(packages).map(([name, version]) => row(name, version)),
    ...data.map(({ name, md5 }) => row(name, `MD5 ${md5}`)),
  ];
}

function importedRows(manifest: ImportedManifest) {
  const { source, provenance } = manifest;
  return [
    ...runRows(manifest),
    row('Imported from', `${source.path} (${source.format})`),
    ...Object.entries(source.mapping).map(([flag, value]) =>
      row(`--${flag}`, typeof value === 'string' ? value : value.join(', ')),
    ),
    ...source.files.map(({ name, sha256 }) => row(name, `SHA-256 ${sha256}`)),
    ...lockstepRows(manifest),
    row('Node.js', provenance.node),
  ];
}

function runRows({ runId, createdAt, configHash }: Manifest | ImportedManifest) {
  return [row('Run', runId), row('Created', createdAt), row('Configuration SHA-256', configHash)];
}

function lockstepRows({ provenance: { lockstep } }: Manifest | ImportedManifest) {
  const { version, commit, dirty, code, lockfile } = lockstep;
  return [
    row('Lockstep', version),
    ...(commit === undefined
      ? []
      : [row('Commit', `${commit}${dirty ? ', with uncommitted changes' : ''}`)]),
    ...(code === undefined ? [] : [row('Code SHA-256', code)]),
    ...(lockfile === undefined ? [] : [row('package-lock.json SHA-256', lockfile)]),
  ];
}
