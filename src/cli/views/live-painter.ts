import { createLogUpdate } from 'log-update';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** Repaints one block of text in place on a terminal. */
export interface LivePainter {
  /** Shows the block instead of the one before. */
  paint(block: string): void;
  /** Takes the block away and writes lasting text in its place; the next block comes below it. */
  print(text: string): void;
  /** Takes the block away and shows the cursor again; later calls do nothing. */
  dispose(): void;
}

/**
 * A painter that hides the cursor from the first block until it is disposed of. The caller decides
 * when to paint: ten times a second is plenty.
 * @param stream a terminal; its `columns` and `rows` are read at every paint
 */
export function createLivePainter(stream: NodeJS.WritableStream): LivePainter {
  // log-update hides the cursor of stderr only, and installs signal handlers to restore it.
  const update = createLogUpdate(stream, { showCursor: true });
  let painted = false;
  let disposed = false;
  return {
    paint(block) {
      if (disposed || !stream.writable) return;
      if (!painted) stream.write(hideCursor);
      painted = true;
      update(block);
    },
    print(text) {
      if (disposed || !stream.writable) return;
      if (painted) update.clear();
      stream.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      if (!painted || !stream.writable) return;
      update.clear();
      stream.write(showCursor);
    },
  };
}
