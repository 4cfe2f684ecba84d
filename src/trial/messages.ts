import type { LogRecord } from '../log/records.js';
import type { SerializedError } from '../protocol/index.js';

/** A message from a trial's process to its launcher. */
export type TrialMessage =
  | { readonly kind: 'record'; readonly record: LogRecord }
  /** A note for people, for instance that a checkpoint was passed over. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'error'; readonly error: SerializedError };

/** A message from the launcher to a trial's process: finish the step, write a checkpoint and end. */
export interface StopMessage {
  readonly kind: 'stop';
}

export function isStopMessage(message: unknown): message is StopMessage {
  return (
    typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'stop'
  );
}

/** Least time between two sends of nothing but steps, in milliseconds. */
const sendInterval = 20;

/**
 * Sends the messages of fast steps together: each send wakes the launcher, which is a large part of a
 * fast step's cost.
 *
 * A step is sent at once unless one was just now; all else is sent at once, with the steps before it.
 */
export function tellInBatches(
  send: (messages: readonly TrialMessage[]) => void,
): (message: TrialMessage) => void {
  let waiting: TrialMessage[] = [];
  let pause: NodeJS.Timeout | undefined;

  function sendWaiting(): void {
    send(waiting);
    waiting = [];
    clearTimeout(pause);
    // Steps still waiting at the end are superseded by the records of the end.
    pause = setTimeout(() => {
      pause = undefined;
      if (waiting.length > 0) sendWaiting();
    }, sendInterval).unref();
  }
  return (message) => {
    waiting.push(message);
    const isStep = message.kind === 'record' && message.record.event === 'step';
    if (!isStep || pause === undefined) sendWaiting();
  };
}
