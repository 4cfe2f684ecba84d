import type { ConfigInSteps } from '../run/config-in-steps.js';
import type { Manifest, Trial } from '../run/manifest.js';
import type { TrialFiles } from '../run/run-directory.js';
import type { TrialPlan } from '../trial/plan.js';
import type { TrialData } from './recompute-minibatches.js';

/** A place in a run's folder. */
export interface Place {
  /** Relative to the run's folder, for instance `trials/0000/log.ndjson`. */
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number | undefined;
  /** The log record's. */
  readonly seq?: number | undefined;
}

/** A recorded fact that differs from the recomputed one. */
export interface Difference extends Place {
  /** For instance `variants.snn.inputDigest of step 7`. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

/** How many differences are kept; further ones would tell nothing new. */
const keptDifferences = 100;
const shownCharacters = 120;

/** The findings of an audit in progress. */
export class Findings {
  /** In the order found; the first ones only. */
  readonly differences: Difference[] = [];
  /** Sentences about what could not be checked and what readers should know. */
  readonly notes: string[] = [];
  /** How many of a kind were checked, for instance `log records`. */
  readonly checked = new Map<string, number>();

  /** Includes differences that are not kept. */
  total = 0;

  differ(place: Place, what: string, expected: unknown, got: unknown): void {
    this.total += 1;
    if (this.total > keptDifferences) return;
    this.differences.push({ ...place, what, expected: shown(expected), got: shown(got) });
  }

  /** Records a difference unless both are the same JSON. */
  same(place: Place, what: string, expected: unknown, got: unknown): boolean {
    const difference = firstDifference(expected, got);
    if (difference === undefined) return true;
    const path = [what, difference.path].filter((part) => part !== '').join('.');
    this.differ(place, path, difference.expected, difference.got);
    return false;
  }

  note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  count(kind: string, number = 1): void {
    this.checked.set(kind, (this.checked.get(kind) ?? 0) + number);
  }
}

/** One line: place, what, expected and got. */
export function formatDifference({ file, line, seq, what, expected, got }: Difference): string {
  const lineText = line === undefined ? '' : `:${line}`;
  const seqText = seq === undefined ? '' : ` (seq ${seq})`;
  return `${file}${lineText}${seqText}: ${what}: expected ${expected}, got ${got}`;
}

interface JsonDifference {
  /** Dotted; empty where the values themselves differ. */
  readonly path: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Where two JSON values first differ, maps taken in the order of the expected one's keys. */
function firstDifference(expected: unknown, got: unknown): JsonDifference | undefined {
  if (!isObject(expected) || !isObject(got) || Array.isArray(expected) !== Array.isArray(got)) {
    return Object.is(expected, got) ? undefined : { path: '', expected, got };
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    const difference = firstDifference(expected[key], got[key]);
    if (difference === undefined) continue;
    const path = difference.path === '' ? key : `${key}.${difference.path}`;
    return { ...difference, path };
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // On one line, whatever it is.
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('\n', '\\n');
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

/** The trial under audit, as every check of it needs it. */
export interface TrialAudit {
  readonly manifest: Manifest;
  readonly trial: Trial;
  readonly plan: TrialPlan;
  /** Of this trial alone. */
  readonly config: ConfigInSteps;
  readonly files: TrialFiles;
  /** Absent where the dataset is not on this machine. */
  readonly data: TrialData | undefined;
  readonly findings: Findings;
  /** A place in one of the trial's files, given relative to the trial's folder. */
  readonly at: (file: string, line?: number, seq?: number) => Place;
}
