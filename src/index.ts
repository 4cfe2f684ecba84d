/**
 * The library: reading and following the logs of runs, which docs/reading-logs.md shows, and the interface of modules
 * that make variants (docs/modules.md).
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
export type {
  Block,
  BlockSettings,
  CustomVariant,
  ForwardPass,
  ForwardVariant,
  LayerSettings,
  ModuleBatch,
  ModuleRandom,
  ModuleResult,
  ModuleSetup,
  ModuleVariant,
  TrainTask,
  VariantModule,
} from '../workers/modules/variant-module.js';
export { LockstepError } from './protocol/index.js';
export type { ErrorCode } from './protocol/index.js';
