import { LockstepError } from '../protocol/index.js';

/** Why nothing can be written to standard output or error any more. */
export type OutputLoss =
  /** The reader has ended, as `head` does when it has enough. */
  { readonly kind: 'closed' } | { readonly kind: 'failed'; readonly error: LockstepError };

/**
 * Listens to both output streams: an error that nobody handles would end the process with a stack trace.
 * @param onLoss may be called again: each later write fails as well
 */
export function watchOutput(
  {
    stdout,
    stderr,
  }: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream },
  onLoss: (loss: OutputLoss) => void,
): void {
  const watch = (stream: NodeJS.WritableStream, name: string) => {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      onLoss(lossOf(name, error));
    });
  };
  watch(stdout, 'standard output');
  watch(stderr, 'standard error');
}

function lossOf(name: string, cause: NodeJS.ErrnoException): OutputLoss {
  if (cause.code === 'EPIPE' || cause.code === 'ERR_STREAM_DESTROYED') return { kind: 'closed' };
  const error = new LockstepError('disk', `cannot write ${name}: ${cause.message}`, {
    cause,
    hint: 'Free disk space where it is redirected to, or redirect it elsewhere.',
  });
  return { kind: 'failed', error };
}
