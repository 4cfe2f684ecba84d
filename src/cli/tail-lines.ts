import pc from 'picocolors';
import { createPlainView } from './views/plain.js';
import type { LogRecord } from '../log/records.js';
import type { Manifest } from '../run/manifest.js';

export interface TailLinesOptions {
  /** The run's folder as the user would type it. */
  readonly shownFolder: string;
  /** Show this variant only; undefined: all of them. */
  readonly variant: string | undefined;
  readonly color: boolean;
}

/** Shows records as lines, each with its newline: Δ and how a trial ended stand out. */
export function createTailLines(
  { config, trials }: Manifest,
  { shownFolder, variant, color }: TailLinesOptions,
): (record: LogRecord) => string {
  const { name, seeds } = config;
  const { cyan, green, red } = pc.createColors(color);
  const view = createPlainView({ name, dir: shownFolder, seeds, trials: trials.length }, cyan);
  const paint = (record: LogRecord, line: string) => {
    if (record.event !== 'trial.end') return line;
    return record.outcome === 'completed' ? green(line) : red(line);
  };
  return (record) =>
    view
      .add(variant === undefined ? record : withOnly(record, variant))
      .map((line) => `${paint(record, line)}\n`)
      .join('');
}

function withOnly(record: LogRecord, variant: string): LogRecord {
  if (!('variants' in record)) return record;
  const entries = Object.entries(record.variants).filter(([name]) => name === variant);
  return { ...record, variants: Object.fromEntries(entries) };
}
