import { relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportFormats, exportRun, runCsv } from '../../export/export-run.js';
import { jsonText } from '../../files/write-atomic.js';
import { LockstepError } from '../../protocol/index.js';
import { cleanLines } from '../../text/text.js';
import { defineCommand } from '../command.js';
import { oneOf, text } from '../flags.js';
import { json, runDir } from '../options.js';

/** In place of a folder: standard output. */
const standardOutput = '-';
const newestRunLink = 'runs/latest';

export const exportCommand = defineCommand({
  name: 'export',
  describe: 'Write the measurements of a run for TensorBoard, or as a CSV or Parquet table',
  positionals: { runDir },
  flags: {
    to: oneOf('What to write', exportFormats, { required: true }),
    out: text('Folder to write to, which several runs can share; -: standard output (CSV)', {
      default: 'exports',
    }),
    json,
  },
  async run({ runDir: folder, to: format, out, json: asJson }, { cwd, stdout }) {
    const isRun = folder !== standardOutput;
    const runFolder = resolve(cwd, isRun ? folder : newestRunLink);
    if (out === standardOutput || !isRun) {
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
