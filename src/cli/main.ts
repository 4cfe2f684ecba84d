#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { isStopMessage, tellInBatches } from '../trial/messages.js';
import { exitCodes, LockstepError, serializeError } from '../protocol/index.js';
import type { CommandContext, ExitCode } from './context.js';
import { readValues, sortArguments, unknownCommand } from './arguments.js';
import { commandNames, loadCommand, loadCommands } from './commands/index.js';
import { watchOutput } from './output-loss.js';
import type { OutputLoss } from './output-loss.js';
import { renderError } from './render-error.js';

const signalExitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof signalExitCodes;

process.exitCode = await main();
// The channel to the launcher would keep a finished trial's process alive.
if (process.connected) process.disconnect();

/** Runs the command that the command line names. @returns the process's exit code */
async function main(): Promise<ExitCode> {
  const stop = new AbortController();
  const launched = process.connected;
  let stoppedBy: StopSignal = 'SIGINT';
  const onSignal = (signal: StopSignal) => {
    // A terminal's Ctrl-C reaches launched trials too; they wait for their launcher's word.
    if (launched && signal === 'SIGINT') return;
    // A launcher may pass on one SIGTERM twice: only Ctrl-C is impatient.
    if (stop.signal.aborted && !launched && signal === 'SIGINT') {
      process.exit(signalExitCodes[signal]);
    }
    stoppedBy = signal;
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  if (launched) {
    process.on('message', (message) => {
      if (isStopMessage(message)) stop.abort();
    });
    process.on('disconnect', () => {
      stop.abort();
    });
  }
  let onOutputLoss = (loss: OutputLoss): void => {
    // A closed pipe (`| head`) is no error.
    if (loss.kind === 'closed') process.exit(0);
    process.stderr.write(renderError(loss.error, { stack: false }));
    process.exit(exitCodes[loss.error.code]);
  };
  watchOutput(process, (loss) => {
    onOutputLoss(loss);
  });

  const context: CommandContext = {
    // Opened on first use: a pipe that is not read could keep the process alive.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    stop: stop.signal,
    cwd: process.cwd(),
    env: process.env,
    clock: Date.now,
    whenOutputIsLost: (action) => {
      onOutputLoss = action;
    },
    tellLauncher: launched
      ? tellInBatches((messages) => {
          // Ignore send errors: if the launcher died, `disconnect` stops the trial.
          process.send?.(messages, undefined, undefined, () => undefined);
        })
      : undefined,
  };
  const argv = process.argv.slice(2);
  try {
    if (launched && argv[0] === 'trial') return await runLaunched(argv.slice(1), context);
    const exitCode = await runCommand(argv, context);
    return stop.signal.aborted && !launched && exitCode === exitCodes.interrupted
      ? signalExitCodes[stoppedBy]
      : exitCode;
  } catch (error) {
    context.tellLauncher?.({ kind: 'error', error: serializeError(error) });
    if (!launched) process.stderr.write(renderError(error, { stack: argv.includes('--debug') }));
    return error instanceof LockstepError ? exitCodes[error.code] : exitCodes.bug;
  }
}

/** Reads the arguments of a command and runs it. @throws LockstepError `usage` for what it does not take */
async function runCommand(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [first, ...others] = argv;
  const { stdout, stderr, cwd } = context;
  const columns = Math.min(100, stderr.columns || 100);
  if (first === '--get-yargs-completions') {
    const { complete } = await import('./complete.js');
    const words = await complete(others.slice(1), cwd);
    stdout.write(words.map((word) => `${word}\n`).join(''));
    return 0;
  }
  if (first === '--version') return printVersion(stdout);
  if (first === '--help' || first === '-h') {
    const { generalHelp } = await import('./help.js');
    stdout.write(`${await generalHelp(await loadCommands(), columns)}\n`);
    return 0;
  }
  const command = first === undefined ? undefined : await loadCommand(first);
  if (command === undefined) throw unknownCommand(first, commandNames);
  const typed = sortArguments(others, command);
  if (typed.has('help')) {
    const { commandHelp } = await import('./help.js');
    stdout.write(`${await commandHelp(command, columns)}\n`);
    return 0;
  }
  if (typed.has('version')) return printVersion(stdout);
  return command.run(readValues(typed, command) as never, context);
}

/** The version of Lockstep itself, wherever it is installed. */
function printVersion(stdout: NodeJS.WritableStream): ExitCode {
  const file = new URL('../../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  stdout.write(`${version}\n`);
  return 0;
}

/** Runs the command of the process executor: `trial <runDir> <index> [--data FOLDER]`. */
async function runLaunched(
  [runDir = '', index = '', , ...data]: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const { runTrialProcess } = await import('./commands/trial.js');
  return runTrialProcess(runDir, index, data, context);
}
