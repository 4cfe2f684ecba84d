import { emitKeypressEvents } from 'node:readline';
import {
  beginSynchronizedOutput,
  cursorHide,
  cursorShow,
  cursorTo,
  endSynchronizedOutput,
  enterAlternativeScreen,
  eraseScreen,
  exitAlternativeScreen,
} from 'ansi-escapes';
import { onExit } from 'signal-exit';
import type { Key } from './choice.js';

/** A whole terminal, borrowed. */
export interface FullScreen {
  /** Shows lines, each as wide as the terminal; only those that changed are written. */
  paint(lines: readonly string[]): void;
  /** Restores the terminal; later calls do nothing. */
  dispose(): void;
}

export interface FullScreenEvents {
  readonly onKey: (key: Key) => void;
  /** After the terminal was resized; it is empty now. */
  readonly onResize: () => void;
  /** After the last key: standard input has ended. */
  readonly onHangup: () => void;
}

/**
 * Takes over a terminal: alternate screen, no cursor, keys as they are pressed (including Ctrl-C, which
 * then sends no signal). If the process ends without `dispose`, by an error or a signal, the terminal is
 * restored at that point.
 */
export function openFullScreen(
  stdin: NodeJS.ReadStream,
  stdout: NodeJS.WriteStream,
  { onKey, onResize, onHangup }: FullScreenEvents,
): FullScreen {
  let shown: readonly string[] = [];
  let disposed = false;
  const keypress = (_: string | undefined, key: Key) => {
    onKey(key);
  };
  const resize = () => {
    shown = [];
    stdout.write(eraseScreen);
    onResize();
  };
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    forgetExit();
    stdin.off('keypress', keypress).off('end', onHangup).off('error', onHangup);
    stdout.off('resize', resize);
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
    if (stdout.writable) stdout.write(cursorShow + exitAlternativeScreen);
  };

  const forgetExit = onExit(dispose);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', keypress).on('end', onHangup).on('error', onHangup).resume();
  stdout.on('resize', resize);
  stdout.write(enterAlternativeScreen + cursorHide + eraseScreen);
  return {
    paint(lines) {
      // A slow terminal has not taken the last frame yet: skip this one, the next is complete.
      if (disposed || !stdout.writable || stdout.writableNeedDrain) return;
      const changed = lines.flatMap((line, row) =>
        line === shown[row] ? [] : [cursorTo(0, row) + line],
      );
      shown = lines;
      if (changed.length === 0) return;
      stdout.write(beginSynchronizedOutput + changed.join('') + endSynchronizedOutput);
    },
    dispose,
  };
}
