import { mkdirSync } from 'node:fs';
import { checkpointPath } from '../checkpoint/checkpoints.js';
import { LineFile } from '../files/line-file.js';
import type { LogRecord, Outcome } from '../log/records.js';
import { createTrialLog } from '../log/trial-log.js';
import type { RecordFields } from '../log/trial-log.js';
import { serializeError } from '../protocol/index.js';
import { lastingRecords } from '../run/trial-history.js';
import type { TrialOptions } from './options.js';

/** Everything a trial appends to: its log and, when asked for, its trace. */
export interface Journal {
  /**
   * The records written so far, those kept from before a resume included, of the steps only the
   * last: what a result is made of, in constant memory.
   */
  readonly records: readonly LogRecord[];
  write(fields: RecordFields): void;
  /** @param indices `[batch]` positions in the training split, for the trace */
  writeStep(fields: RecordFields, indices: Int32Array): void;
  /** Logs the checkpoint of `step` unless that is done: a death can come between the two. */
  ensureCheckpoint(step: number): void;
  /** Logs the end; nothing of the log is lost after it, as a result that comes then stands for good. */
  end(outcome: Outcome, step: number, reason?: string): void;
  /** Ends as `failed`; keeps silent if the log itself cannot be written any more. */
  endFailed(error: unknown): void;
  close(): void;
}

export function openJournal(options: TrialOptions, kept: readonly LogRecord[]): Journal {
  const { manifest, plan, files, clock, onRecord } = options;
  const { trial } = plan;
  mkdirSync(files.folder, { recursive: true });
  const logFile = new LineFile(files.log);
  const traceFile = manifest.trace ? new LineFile(files.trace) : undefined;
  const log = createTrialLog({
    file: logFile,
    runId: manifest.runId,
    trial: trial.index,
    seed: trial.seed,
    lastSeq: kept.at(-1)?.seq ?? 0,
    clock,
  });
  const { records, add: remember } = lastingRecords(kept);

  function write(fields: RecordFields): void {
    const record = log.write(fields);
    remember(record);
    onRecord(record);
  }
  return {
    records,
    write,
    writeStep(fields, indices) {
      if (fields.event === 'step') {
        traceFile?.write(`${JSON.stringify({ step: fields.step, indices: [...indices] })}\n`);
      }
      write(fields);
    },
    ensureCheckpoint(step) {
      const logged = records.some(
        (record) => record.event === 'checkpoint' && record.step === step,
      );
      if (!logged) write({ event: 'checkpoint', step, path: checkpointPath(step) });
    },
    end(outcome, step, reason) {
      write({ event: 'trial.end', outcome, step, ...(reason === undefined ? {} : { reason }) });
      logFile.sync();
      traceFile?.sync();
    },
    endFailed(error) {
      const { message: reason, code } = serializeError(error);
      const step = records.findLast((record) => record.event === 'step')?.step ?? 0;
      try {
        write({ event: 'trial.end', outcome: 'failed', step, reason, code });
      } catch {
        // The error being handled matters more than that it could not be logged.
      }
    },
    close() {
      logFile.close();
      traceFile?.close();
    },
  };
}
