import type { LogRecord } from '../../log/records.js';

/** A view that adds lines, without line ends, to a console, and changes none. */
export interface LineView {
  /** Takes in what was logged before the view was there, so that it can show what comes after. */
  remember(record: LogRecord): void;
  add(record: LogRecord): readonly string[];
  /** Lines that waited for a trial: no process works on it any more, whatever its log says. */
  settle(trial: number): readonly string[];
}

/** A view that shows each record for itself. */
export function recordView(linesOf: (record: LogRecord) => readonly string[]): LineView {
  return { remember: (record) => void linesOf(record), add: linesOf, settle: () => [] };
}
