import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { jsonText } from '../../files/write-atomic.js';
import { LockstepError } from '../../protocol/index.js';
import { overviewOf, renderOverviews } from '../../report/run-overview.js';
import { readRun } from '../../run/read-run.js';
import type { CommandContext, ExitCode } from '../context.js';
import { once } from '../options.js';
import { tableOptions } from '../views/screen.js';

interface ListArguments {
  readonly out: string;
  readonly json: boolean;
}

/** `lockstep list`: the runs of a folder, their state and what they found. */
export function listCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, ListArguments> {
  return {
    command: 'list',
    describe: 'List runs: their state, trials done, and where a challenger is furthest ahead',
    builder: (yargs) =>
      yargs.options({
        out: {
          type: 'string',
          default: 'runs',
          requiresArg: true,
          describe: 'Folder the runs are in',
        },
        json: { type: 'boolean', default: false, describe: 'Print one JSON document' },
      }),
    handler: async ({ out, json }) => {
      const folder = resolve(context.cwd, once(out, '--out'));
      const overviews = [];
      for (const name of await runNames(folder)) {
        const path = join(folder, name);
        overviews.push(overviewOf(await readRun(path), relative(context.cwd, path) || '.'));
      }
      if (json) context.stdout.write(jsonText({ schemaVersion: 1, runs: overviews }));
      else if (overviews.length === 0) context.stderr.write(`no runs in ${folder}\n`);
      else {
        const lines = renderOverviews(overviews, tableOptions(context.stdout, context));
        context.stdout.write(`${lines.join('\n')}\n`);
      }
      exit(0);
    },
  };
}

/** Oldest first; folders without a manifest are no runs. */
async function runNames(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new LockstepError('usage', `expected a folder of runs, got ${folder}`, {
      cause,
      hint: 'Name it with --out, or make a run with `lockstep run`.',
    });
  }
  const time = (name: string) => /-(\d{8}T\d{6}Z)-/.exec(name)?.[1] ?? '';
  const runs: string[] = [];
  for (const name of names) {
    // `latest` is a link to one of the others.
    if (name === 'latest') continue;
    if (existsSync(join(folder, name, 'manifest.json'))) runs.push(name);
  }
  return runs.sort((a, b) => (time(a) < time(b) ? -1 : 1));
}
