import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { importRun } from '../../src/app/import-run.js';
import type { ImportedRun, ImportRequest } from '../../src/app/import-run.js';
import type { Mapping } from '../../src/import/formats/format.js';
import { reportOfRun } from '../../src/report/read-report.js';
import type { ReportDocument } from '../../src/report/report-schema.js';

/** The source's folder: fixtures are not compiled. */
const folder = fileURLToPath(new URL('../../../test/import/', import.meta.url));

export const fixtures = join(folder, 'fixtures');

interface Golden {
  readonly seeds: readonly number[];
  readonly baseline: readonly number[];
  readonly challenger: readonly number[];
  readonly mean: number;
  readonly sd: number;
  readonly correlation: number;
  readonly t: number;
  readonly p: number;
  readonly low: number;
  readonly high: number;
  readonly signFlipP: number;
  readonly welchT: number;
  readonly welchP: number;
}

const golden = JSON.parse(readFileSync(join(folder, 'pairs.golden.json'), 'utf8')) as Golden;

export const usualMapping: Mapping = { pointColumns: [], delimiter: ',' };

/** Imports a source into a folder, with what most tests leave alone. */
export function importFrom(
  cwd: string,
  source: string,
  request: Partial<ImportRequest> = {},
): Promise<ImportedRun> {
  return importRun(
    {
      source,
      out: join(cwd, 'runs'),
      mapping: usualMapping,
      metric: { name: 'val_acc', better: 'higher' },
      also: [],
      alpha: 0.05,
      margin: 0,
      ...request,
    },
    { cwd, clock: () => Date.UTC(2026, 10, 26) },
  );
}

export function reportOf(runFolder: string, metric?: string): Promise<ReportDocument> {
  return reportOfRun(runFolder, { version: '0' }, { metric });
}

/**
 * Holds the report of an imported run against SciPy's numbers for the pairs that every fixture has.
 * @param tolerance relative; for float32 numbers more
 */
export async function expectGolden(runFolder: string, tolerance = 1e-9): Promise<ReportDocument> {
  const report = await reportOf(runFolder);
  const { pairs, pairedT, correlation, signFlip, welch } = report.comparisons[0]!;
  const near = (got: unknown, expected: number) => {
    expect(got).to.be.closeTo(expected, Math.abs(expected) * tolerance);
  };
  expect(pairs.seeds).to.deep.equal(golden.seeds);
  golden.baseline.forEach((value, i) => {
    near(pairs.baseline[i], value);
  });
  golden.challenger.forEach((value, i) => {
    near(pairs.challenger[i], value);
  });
  if (!pairedT.computable || !correlation.computable || !signFlip.computable) expect.fail('tests');
  if (!welch.computable) expect.fail('Welch');
  near(pairedT.mean, golden.mean);
  near(pairedT.sd, golden.sd);
  near(pairedT.t, golden.t);
  near(pairedT.p, golden.p);
  // The interval's end near 0 loses digits to cancellation.
  expect(pairedT.interval.low).to.be.closeTo(golden.low, golden.high * tolerance);
  near(pairedT.interval.high, golden.high);
  near(correlation.r, golden.correlation);
  near(signFlip.p, golden.signFlipP);
  near(welch.t, golden.welchT);
  near(welch.p, golden.welchP);
  return report;
}
