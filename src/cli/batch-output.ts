import { once } from 'node:events';

/** Characters that are worth a write of their own. */
const enough = 1 << 16;

/** Writes much text in few writes. */
export interface BatchedOutput {
  /** Resolves at once, or when the reader has caught up. */
  write(text: string): Promise<void> | undefined;
  /** Resolves when all is handed over. */
  flush(): Promise<void> | undefined;
}

/**
 * Gathers text that comes within one turn of the event loop: a line of its own is written in that turn,
 * and a hundred thousand of them are not as many system calls.
 */
export function batchOutput(stream: NodeJS.WritableStream): BatchedOutput {
  let gathered = '';
  let turn: NodeJS.Immediate | undefined;
  let drained: Promise<void> | undefined;
  const flush = (): Promise<void> | undefined => {
    clearImmediate(turn);
    turn = undefined;
    const text = gathered;
    gathered = '';
    if (text !== '' && !stream.write(text)) {
      drained ??= once(stream, 'drain').then(() => {
        drained = undefined;
      });
    }
    return drained;
  };
  return {
    write(text) {
      gathered += text;
      if (gathered.length >= enough) return flush();
      turn ??= setImmediate(() => void flush());
      return drained;
    },
    flush,
  };
}
