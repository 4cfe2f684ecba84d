import { readdir } from 'node:fs/promises';
import { overlayNames, shippedNames } from '../config/files.js';
import { commonFlags } from './arguments.js';
import type { Command } from './command.js';
import { commandNames, loadCommand } from './commands/index.js';
import type { Flag } from './flags.js';

/**
 * The words that may come where a shell asks for completions.
 * @param words after `lockstep`, the last one as far as it is typed
 */
export async function complete(words: readonly string[], cwd: string): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  const starting = (all: readonly string[]) => all.filter((word) => word.startsWith(typed));
  if (words.length < 2) return starting(commandNames);
  const command = await loadCommand(words[0]!);
  if (command === undefined) return [];
  const flags = { ...command.flags, ...commonFlags };
  const before = flagNamed(flags, words.at(-2)!);
  if (before !== undefined && before.takes !== 'nothing')
    return starting(await wordsOf(before, cwd));
  if (typed.startsWith('-')) return starting(Object.keys(flags).map((name) => `--${name}`));
  const positional = positionalAt(words.slice(1, -1), command);
  return positional === undefined ? [] : starting(await wordsOf(positional, cwd));
}

function flagNamed(flags: Command['flags'], word: string): Flag | undefined {
  return Object.entries(flags).find(
    ([name, { alias }]) => word === `--${name}` || word === `-${alias ?? ''}`,
  )?.[1];
}

/** The positional that comes next. @param words between the command and the one being typed */
function positionalAt(words: readonly string[], { flags, positionals }: Command): Flag | undefined {
  let given = 0;
  for (let at = 0; at < words.length; at += 1) {
    const flag = flagNamed(flags, words[at]!);
    if (flag !== undefined && flag.takes !== 'nothing') at += 1;
    else if (!words[at]!.startsWith('-')) given += 1;
  }
  return Object.values(positionals)[given];
}

async function wordsOf({ choices, names }: Flag, cwd: string): Promise<readonly string[]> {
  if (names === 'a configuration') {
    const files = await namesIn(cwd);
    const shipped = [...(await shippedNames()), ...(await overlayNames())];
    return [...shipped, ...files.filter((name) => /\.ya?ml$/.test(name))];
  }
  if (names === 'a run') return (await namesIn(`${cwd}/runs`)).map((name) => `runs/${name}`);
  return choices ?? [];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
