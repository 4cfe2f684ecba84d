import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { configHash } from '../config/hash.js';
import { nameFrom } from '../config/schema/names.js';
import { jsonText, writeAtomic, writeJsonAtomic } from '../files/write-atomic.js';
import { mappingFlags, readResults } from '../import/read-results.js';
import type { ResultsRequest } from '../import/read-results.js';
import { importedQuantity } from '../metrics/registry.js';
import { LockstepError } from '../protocol/index.js';
import { importedManifestFile } from '../run/imported-manifest.js';
import type { ImportedManifest } from '../run/imported-manifest.js';
import { problemText } from '../files/read.js';
import { manifestSchemaVersion } from '../run/manifest.js';
import { collectProvenance } from '../run/provenance.js';
import { createRunDirectory, createRunId, trialFiles } from '../run/run-directory.js';
import { sealRun, sealTrial } from '../run/seal.js';
import type { Surroundings } from './surroundings.js';

/** A metric of the source, and which of its values are better. */
export interface ImportedMetric {
  readonly name: string;
  readonly better: 'higher' | 'lower';
}

export interface ImportRequest {
  /** File or folder, as the user named it. */
  readonly source: string;
  /** Name of the run. Default: the source's. */
  readonly name?: string | undefined;
  /** Folder that runs are made in. */
  readonly out: string;
  readonly format?: string | undefined;
  readonly mapping: ResultsRequest['mapping'];
  /** What the verdict is about. */
  readonly metric: ImportedMetric;
  /** Others, which reports can show. */
  readonly also: readonly ImportedMetric[];
  readonly baseline?: string | undefined;
  readonly alpha: number;
  /** In the metric's unit. */
  readonly margin: number;
  /** Planned pairs. Default: those that there are. */
  readonly pairs?: number | undefined;
}

export interface ImportedRun {
  /** Relative to the working directory if `out` is. */
  readonly runFolder: string;
  readonly manifest: ImportedManifest;
}

/**
 * Makes a run of results that were made elsewhere.
 * @throws LockstepError `data` naming file, line and column of what cannot be compared; `usage` for a request that does
 *   not fit the source; `disk` where the run cannot be written
 */
export async function importRun(
  request: ImportRequest,
  { cwd, clock }: Pick<Surroundings, 'cwd' | 'clock'>,
): Promise<ImportedRun> {
  const { source, format, mapping, metric, also } = request;
  const metrics = [metric, ...also.filter(({ name }) => name !== metric.name)];
  const results = await readResults({
    path: resolve(cwd, source),
    shown: source,
    format,
    mapping,
    metrics: metrics.map(({ name }) => name),
    baseline: request.baseline,
  });
  const config = {
    name: request.name ?? nameFrom(baseName(source)),
    baseline: results.baseline,
    variants: Object.fromEntries(results.variants.map((name) => [name, { label: name }])),
    metrics: Object.fromEntries(metrics.map(({ name, better }) => [name, { better }])),
    decision: {
      metric: importedQuantity(metric.name),
      alpha: request.alpha,
      margin: request.margin,
      ...(request.pairs !== undefined && { pairs: request.pairs }),
    },
  };
  const now = new Date(clock());
  const { lockstep, node } = await collectProvenance([]);
  const manifest = checked({
    schemaVersion: manifestSchemaVersion,
    kind: 'imported',
    runId: createRunId(config.name, now),
    createdAt: now.toISOString(),
    config,
    configHash: configHash(config),
    source: {
      format: results.format,
      path: source,
      files: results.files,
      mapping: mappingFlags(mapping),
    },
    trials: results.trials.map(({ trial }) => trial),
    provenance: { lockstep, node },
  });
  const runFolder = await createRunDirectory(resolve(cwd, request.out), manifest);
  for (const { trial, result, curves } of results.trials) {
    const files = trialFiles(runFolder, trial.index);
    const text = jsonText(result);
    await mkdir(files.folder, { recursive: true });
    if (curves !== undefined) await writeJsonAtomic(files.curves, curves);
    await sealTrial(files.folder, text);
    await writeAtomic(files.result, text);
  }
  await sealRun(runFolder);
  return { runFolder: join(request.out, manifest.runId), manifest };
}

/** Names come from anywhere: what could not be read again is refused before it is written. */
function checked(manifest: ImportedManifest): ImportedManifest {
  const parsed = importedManifestFile.schema.safeParse(manifest);
  if (parsed.success) return manifest;
  throw new LockstepError(
    'data',
    `${manifest.source.path}: ${problemText(parsed.error.issues[0]!)}`,
    { hint: 'Names of variants and metrics are text on one line, of at most 120 characters.' },
  );
}

function baseName(source: string): string {
  const name = source.replace(/[/\\]+$/, '').replace(/^.*[/\\]/, '');
  return name.replace(/\.[^.]*$/, '');
}
