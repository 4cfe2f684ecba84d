import { LockstepError } from '../protocol/index.js';
import { cleanLines } from '../text/text.js';

/** An error as people read it: what happened, then what to do; a stack only when asked for. */
export function renderError(error: unknown, { stack }: { readonly stack: boolean }): string {
  const known = error instanceof LockstepError && error.code !== 'bug';
  const message = error instanceof Error ? error.message : String(error);
  const hint =
    error instanceof LockstepError && error.hint !== undefined
      ? error.hint
      : known
        ? undefined
        : 'This is a bug in Lockstep. Please report it with the output of the same command and --debug.';
  const lines = [`lockstep: ${message}`];
  if (hint !== undefined) lines.push(`  ${hint}`);
  if (stack && error instanceof Error && error.stack !== undefined) lines.push(error.stack);
  // What it quotes may come from a hostile file or command line.
  return cleanLines(`${lines.join('\n')}\n`);
}
