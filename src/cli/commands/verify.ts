import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { formatDifference } from '../../audit/findings.js';
import { verifyRun } from '../../audit/verify-run.js';
import { jsonText } from '../../files/write-atomic.js';
import { LockstepError } from '../../protocol/index.js';
import { collectProvenance } from '../../run/provenance.js';
import type { CommandContext, ExitCode } from '../context.js';
import { once } from '../options.js';
import { renderVerification } from '../render-verification.js';

interface VerifyArguments {
  readonly runDir: string;
  readonly data: string | undefined;
  readonly json: boolean;
}

/** `lockstep verify [runDir]`: recomputes what a run recorded; exit 6 when something differs. */
export function verifyCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, VerifyArguments> {
  return {
    command: 'verify [runDir]',
    describe: 'Recompute what a run recorded, and name the first thing that differs',
    builder: (yargs) =>
      yargs
        .positional('runDir', {
          type: 'string',
          default: 'runs/latest',
          describe: 'Folder of the run',
        })
        .option('data', {
          type: 'string',
          requiresArg: true,
          describe: 'Folder with the four IDX files, where it is not where the run had it',
        })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: 'Print one JSON document',
        }),
    handler: async ({ runDir, data, json }) => {
      const runFolder = resolve(context.cwd, once(runDir, 'runDir'));
      const folder = once(data, '--data');
      const dataFolder = folder === undefined ? undefined : resolve(context.cwd, folder);
      const verification = await verifyRun(runFolder, await collectProvenance([]), dataFolder);
      context.stdout.write(json ? jsonText(verification) : renderVerification(verification));
      const { differences, differing } = verification;
      const [first] = differences;
      if (first !== undefined) {
        const others = differing > 1 ? ` (and ${differing - 1} more)` : '';
        throw new LockstepError('verification', `${formatDifference(first)}${others}`, {
          hint: 'The run is not as it was recorded: restore it from a copy, or run it again.',
        });
      }
      exit(0);
    },
  };
}
