import { relative, resolve } from 'node:path';
import { exportFormats, exportRun } from '../../export/export-run.js';
import { jsonText } from '../../files/write-atomic.js';
import { defineCommand } from '../command.js';
import { oneOf, text } from '../flags.js';
import { json, runDir } from '../options.js';

export const exportCommand = defineCommand({
  name: 'export',
  describe: 'Write the measurements of a run for TensorBoard, or as a CSV or Parquet table',
  positionals: { runDir },
  flags: {
    to: oneOf('What to write', exportFormats, { required: true }),
    out: text('Folder to write to; several runs can share it', { default: 'exports' }),
    json,
  },
  async run({ runDir: folder, to: format, out, json: asJson }, { cwd, stdout }) {
    const files = await exportRun({
      runFolder: resolve(cwd, folder),
      format,
      out: resolve(cwd, out),
    });
    const shown = files.map((file) => relative(cwd, file));
    stdout.write(asJson ? jsonText({ format, files: shown }) : `${shown.join('\n')}\n`);
    return 0;
  },
});
