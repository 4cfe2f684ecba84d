import { relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FinishedRun } from '../app/execute-run.js';
import { outcomeOf } from '../app/outcome.js';
import type { StartProgress, Surroundings } from '../app/surroundings.js';
import { jsonText } from '../files/write-atomic.js';
import { exitCodes } from '../protocol/index.js';
import { pointTable } from '../report/point-table.js';
import { renderPointTable } from '../report/point-table-text.js';
import { sequenceDocument } from '../report/sequence-document.js';
import { renderSummary } from '../report/summary-text.js';
import { varianceOfRun } from '../report/variance.js';
import { varianceLines } from '../report/variance-text.js';
import { trialFiles } from '../run/run-directory.js';
import { count } from '../text/numbers.js';
import { cleanLines } from '../text/text.js';
import type { CommandContext, ExitCode } from './context.js';
import type { Output } from './options.js';
import type { OutputLoss } from './output-loss.js';
import { renderError } from './render-error.js';
import { tableOptions, usesColor } from './terminal.js';
import { createProgress } from './views/progress.js';

/** The most reasons that are printed. */
const mostReasons = 10;

/**
 * Runs what trains a run, shows it while it trains and prints what it found.
 * @returns 0, the exit code of the first trial that failed or diverged, or 130 when interrupted
 */
export async function finishRun(
  execute: (startProgress: StartProgress, surroundings: Surroundings) => Promise<FinishedRun>,
  output: Output,
  context: CommandContext,
): Promise<ExitCode> {
  const { cwd, env, clock, stderr } = context;
  const outputLost = new AbortController();
  let loss: OutputLoss | undefined;
  context.whenOutputIsLost((what) => {
    loss ??= what;
    outputLost.abort();
  });
  const stop = AbortSignal.any([context.stop, outputLost.signal]);
  const finished = await execute((plan) => createProgress(plan, output, context), {
    ...{ stop, cwd, env, clock },
  });
  for (const { error } of finished.failures) stderr.write(renderError(error, { stack: false }));
  printFindings(finished, output, context);
  if (output.quiet) stderr.write(divergences(finished));
  // A stream tells of a failed write a tick later.
  await setImmediate();
  if (loss?.kind === 'failed') throw loss.error;
  return tellHowItEnded(finished, context);
}

function tellHowItEnded(
  { run, runFolder, failures, interrupted, left, troubles, again }: FinishedRun,
  { cwd, stderr }: CommandContext,
): ExitCode {
  const fullDisk = troubles.find(({ code }) => code === 'disk');
  for (const trouble of troubles) {
    stderr.write(
      trouble === fullDisk
        ? renderError(trouble, { stack: false })
        : cleanLines(
            `warning: ${trouble.message}\n${trouble.hint === undefined ? '' : `  ${trouble.hint}\n`}`,
          ),
    );
  }
  if (left.length > 0) {
    const list = left.map(
      ({ trial, reason }) => `  trial ${trial.index}: ${reason ?? 'no reason given'}\n`,
    );
    stderr.write(
      cleanLines(`Failed trials were left alone; --failed runs them again:\n${list.join('')}`),
    );
  }
  const [failure] = failures;
  if (failure !== undefined) return exitCodes[failure.error.code];
  if (interrupted) {
    const resume = `lockstep resume ${relative(cwd, runFolder) || '.'}`;
    stderr.write(`Interrupted. Continue with: ${again ?? resume}\n`);
    return exitCodes.interrupted;
  }
  if (fullDisk !== undefined) return exitCodes.disk;
  if (run.trials.some(({ state }) => state === 'diverged')) return exitCodes.diverged;
  return left.length > 0 ? exitCodes.worker : 0;
}

function printFindings(finished: FinishedRun, output: Output, context: CommandContext): void {
  const { manifest, runFolder, run, summary, figure } = finished;
  const { stdout, stderr, cwd, env } = context;
  if (output.json) {
    stdout.write(jsonText(outcomeOf(finished, cwd)));
    return;
  }
  if (output.quiet) return;
  const shown = (path: string) => relative(cwd, path) || '.';
  // The tutorial's lines are all that its format prints, so the summary goes beside them.
  const stream = output.format === 'tutorial' ? stderr : stdout;
  if (manifest.config.sweep !== undefined) {
    const lines = renderPointTable(pointTable(run), tableOptions(stream, context));
    stream.write(`\n${[...lines, `run  ${shown(runFolder)}`].join('\n')}\n`);
    return;
  }
  if (manifest.variance !== undefined) {
    const { columns, dim } = tableOptions(stream, context);
    const lines = varianceLines(varianceOfRun(run)!, { columns, dim });
    stream.write(`\n${[...lines, '', `run  ${shown(runFolder)}`].join('\n')}\n`);
    return;
  }
  if (summary === undefined) return;
  const verdicts = sequenceDocument(run) ?? [];
  const [only] = manifest.trials;
  const { log = '', result = '' } = only ? trialFiles(runFolder, only.index) : {};
  const files = {
    run: shown(runFolder),
    ...(manifest.trials.length === 1 && { log: shown(log), result: shown(result) }),
    ...(figure.svg !== undefined && { figure: Object.values(figure).map(shown).join(', ') }),
  };
  const columns = stream.isTTY ? stream.columns : 100;
  const text = renderSummary(summary, { color: usesColor(stream, env), columns, files });
  stream.write(`\n${text}\n`);
  for (const { decision, sentence } of verdicts) {
    stream.write(cleanLines(`\n${decision}: ${sentence}\n`));
  }
}

/** Why variants diverged, for `--quiet`, which prints nothing else. */
function divergences({ run }: FinishedRun): string {
  const diverged = run.trials.filter(({ state }) => state === 'diverged');
  const lines = diverged
    .slice(0, mostReasons)
    .map(
      ({ trial, reason }) =>
        `lockstep: trial ${trial.index} (seed ${trial.seed}): ${reason ?? 'a variant diverged'}`,
    );
  const more = diverged.length - lines.length;
  if (more > 0) lines.push(`lockstep: and ${count(more, 'more trial')} diverged`);
  return cleanLines(lines.map((line) => `${line}\n`).join(''));
}
