import type { LogRecord } from '../../log/records.js';

/**
 * Returns a function that says whether a record of one trial is new.
 *
 * `seq` and `time` cannot say: a resume cuts the log back to a checkpoint and records the steps after it
 * again, with other numbers. The order of the steps stays the same, so it suffices to keep the highest
 * step and its records. Resumes and ends do happen more than once; `seq` and `time` tell them apart.
 */
export function createSeenOnce(): (record: LogRecord) => boolean {
  let highest = -1;
  let ofHighest = new Set<string>();
  const happenings = new Set<string>();
  return (record) => {
    if (record.event === 'trial.resume' || record.event === 'trial.end') {
      return addNew(happenings, `${record.event} ${record.seq} ${record.time}`);
    }
    const step = record.event === 'trial.start' ? 0 : record.step;
    if (step < highest) return false;
    if (step > highest) {
      highest = step;
      ofHighest = new Set();
    }
    return addNew(ofHighest, `${record.event} ${aboutOf(record)}`);
  };
}

/** Tells apart the records of one event and step. */
function aboutOf(record: LogRecord): string {
  if (record.event === 'evaluation')
    return `${record.split} ${record.examples} ${record.weights ?? ''}`;
  return 'variant' in record ? record.variant : '';
}

function addNew(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
