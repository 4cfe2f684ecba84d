import { availableParallelism, totalmem } from 'node:os';
import type { CommandModule } from 'yargs';
import { chooseEngine } from '../../engines/choose.js';
import { inspectEngines } from '../../engines/status.js';
import type { CommandContext, ExitCode } from '../context.js';
import { renderDoctor } from '../render-doctor.js';

/** `lockstep doctor`: what this machine can compute with, and why not with the rest. */
export function doctorCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, { readonly json: boolean }> {
  return {
    command: 'doctor',
    describe: 'Show the engines of this machine, and why one is not available',
    builder: (yargs) =>
      yargs.option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document',
      }),
    handler: ({ json }) => {
      const engines = inspectEngines();
      const diagnosis = {
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
        cores: availableParallelism(),
        memoryBytes: totalmem(),
        engines,
        auto: chooseEngine('auto', 'auto', engines),
      };
      context.stdout.write(
        json ? `${JSON.stringify(diagnosis, null, 2)}\n` : renderDoctor(diagnosis),
      );
      exit(0);
    },
  };
}
