import type { LogRecord } from '../../log/records.js';

/**
 * Tells, for the records of one trial, whether one is new.
 *
 * `seq` and `time` cannot say: a resume cuts the log back to a checkpoint and the steps after it are
 * recorded again, with other numbers. What stays is the order of the steps, so the highest step and
 * what was recorded of it is all that needs keeping. Resumes and ends really happen more than once
 * and are told apart by `seq` and `time`.
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
    const place = record.event === 'evaluation' ? ` ${record.split} ${record.examples}` : '';
    return addNew(ofHighest, record.event + place);
  };
}

function addNew(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
