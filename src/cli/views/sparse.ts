import type { LiveHeader } from '../../live/live-state.js';
import { createPlainView } from './plain.js';
import { recordView } from './line-view.js';
import type { LineView } from './line-view.js';

/** Milliseconds between two lines of a trial's steps, at least. */
const period = 5000;

/**
 * The plain view of trials that run at the same time, whose lines would drown each other: of a trial its
 * start, a step every five seconds, its evaluations and its end, with how many trials have ended.
 */
export function createSparseView(header: LiveHeader): LineView {
  const plain = createPlainView(header);
  /** By trial, in milliseconds since the Unix epoch. */
  const shownAt = new Map<number, number>();
  const ended = new Set<number>();
  return recordView((record) => {
    const { trial, time } = record;
    // It remembers what it is given, shown or not.
    const lines = plain.add(record);
    switch (record.event) {
      case 'trial.start':
      case 'trial.resume':
        ended.delete(trial);
        shownAt.set(trial, time);
        return lines.slice(0, 1);
      case 'step':
        if (time - (shownAt.get(trial) ?? 0) < period) return [];
        shownAt.set(trial, time);
        return lines;
      case 'checkpoint':
        return [];
      case 'evaluation':
      case 'variant.end':
        return lines;
      case 'trial.end':
        ended.add(trial);
        shownAt.delete(trial);
        return lines.map(
          (line) => `${line}; ${header.finished + ended.size} of ${header.trials} trials`,
        );
    }
  });
}
