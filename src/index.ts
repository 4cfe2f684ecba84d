/**
 * The library: reading and following the logs of runs. docs/reading-logs.md shows how.
 */
export { followLog } from './library/follow-log.js';
export type { FollowLogOptions } from './library/follow-log.js';
export type { LogStream } from './library/log-stream.js';
export { readLog } from './library/read-log.js';
export { fromMetric } from './log/records.js';
export type {
  CheckpointRecord,
  EvaluationRecord,
  LogEvent,
  LogRecord,
  Metric,
  Outcome,
  RecordBase,
  StepRecord,
  StepVariant,
  StreamSeed,
  TrialEndRecord,
  TrialResumeRecord,
  TrialStartRecord,
} from './log/records.js';
export { LockstepError } from './protocol/index.js';
export type { ErrorCode } from './protocol/index.js';
