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

/** Least time between two sends of nothing but steps, in milliseconds. */
const sendInterval = 20;

/**
 * Sends messages together where steps are much faster than anybody looks: each send wakes the launcher,
 * which is a large part of what the trial has to do for such a step.
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
    // What keeps waiting when all else is done has been said by the records of the end.
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
