import { createLogUpdate } from 'log-update';
import { onExit } from 'signal-exit';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** Repaints one block of text in place on a terminal. */
export interface LivePainter {
  /** Replaces the block that is shown. */
  paint(block: string): void;
  /** Replaces the block by lasting text; the next block comes below it. */
  print(text: string): void;
  /** Removes the block and shows the cursor again; later calls do nothing. */
  dispose(): void;
}

/**
 * A painter that hides the cursor from the first block until it is disposed of, or until the process
 * exits without that (a second Ctrl-C). The caller decides when to paint: ten times a second is plenty.
 * @param stream a terminal; its `columns` and `rows` are read at every paint
 */
export function createLivePainter(stream: NodeJS.WritableStream): LivePainter {
  // log-update itself can only hide the cursor of stderr.
  const update = createLogUpdate(stream, { showCursor: true });
  let forgetExit: (() => void) | undefined;
  let disposed = false;
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    forgetExit?.();
    if (forgetExit === undefined || !stream.writable) return;
    update.clear();
    stream.write(showCursor);
  };
  return {
    paint(block) {
      if (disposed || !stream.writable) return;
      if (forgetExit === undefined) {
        forgetExit = onExit(dispose);
        stream.write(hideCursor);
      }
      update(block);
    },
    print(text) {
      if (disposed || !stream.writable) return;
      if (forgetExit) update.clear();
      stream.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    dispose,
  };
}
