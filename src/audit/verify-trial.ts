import { existsSync } from 'node:fs';
import type { Outcome } from '../log/records.js';
import { LockstepError } from '../protocol/index.js';
import { isSealedByTrial, sealedTrialFiles } from '../run/seal.js';
import { compareChecksums } from './check-checksums.js';
import { checkCheckpoints } from './check-checkpoints.js';
import { checkLog } from './check-log.js';
import type { CheckedLog } from './check-log.js';
import { checkPredictions } from './check-predictions.js';
import { checkResult } from './check-result.js';
import { checkTrace } from './check-trace.js';
import type { TrialAudit } from './findings.js';

export interface VerifiedTrial {
  readonly trial: number;
  readonly seed: number;
  /** `unfinished`: it runs, or was killed; `dropped`: not started, as a race has dropped its point. */
  readonly state: Outcome | 'unfinished' | 'not started' | 'dropped';
  /** The last step that is logged, and how many are planned. */
  readonly step: number;
  readonly steps: number;
}

const nothingLogged: CheckedLog = { records: [], lastStep: 0, end: undefined };

/**
 * Checks all that a trial has written so far. A file's contents come before its checksum, so that the
 * first difference named is as precise as possible.
 */
export async function verifyTrial(audit: TrialAudit): Promise<VerifiedTrial> {
  const { trial, config, files, findings, at } = audit;
  const base = { trial: trial.index, seed: trial.seed, steps: config.training.steps };
  if (!existsSync(files.log)) {
    if (existsSync(files.result)) findings.differ(at('log.ndjson'), 'file', 'a log', 'none');
    return { ...base, state: 'not started', step: 0 };
  }
  const due = await sealedTrialFiles(files.folder);
  const sums = await compareChecksums(files.folder, due, isSealedByTrial, at, findings);
  const unreadable = (file: string) => (error: unknown) => {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(at(file), 'file', 'one that can be read', error.message);
    return undefined;
  };
  const log = (await checkLog(audit).catch(unreadable('log.ndjson'))) ?? nothingLogged;
  sums.report('log.ndjson');
  await checkTrace(audit, log).catch(unreadable('trace.ndjson'));
  sums.report('trace.ndjson');
  await checkCheckpoints(audit, log, sums);
  await checkPredictions(audit, log);
  await checkResult(audit, log);
  sums.reportRest();
  if (!sums.sealed) {
    if (existsSync(files.result)) {
      findings.differ(at('SHA256SUMS'), 'file', 'a list, as there is a result', 'none');
    } else {
      findings.note(
        `trial ${trial.index} has not ended, so there are no checksums of its files: losses and accuracies in its log cannot be checked`,
      );
    }
  }
  return { ...base, state: log.end?.outcome ?? 'unfinished', step: log.lastStep };
}
