#!/usr/bin/env node
import { isStopMessage, tellInBatches } from '../trial/messages.js';
import { exitCodes, LockstepError, serializeError } from '../protocol/index.js';
import type { CommandContext, ExitCode } from './context.js';
import { joinDashedValues } from './dashed-values.js';
import { watchOutput } from './output-loss.js';
import type { OutputLoss } from './output-loss.js';
import { renderError } from './render-error.js';
import { unknownArgument } from './unknown-argument.js';

const signalExitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof signalExitCodes;

process.exitCode = await main();
// The channel to the launcher would keep a finished trial's process alive.
if (process.connected) process.disconnect();

/** Parses the command line, runs the command and answers the process's exit code. */
async function main(): Promise<ExitCode> {
  const stop = new AbortController();
  const launched = process.connected;
  let stoppedBy: StopSignal = 'SIGINT';
  const onSignal = (signal: StopSignal) => {
    // A terminal's Ctrl-C reaches launched trials too; they wait for their launcher's word.
    if (launched && signal === 'SIGINT') return;
    if (stop.signal.aborted && !launched) process.exit(signalExitCodes[signal]);
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
    // Opened by whoever reads it: a pipe that is not read could keep the process alive.
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
          // A launcher that died meanwhile is not the messages' matter: `disconnect` stops the trial.
          process.send?.(messages, undefined, undefined, () => undefined);
        })
      : undefined,
  };
  const argv = joinDashedValues(process.argv.slice(2));
  let exitCode: ExitCode = 0;
  try {
    if (launched && argv[0] === 'trial') return await runLaunched(argv, context);
    // Not for a launched trial: its launcher knows what to say, and understanding it takes long to load.
    const [{ default: yargs }, { commandNames, loadCommands }] = await Promise.all([
      import('yargs'),
      import('./commands/index.js'),
    ]);
    const parser = yargs(argv);
    const commands = await loadCommands(argv, context, (code) => (exitCode = code));
    for (const command of commands) parser.command(command);
    await parser
      .scriptName('lockstep')
      .usage('$0 <command>\n\nIs variant B of a network really better than variant A?')
      .option('debug', { type: 'boolean', default: false, describe: 'Show stack traces' })
      .demandCommand(1, 'Expected a command.')
      .strict()
      .updateStrings({
        'Not enough arguments following: %s': '--%s: expected a value, got none',
      })
      .completion('completion', 'Print a script that completes commands in bash or zsh')
      .fail((message: string | null, error: Error | undefined, usage) => {
        // What yargs itself throws is about the command line, too.
        if (error && error.name !== 'YError') throw error;
        const unknown = /^Unknown arguments?: (.*)$/.exec(message ?? '')?.[1]?.split(', ');
        if (unknown !== undefined) {
          const commands = [...commandNames, 'completion'];
          // Typed as the parser; what comes has the help as text.
          const { help } = usage as unknown as { help: () => string };
          throw unknownArgument(unknown, { argv, commands, help: help() });
        }
        throw new LockstepError('usage', message ?? error?.message ?? 'unknown option', {
          hint: 'Run `lockstep --help`.',
        });
      })
      .wrap(Math.min(100, process.stderr.columns || 100))
      .parseAsync();
    return stop.signal.aborted && !launched && exitCode === exitCodes.interrupted
      ? signalExitCodes[stoppedBy]
      : exitCode;
  } catch (error) {
    context.tellLauncher?.({ kind: 'error', error: serializeError(error) });
    if (!launched) process.stderr.write(renderError(error, { stack: argv.includes('--debug') }));
    return error instanceof LockstepError ? exitCodes[error.code] : exitCodes.bug;
  }
}

/** What the process executor asks for: `trial <runDir> <index>`. */
async function runLaunched(
  [, runDir = '', index = '']: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const { runTrialProcess } = await import('./commands/trial.js');
  return runTrialProcess(runDir, index, context);
}
