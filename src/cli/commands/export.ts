import { relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportFormats, exportRun, runCsv } from '../../export/export-run.js';
import { jsonText } from '../../files/write-atomic.js';
import { LockstepError } from '../../protocol/index.js';
import { cleanLines } from '../../text/text.js';
import { defineCommand } from '../command.js';
import { oneOf, text } from '../flags.js';
import { json, newestRun, runDir } from '../options.js';

/** In place of a folder: standard output. */
const standardOutput = '-';
const defaultOut = 'exports';

export const exportCommand = defineCommand({
  name: 'export',
  describe: 'Write the measurements of a run for TensorBoard, or as a CSV or Parquet table',
  positionals: {
    runDir,
    destination: text('The same as --out'),
  },
  flags: {
    to: oneOf('What to write', exportFormats, { required: true }),
    out: text('Folder to write to, which several runs can share; -: standard output (CSV only)', {
      default: defaultOut,
    }),
    json,
  },
  async run(values, { cwd, stdout }) {
    const { to: format, json: asJson } = values;
    const { folder, out } = places(values);
    const runFolder = resolve(cwd, folder);
    if (out === standardOutput) {
      if (format !== 'csv' || asJson) {
        throw new LockstepError(
          'usage',
          `-: expected --to csv, got ${asJson ? '--json' : `--to ${format}`}`,
          { hint: 'Name a folder to write to.' },
        );
      }
      await pipeline(Readable.from(runCsv(runFolder)), stdout, { end: false });
      return 0;
    }
    const files = await exportRun({ runFolder, format, out: resolve(cwd, out) });
    const shown = files.map((file) => relative(cwd, file));
    stdout.write(asJson ? jsonText({ format, files: shown }) : cleanLines(`${shown.join('\n')}\n`));
    return 0;
  },
});

interface Given {
  readonly runDir: string;
  readonly destination: string | undefined;
  readonly out: string;
}

/** @throws LockstepError `usage` where two destinations are given */
function places({ runDir: run, destination, out }: Given): { folder: string; out: string } {
  const given = [destination, out === defaultOut ? undefined : out].filter(
    (path) => path !== undefined,
  );
  // A dash alone (`export - --to csv`) is where to write: the run is the newest one.
  if (run === standardOutput) given.unshift(standardOutput);
  if (given.length > 1) {
    throw new LockstepError('usage', `expected one place to write to, got ${given.join(' and ')}`);
  }
  return { folder: run === standardOutput ? newestRun : run, out: given[0] ?? defaultOut };
}
