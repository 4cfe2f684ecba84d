import type { LogRecord } from '../../src/log/records.js';

const fleeting = new Set(['time', 'seq', 'runId', 'trainMs', 'evalMs']);

/** A record without what may differ between two executions of a trial. */
export function lasting(record: LogRecord): object {
  return JSON.parse(
    JSON.stringify(record, (key, value: unknown) => (fleeting.has(key) ? undefined : value)),
  ) as object;
}

/** What an undisturbed trial would have recorded, too. */
export function lastingRecords(records: readonly LogRecord[]): object[] {
  return records.filter(({ event }) => event !== 'trial.resume').map(lasting);
}
