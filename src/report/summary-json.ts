import { toMetric } from '../log/records.js';
import type { RunSummary } from './summary.js';

/** What a run is called, and how much it is. */
export interface RunHeader {
  /** The configuration's name. */
  readonly name: string;
  /** The run's folder, as the user would type it. */
  readonly dir: string;
  /** The planned seeds, in order. */
  readonly seeds: readonly number[];
  /** Planned trials: the seeds times the sweep's points. */
  readonly trials: number;
}

export const summarySchemaVersion = 1;

export interface SummaryDocument {
  readonly schemaVersion: typeof summarySchemaVersion;
  readonly run: RunHeader;
  /** What the run left, by kind: paths as the user would type them. */
  readonly files: Readonly<Record<string, string>>;
  /** A {@link RunSummary}, numbers that are not finite spelled out as in the log. */
  readonly summary: unknown;
}

/** The document `--json` prints: plain data that JSON keeps whole. */
export function summaryJson(
  summary: RunSummary,
  run: RunHeader,
  files: Readonly<Record<string, string>> = {},
): SummaryDocument {
  return { schemaVersion: summarySchemaVersion, run, files, summary: spellNumbers(summary) };
}

function spellNumbers(value: unknown): unknown {
  if (typeof value === 'number') return toMetric(value);
  if (Array.isArray(value)) return value.map(spellNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, spellNumbers(inner)] as const),
  );
}
