/**
 * The library: running experiments and their statistics (docs/library.md), and reading and following the logs of runs
 * (docs/reading-logs.md). The interface of modules is apart, `lockstep/module`: it needs TensorFlow.js's types.
 */
export type { Outcome as RunOutcome } from './app/outcome.js';
export { followLog } from './library/follow-log.js';
export type { FollowLogOptions } from './library/follow-log.js';
export type { LogStream } from './library/log-stream.js';
export { readLog } from './library/read-log.js';
export { Experiment, runExperiment } from './library/run-experiment.js';
export type { ExperimentOptions } from './library/run-experiment.js';
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
export type { DeviceRequest, EngineName, ErrorCode } from './protocol/index.js';
export type { LockstepErrorOptions } from './protocol/errors.js';
export { compareFamily, holm } from './statistics/compare-family.js';
export { comparePairs } from './statistics/compare-pairs.js';
export type {
  ComparisonInput,
  PairedComparison,
  PairedStatistics,
  PairsToDecide,
} from './statistics/compare-pairs.js';
export type { Computed, Interval } from './statistics/computable.js';
export { mcnemar } from './statistics/mcnemar.js';
export type { McNemar } from './statistics/mcnemar.js';
export { correlation, welch } from './statistics/pairing.js';
export type { Welch } from './statistics/pairing.js';
export type { PairValues } from './statistics/pairs.js';
export { rankDataSets } from './statistics/rank-data-sets.js';
export type {
  DataSetRanks,
  Friedman,
  ImanDavenport,
  RankTest,
} from './statistics/rank-data-sets.js';
export {
  equivalencePower,
  pairedTPower,
  pairsToShowDifference,
  pairsToShowEquivalence,
} from './statistics/sample-size.js';
export type { SampleSize } from './statistics/sample-size.js';
export type { SequentialReport } from './statistics/sequential-path.js';
export type { Direction, Verdict } from './statistics/verdict.js';
