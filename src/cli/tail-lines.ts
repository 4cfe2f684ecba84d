import pc from 'picocolors';
import { createPlainView } from './views/plain.js';
import type { LogRecord } from '../log/records.js';
import type { Manifest } from '../run/manifest.js';

export interface TailLinesOptions {
  /** Show this variant only; undefined: all of them. */
  readonly variant: string | undefined;
  readonly color: boolean;
}

/** Renders records as lines, each with its newline, with colours for Δ and for how a trial ended. */
export function createTailLines(
  { config, trials }: Manifest,
  { variant, color }: TailLinesOptions,
): (record: LogRecord) => string {
  const { cyan, green, red } = pc.createColors(color);
  const view = createPlainView({ seeds: config.seeds, trials: trials.length }, cyan);
  const paint = (record: LogRecord, line: string) => {
    if (!('outcome' in record)) return line;
    return record.outcome === 'completed' ? green(line) : red(line);
  };
  return (record) => {
    const shown = variant === undefined ? record : withOnly(record, variant);
    if (shown === undefined) return '';
    return view
      .add(shown)
      .map((line) => `${paint(record, line)}\n`)
      .join('');
  };
}

/** The record without the other variants; undefined if it is only about those. */
function withOnly(record: LogRecord, variant: string): LogRecord | undefined {
  if (record.event === 'variant.end' || record.event === 'variant.stop')
    return record.variant === variant ? record : undefined;
  if (!('variants' in record)) return record;
  const entries = Object.entries(record.variants).filter(([name]) => name === variant);
  return entries.length === 0 ? undefined : { ...record, variants: Object.fromEntries(entries) };
}

/**
 * A line of a log as it was written. For a terminal, characters that could control it are escaped as JSON
 * escapes them: JSON itself allows them in texts, from U+007F on.
 */
export function jsonLine(line: string, isTerminal: boolean): string {
  if (!isTerminal) return line;
  return line
    .replaceAll('\r', ' ')
    .replaceAll(
      /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
