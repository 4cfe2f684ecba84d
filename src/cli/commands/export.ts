import { relative, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { exportFormats, exportRun } from '../../export/export-run.js';
import type { ExportFormat } from '../../export/export-run.js';
import { jsonText } from '../../files/write-atomic.js';
import type { CommandContext, ExitCode } from '../context.js';
import { once } from '../options.js';

interface ExportArguments {
  readonly runDir: string;
  readonly to: string;
  readonly out: string;
  readonly json: boolean;
}

/** `lockstep export [runDir] --to FORMAT`: a run's measurements for TensorBoard or a data tool. */
export function exportCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, ExportArguments> {
  return {
    command: 'export [runDir]',
    describe: 'Write the measurements of a run for TensorBoard, or as a CSV or Parquet table',
    builder: (yargs) =>
      yargs
        .positional('runDir', {
          type: 'string',
          default: 'runs/latest',
          describe: 'Folder of the run',
        })
        .options({
          to: {
            type: 'string',
            choices: exportFormats,
            demandOption: true,
            requiresArg: true,
            describe: 'What to write',
          },
          out: {
            type: 'string',
            default: 'exports',
            requiresArg: true,
            describe: 'Folder to write to; several runs can share it',
          },
          json: { type: 'boolean', default: false, describe: 'Print one JSON document' },
        }),
    handler: async ({ runDir, to, out, json }) => {
      const format = once(to, '--to') as ExportFormat;
      const files = await exportRun({
        runFolder: resolve(context.cwd, once(runDir, 'runDir')),
        format,
        out: resolve(context.cwd, once(out, '--out')),
      });
      const shown = files.map((file) => relative(context.cwd, file));
      context.stdout.write(json ? jsonText({ format, files: shown }) : `${shown.join('\n')}\n`);
      exit(0);
    },
  };
}
