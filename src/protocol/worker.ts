import type { LinearScaling, SplitName, Splits } from './data.js';
import type { SerializedError } from './errors.js';
import type { NetworkPlan } from './network-plan.js';

/**
 * Sums over examples by name: one number, or one for each class or bin. `loss` is that of the objective.
 * `src/metrics` makes scores of them.
 */
export type Sums = Readonly<Record<string, number | number[]>>;

/** `wasm` is embedded and always there; `tensorflow` needs `lockstep setup`. */
export const engineNames = ['wasm', 'tensorflow'] as const;
export type EngineName = (typeof engineNames)[number];

/** Where a trial computes: `auto` takes a GPU if the engine has one, `gpu` does not do without. */
export const deviceRequests = ['auto', 'cpu', 'gpu'] as const;
export type DeviceRequest = (typeof deviceRequests)[number];

/** One named tensor as plain data; float32, row-major. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
/** Weights and optimizer slots: `layers.0.kernel` (HWIO or [in, out]), `layers.0.bias`, … */
export type TensorMap = Readonly<Record<string, TensorData>>;

export interface EngineDescription {
  readonly name: EngineName;
  /** Version of the native library or of the wasm backend. */
  readonly version: string;
  /** `cpu` or `gpu`, with what the engine knows of it. */
  readonly device: string;
  /** Details that can change speed or last digits: SIMD, threads, environment variables. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** Names the task's session: a replaced (blank) thread or a stale task is refused, never trained. */
interface SessionTask {
  readonly sessionId: string;
}

/** Has the thread load its engine, so that a session opens at once. */
export interface LoadTask {
  readonly engine: EngineName;
}
export interface LoadReply {
  readonly ready: true;
}

/** A module of the user's that makes a variant's network. */
export interface ModuleTask {
  /** Absolute. */
  readonly path: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** What the optimizer keeps for every trainable variable, by role. */
  readonly slots: readonly string[];
  /** Examples of an update. */
  readonly batchSize: number;
  /** Of the whole training. */
  readonly steps: number;
}

export interface OpenTask extends SessionTask {
  readonly engine: EngineName;
  readonly variant: {
    readonly name: string;
    /** Parts of equal size that each minibatch is taken in, with an update on each. */
    readonly updatesPerStep: number;
  };
  /** Without layers where a module makes the network. */
  readonly network: NetworkPlan;
  readonly module?: ModuleTask | undefined;
  /** What steps and evaluations take their examples from, the same memory for all variants. */
  readonly splits: Splits;
  /** How the inputs of the variant are scaled, fitted on the training split; absent: not at all. */
  readonly scaling?: LinearScaling | undefined;
  /** What is done to the inputs of every minibatch, in order: settings of each kind. Absent: nothing. */
  readonly augmentation?: readonly { readonly kind: string }[] | undefined;
  /** int32 seeds of the variant's random streams; `augmentation` where there is one. */
  readonly seeds: {
    readonly init: number;
    readonly dropout: number;
    readonly augmentation?: number | undefined;
  };
  /** Names of the metrics to sum up in evaluations of a split, `loss` among them. */
  readonly metrics: readonly string[];
  /** Those among them to sum up on minibatches, too. */
  readonly minibatchMetrics: readonly string[];
  /** Weights (and optimizer slots) after `step`; the session continues with `step + 1`. */
  readonly restore?: { readonly step: number; readonly tensors: TensorMap } | undefined;
}
export interface OpenReply {
  readonly engine: EngineDescription;
  /** Number of trainable parameters. */
  readonly parameters: number;
}

/** Tries a module out before anything is trained; opens no session. */
export interface InspectTask extends Pick<
  OpenTask,
  'engine' | 'variant' | 'network' | 'seeds' | 'metrics'
> {
  readonly module: ModuleTask;
  /** Whether it is only to be loaded, and its options checked. */
  readonly loadOnly: boolean;
  /** Whether a kernel or a gradient that this engine lacks counts. */
  readonly strict: boolean;
}
export interface InspectReply {
  /** Number of trainable parameters; absent where it was only loaded. */
  readonly parameters?: number;
}

export interface StepTask extends SessionTask {
  /** Counted from 1; the worker refuses any but the successor of its last step. */
  readonly step: number;
  /** The minibatch: `[batch]` int32 positions in the training split. */
  readonly indices: Int32Array;
  /** Evaluate on the same minibatch in inference mode after the update, or the last of its updates. */
  readonly evaluate: boolean;
  /** Of this step, where a schedule changes it; absent: the optimizer's own. */
  readonly learningRate?: number | undefined;
}
export interface StepReply {
  readonly step: number;
  readonly examples: number;
  /** Over the minibatch: of the evaluation, or without one of each update's own forward pass. */
  readonly sums: Sums;
  /** Digest of the positions the worker received (see `src/protocol/digest.ts`). */
  readonly indicesDigest: string;
  /** Digest of the targets it took from the data. */
  readonly targetsDigest: string;
  /** Digest of the augmented and scaled inputs it trained on. */
  readonly inputDigest: string;
  /** Milliseconds of wall time. */
  readonly trainMs: number;
  readonly evalMs: number;
}

export interface EvaluateTask extends SessionTask {
  readonly split: SplitName;
  /** `[examples]` int32 positions in the split. */
  readonly indices: Int32Array;
  /** Also answer the predicted classes. */
  readonly predict?: boolean | undefined;
  /** Also answer the outputs. */
  readonly outputs?: boolean | undefined;
}
export interface EvaluateReply {
  readonly examples: number;
  readonly sums: Sums;
  /** `[examples]` class with the largest logit, the first of equals; where the task asked for it. */
  readonly predictions?: Uint8Array | undefined;
  /** `[examples]` float32 probability of that class, beside `predictions`. */
  readonly confidences?: Float32Array | undefined;
  /** `[examples, outputs]` float32 of the last layer; where the task asked for them. */
  readonly outputs?: Float32Array | undefined;
}

export type SaveTask = SessionTask;
export interface SaveReply {
  readonly step: number;
  readonly tensors: TensorMap;
}

export type MemoryTask = SessionTask;
export interface MemoryReply {
  /** Live tensors in the backend. */
  readonly tensors: number;
  readonly bytes: number;
}

export type CloseTask = SessionTask;

/** The tasks a worker thread answers; each is a named export of `workers/entry.ts`. */
export interface WorkerTasks {
  load: { task: LoadTask; reply: LoadReply };
  inspect: { task: InspectTask; reply: InspectReply };
  open: { task: OpenTask; reply: OpenReply };
  step: { task: StepTask; reply: StepReply };
  evaluate: { task: EvaluateTask; reply: EvaluateReply };
  save: { task: SaveTask; reply: SaveReply };
  memory: { task: MemoryTask; reply: MemoryReply };
  close: { task: CloseTask; reply: { readonly closed: true } };
}
export type WorkerTaskName = keyof WorkerTasks;

/** What a pool sends its worker: `run` of `workers/entry.ts` takes it. */
export interface NamedTask<Name extends WorkerTaskName> {
  readonly name: Name;
  readonly task: WorkerTasks[Name]['task'];
}

/**
 * What a task answers. Errors travel as data: structured cloning would strip a thrown
 * `LockstepError` of its code and hint.
 */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SerializedError };
