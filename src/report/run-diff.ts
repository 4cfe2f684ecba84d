import type { Run } from '../run/read-run.js';
import type { RunManifest } from '../run/run-directory.js';
import { leaves } from '../config/path.js';
import { overviewOf } from './run-overview.js';
import { tableOf, textColumn, textTable } from '../text/table.js';
import type { TableOptions } from '../text/table.js';

export const runDiffSchemaVersion = 1;

/** The sections of a comparison: how the runs went, their configurations, and their provenance. */
export const diffSections = ['run', 'configuration', 'provenance'] as const;
export type DiffSection = (typeof diffSections)[number];

/** A key that only one of two runs has, or that has different values. */
export interface RunDifference {
  readonly section: DiffSection;
  /** For instance `training.optimizer.learningRate`. */
  readonly path: string;
  /** Its two values as JSON; null where a run does not have it. */
  readonly values: readonly [string | null, string | null];
}

/** In the order of {@link diffSections}, and in each in that of the first run's keys. */
export function diffRuns(one: Run, other: Run): RunDifference[] {
  return diffSections.flatMap((section) => {
    const [left, right] = [leavesOf(one, section), leavesOf(other, section)];
    const paths = new Set([...left.keys(), ...right.keys()]);
    return [...paths]
      .map((path) => [path, left.get(path) ?? null, right.get(path) ?? null] as const)
      .filter(([, a, b]) => a !== b)
      .map(([path, a, b]) => ({ section, path, values: [a, b] as const }));
  });
}

/** Lines with a table a section. @param names of the runs, as the user would type them */
export function renderRunDiff(
  differences: readonly RunDifference[],
  names: readonly [string, string],
  options: TableOptions,
): string[] {
  if (differences.length === 0) return ['no difference in configuration or provenance'];
  return diffSections.flatMap((section) => {
    const found = differences.filter((difference) => difference.section === section);
    const table = tableOf(section, found, [
      textColumn('', ({ path }) => path),
      ...names.map((name, i) => textColumn<RunDifference>(name, ({ values }) => values[i] ?? '-')),
    ]);
    return found.length === 0 ? [] : [section, ...textTable(table, options), ''];
  });
}

function leavesOf(run: Run, section: DiffSection): Map<string, string> {
  return new Map(
    leaves(contentOf(run, section)).map(({ path, value }) => [
      path.join('.'),
      JSON.stringify(value),
    ]),
  );
}

function contentOf(run: Run, section: DiffSection): unknown {
  const { manifest } = run;
  if (section === 'configuration') return manifest.config;
  if (section === 'provenance') return provenanceOf(manifest);
  const { state, completed, planned, metric, best } = overviewOf(run, run.folder);
  const lead = best === null ? {} : { [`furthest ahead in ${metric}`]: best };
  return { state, trials: { completed, planned }, ...lead, ...originOf(manifest) };
}

function provenanceOf(manifest: RunManifest): unknown {
  if (manifest.kind !== undefined) {
    const { files, ...source } = manifest.source;
    const sums = files.map(({ name, sha256 }) => [name, sha256] as const);
    return { ...manifest.provenance, source: { ...source, files: Object.fromEntries(sums) } };
  }
  const { provenance } = manifest;
  const md5s = provenance.data.map(({ name, md5 }) => [name, md5] as const);
  return { ...provenance, data: Object.fromEntries(md5s) };
}

/** What trained a run, or that it was imported. */
function originOf(manifest: RunManifest): object {
  if (manifest.kind !== undefined) return { kind: manifest.kind };
  const { engine, trace } = manifest;
  return { engine: { name: engine.name, device: engine.device ?? 'auto' }, trace };
}
