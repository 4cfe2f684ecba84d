import type { Observable } from 'rxjs';
import type { VariantSpec } from '../model/variant.js';
import type {
  EvaluateReply,
  EvaluateTask,
  OpenReply,
  OpenTask,
  SaveReply,
  StepReply,
  StepTask,
} from '../protocol/index.js';

type Sent<Task> = Omit<Task, 'sessionId'>;

/** Everything that decides how one variant of a trial is trained. */
export interface VariantPlan<Variant extends VariantSpec = VariantSpec> extends Pick<
  OpenTask,
  'engine' | 'augmentation' | 'seeds' | 'metrics' | 'minibatchMetrics' | 'restore'
> {
  readonly variant: Variant;
}

/** A step's reply. What a backend cannot know of what its variant took is left out. */
export type SessionStep = Omit<StepReply, 'indicesDigest' | 'targetsDigest' | 'inputDigest'> &
  Partial<Pick<StepReply, 'indicesDigest' | 'targetsDigest' | 'inputDigest'>>;

/** The state after a step; without tensors it cannot be saved, so a trial that is resumed starts again. */
export type SessionState = Pick<SaveReply, 'step'> & Partial<SaveReply>;

/** Where a backend that keeps states itself keeps one: with the checkpoint of a step, or as the best so far. */
export type SavedAs = { readonly checkpoint: number } | 'best';

/** The data of all variants of a trial. */
export interface VariantData extends Pick<OpenTask, 'splits'> {
  /** The fitted scaling of each `input` that a variant names. */
  readonly scalings: ReadonlyMap<string, OpenTask['scaling']>;
  /** How many outputs an example needs: one for each class, or each number of its target. */
  readonly outputs: number;
}

/**
 * One variant being trained. The observables are cold: they send when subscribed, emit the reply and
 * complete. What is sent runs in the order it was sent, one thing at a time. They error with a
 * `LockstepError`: `worker` when what trains the variant is lost, or the one it answered.
 */
export interface VariantSession {
  readonly variant: string;
  readonly facts: Partial<OpenReply> & {
    /** Of each class, where the objective balances them. */
    readonly classWeights?: readonly number[] | undefined;
  };
  step(task: Sent<StepTask>): Observable<SessionStep>;
  evaluate(task: Sent<EvaluateTask>): Observable<EvaluateReply>;
  save(as: SavedAs): Observable<SessionState>;
  /** Ends it, whatever it is doing; resolves when it is gone. */
  destroy(): Promise<void>;
}

/** A way to train a variant: a thread of this process, or a program. */
export interface VariantBackend<Variant extends VariantSpec = VariantSpec> {
  /**
   * Starts at once and opens when the data is there.
   * @throws LockstepError when it cannot be opened; nothing is left running then
   */
  open(plan: VariantPlan<Variant>, data: Promise<VariantData>): Promise<VariantSession>;
}
