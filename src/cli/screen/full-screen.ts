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

/** The whole of a terminal, borrowed. */
export interface FullScreen {
  /** Shows lines, each as wide as the terminal; only those that changed are written. */
  paint(lines: readonly string[]): void;
  /** Gives the terminal back as it was; later calls do nothing. */
  dispose(): void;
}

export interface FullScreenEvents {
  readonly onKey: (key: Key) => void;
  /** After the terminal has another size; what was painted is gone. */
  readonly onResize: () => void;
  /** After the last key that there will be. */
  readonly onHangup: () => void;
}

/**
 * Takes over a terminal: alternate screen, no cursor, keys as they are pressed (Ctrl-C among them,
 * which is then no signal). Should the process end without `dispose`, by an error or a signal, the terminal
 * is given back then.
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
      // What a slow line has not taken yet is not to be piled upon: the next frame has it all.
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
