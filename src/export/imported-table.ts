import { fromMetric } from '../log/records.js';
import { importedName } from '../metrics/registry.js';
import { importedCurves } from '../report/trial-curves.js';
import type { ImportedManifest } from '../run/imported-manifest.js';
import type { Trial } from '../run/manifest.js';
import { readResult } from '../run/result.js';
import { trialFiles } from '../run/run-directory.js';
import type { ScalarEvent } from './event-file.js';
import { pointCells, pointColumns } from './table.js';
import type { Column, Row, Table } from './table.js';

/** What is known of one variant of an imported trial, at one step. */
interface ImportedRow {
  readonly variant: string;
  /** Absent where the source has no steps. */
  readonly step?: number | undefined;
  /** By the source's names. */
  readonly values: Readonly<Record<string, number>>;
}

/**
 * The table of an imported run in long form: `run`, `trial`, `seed`, the columns of the points, `variant`, `step`
 * and the source's metrics by their names, a row for each step that the source has.
 */
export function importedTable(manifest: ImportedManifest, runFolder: string): Table {
  const integer = (name: string): Column => ({ name, type: 'integer' });
  const points = pointColumns(manifest.trials);
  return {
    columns: [
      { name: 'run', type: 'text' },
      ...['trial', 'seed'].map(integer),
      ...points,
      { name: 'variant', type: 'text' },
      integer('step'),
      ...Object.keys(manifest.config.metrics).map((name): Column => ({ name, type: 'real' })),
    ],
    rows: allRows(manifest, points, runFolder),
  };
}

async function* allRows(
  { runId, trials }: ImportedManifest,
  points: readonly Column[],
  runFolder: string,
): AsyncGenerator<Row> {
  for (const trial of trials) {
    const { index, seed, point } = trial;
    const common = { run: runId, trial: index, seed, ...pointCells(points, point) };
    for (const { variant, step, values } of await importedRows(trial, runFolder)) {
      yield { ...common, variant, step, ...values };
    }
  }
}

/**
 * The scalars of one variant of an imported trial; step 0 where the source has none.
 * @param time of all of them, seconds since the Unix epoch: the source's times are not kept
 */
export async function* importedEvents(
  trial: Trial,
  variant: string,
  runFolder: string,
  time: number,
): AsyncGenerator<ScalarEvent> {
  for (const row of await importedRows(trial, runFolder)) {
    if (row.variant === variant) yield { wallTime: time, step: row.step ?? 0, scalars: row.values };
  }
}

/** Variant after variant, steps ascending. */
async function importedRows({ index }: Trial, runFolder: string): Promise<ImportedRow[]> {
  const files = trialFiles(runFolder, index);
  const curves = await importedCurves(files.curves);
  const { variants = {} } = (await readResult(files.result)) ?? {};
  return Object.entries(variants).flatMap(([variant, { imported = {}, lastStep }]) => {
    const byStep = new Map<number, Record<string, number>>();
    for (const [quantity, own] of curves) {
      const { steps, values } = own.get(variant) ?? { steps: [], values: [] };
      for (const [at, step] of steps.entries()) {
        const row = byStep.get(step) ?? {};
        row[importedName(quantity)!] = values[at]!;
        byStep.set(step, row);
      }
    }
    if (byStep.size > 0) {
      const steps = [...byStep].sort(([one], [other]) => one - other);
      return steps.map(([step, values]) => ({ variant, step, values }));
    }
    const last = Object.entries(imported).map(
      ([name, value]) => [name, fromMetric(value)] as const,
    );
    return [{ variant, step: lastStep, values: Object.fromEntries(last) }];
  });
}
