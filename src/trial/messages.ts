import type { LogRecord } from '../log/records.js';
import type { SerializedError } from '../protocol/index.js';

/** What a trial's process tells the one that launched it. */
export type TrialMessage =
  | { readonly kind: 'record'; readonly record: LogRecord }
  /** Something a person should know, for instance a checkpoint that was passed over. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'error'; readonly error: SerializedError };

/** What the launcher tells a trial's process: finish the step, checkpoint and end. */
export interface StopMessage {
  readonly kind: 'stop';
}

export function isStopMessage(message: unknown): message is StopMessage {
  return (
    typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'stop'
  );
}
