import type { CommandModule } from 'yargs';
import type { CommandContext, ExitCode } from '../context.js';
import { benchCommand } from './bench.js';
import { doctorCommand } from './doctor.js';
import { exportCommand } from './export.js';
import { reportCommand } from './report.js';
import { listCommand } from './list.js';
import { resumeCommand } from './resume.js';
import { runCommand } from './run.js';
import { setupCommand } from './setup.js';
import { sweepCommand } from './sweep.js';
import { showCommand } from './show.js';
import { tailCommand } from './tail.js';
import { trialCommand } from './trial.js';
import { verifyCommand } from './verify.js';

/** All commands, in the order in which `--help` lists them. */
export function commands(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, never>[] {
  const creators = [
    runCommand,
    sweepCommand,
    resumeCommand,
    tailCommand,
    listCommand,
    showCommand,
    reportCommand,
    verifyCommand,
    exportCommand,
    trialCommand,
    setupCommand,
    doctorCommand,
    benchCommand,
  ];
  return creators.map((create) => create(context, exit) as unknown as CommandModule<object, never>);
}
