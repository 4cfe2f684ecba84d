/**
 * The library: reading and following the logs of runs. docs/reading-logs.md shows how.
 */
export { followLog } from './library/follow-log.js';
export type { FollowLogOptions } from './library/follow-log.js';
export type { LogStream } from './library/log-stream.js';
export { readLog } from './library/read-log.js';
export { fromMetric, fromScores } from './log/records.js';
export type {
  CheckpointRecord,
  EvaluationRecord,
  LogEvent,
  LogRecord,
  Metric,
  Outcome,
  RecordBase,
  RecordedScores,
  StepRecord,
  StreamSeed,
  TrialEndRecord,
  TrialResumeRecord,
  TrialStartRecord,
  VariantEndRecord,
} from './log/records.js';
export { LockstepError } from './protocol/index.js';
export type { ErrorCode } from './protocol/index.js';
