import picocolors from 'picocolors';
import type { TableOptions } from '../text/table.js';
import type { CommandContext } from './context.js';

/** https://no-color.org */
export function usesColor(stream: NodeJS.WriteStream, env: CommandContext['env']): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY && env.TERM !== 'dumb';
}

/** How a table looks on a stream. */
export function tableOptions(stream: NodeJS.WriteStream, { env }: CommandContext): TableOptions {
  const color = usesColor(stream, env);
  return { columns: stream.isTTY ? stream.columns : 100, dim: picocolors.createColors(color).dim };
}
