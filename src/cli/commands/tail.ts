import { constants, setPriority } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type { CommandModule, Options } from 'yargs';
import { createPlainView } from '../../console/plain.js';
import type { LogRecord, Outcome } from '../../log/records.js';
import { exitCodes, LockstepError } from '../../protocol/index.js';
import type { Manifest } from '../../run/manifest.js';
import { newestRun } from '../../run/newest-run.js';
import { readManifest } from '../../run/run-directory.js';
import { followRun } from '../../tail/follow-run.js';
import { parseSelection, wholeNumber } from '../../tail/selection.js';
import { requireKnown } from '../../tail/where.js';
import { batchOutput } from '../batch-output.js';
import type { CommandContext, ExitCode } from '../context.js';
import { once } from '../options.js';
import { usesColor } from '../screen.js';

interface TailArguments {
  readonly runDir: string | undefined;
  readonly out: string;
  readonly wait: boolean;
  readonly trial: string | undefined;
  readonly variant: string | undefined;
  readonly event: string | undefined;
  readonly since: string | undefined;
  readonly every: string | undefined;
  readonly where: readonly string[] | undefined;
  readonly lines: string | undefined;
  readonly follow: boolean;
  readonly grace: string | undefined;
  readonly json: boolean;
  readonly ui: boolean;
}

const defaultGrace = '5';

const text = (describe: string): Options => ({ type: 'string', requiresArg: true, describe });

/** `lockstep tail [runDir]`: shows what a run's trials log, while they log it. */
export function tailCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, TailArguments> {
  return {
    command: 'tail [runDir]',
    describe: 'Follow the logs of a run; ends with the run, and with its exit code',
    builder: (yargs) =>
      yargs
        .positional('runDir', {
          type: 'string',
          describe: 'Folder of the run (default: the newest)',
        })
        .options({
          out: { ...text('Folder the newest run is looked for in'), default: 'runs' },
          wait: { type: 'boolean', default: false, describe: 'Wait for a run if there is none' },
          trial: text('Only the trial of this index'),
          variant: text('Show only this variant'),
          event: text('Only records of this event, for instance step'),
          since: text('Only from this step or time (ISO 8601) on'),
          every: text('Of the steps, only every so many'),
          where: {
            ...text("Only records for which this holds: 'variants.snn.loss<0.2'"),
            type: 'string',
            array: true,
            nargs: 1,
          },
          lines: { ...text('Of what is there already, only the last so many'), alias: 'n' },
          follow: {
            type: 'boolean',
            default: true,
            describe: 'Wait for more (--no-follow: do not)',
          },
          grace: text(
            `Seconds without a process at work after which an unfinished run is left (default: ${defaultGrace})`,
          ),
          json: { type: 'boolean', default: false, describe: 'Pass the lines of the log through' },
          ui: { type: 'boolean', default: false, describe: 'Show the run on the whole terminal' },
        }) as never,
    handler: async (args) => {
      exit(await tail(args, context));
    },
  };
}

async function tail(args: TailArguments, context: CommandContext): Promise<ExitCode> {
  const { stdout, env, stop } = context;
  const tailScreen = args.ui ? await prepareScreen(args, context) : undefined;
  const runFolder = await findRun(args, context);
  if (runFolder === undefined) return exitCodes.interrupted;
  const manifest = await readManifest(runFolder);
  const shownFolder = relative(context.cwd, runFolder) || '.';
  const variants = Object.keys(manifest.config.variants);
  const trial = optional('--trial', args.trial);
  if (trial !== undefined) {
    requireKnown(
      '--trial',
      trial,
      manifest.trials.map(({ index }) => String(index)),
    );
  }
  if (tailScreen) {
    yieldToTraining();
    const first = trial === undefined ? undefined : Number(trial);
    const ended = await tailScreen(context, { manifest, runFolder, shownFolder, trial: first });
    if (stop.aborted) return exitCodes.interrupted;
    return ended === undefined ? 0 : exitCodeOf(ended);
  }
  const variant = once(args.variant, '--variant');
  if (variant !== undefined) requireKnown('--variant', variant, variants);
  const chosen = parseSelection(
    {
      event: once(args.event, '--event'),
      since: once(args.since, '--since'),
      every: once(args.every, '--every'),
      where: args.where ?? [],
    },
    variants,
  );
  const lines = once(args.lines, '--lines');
  const last = lines === undefined ? undefined : wholeNumber('--lines', lines, 0);

  const render = createLines(manifest, shownFolder, {
    variant,
    color: usesColor(stdout, env),
  });
  const followed = followRun(runFolder, {
    trial: trial === undefined ? undefined : Number(trial),
    where: (record) => {
      // What a trial starts with says how its other lines read, whether it is shown or not.
      if (record.event === 'trial.start') render(record);
      return chosen(record);
    },
    last,
    follow: args.follow,
    grace: 1000 * wholeNumber('--grace', once(args.grace, '--grace') ?? defaultGrace, 0),
    stop,
  });
  yieldToTraining();
  const output = batchOutput(stdout);
  for (;;) {
    const next = await followed.next();
    if (next.done === true) {
      await output.flush();
      return stop.aborted ? exitCodes.interrupted : args.follow ? exitCodeOf(next.value) : 0;
    }
    const shown = args.json ? `${next.value.line}\n` : render(next.value.record);
    await output.write(shown);
  }
}

/**
 * Loads the full screen, which nothing else needs.
 * @throws LockstepError `usage` without a terminal, and for flags that choose among lines
 */
async function prepareScreen(args: TailArguments, context: CommandContext) {
  const others = {
    '--json': args.json,
    '--no-follow': !args.follow,
    '--variant': args.variant !== undefined,
    '--event': args.event !== undefined,
    '--since': args.since !== undefined,
    '--every': args.every !== undefined,
    '--where': args.where !== undefined,
    '--lines': args.lines !== undefined,
    '--grace': args.grace !== undefined,
  };
  const given = Object.entries(others).flatMap(([flag, isGiven]) => (isGiven ? [flag] : []));
  if (given.length > 0) {
    throw new LockstepError('usage', `--ui: expected it without ${given.join(', ')}`, {
      hint: 'The screen shows all of a run; keys choose the trial and the metric.',
    });
  }
  const { requireTerminal, tailScreen } = await import('../tail-screen.js');
  requireTerminal(context);
  return tailScreen;
}

/** @returns undefined when stopped while waiting */
async function findRun(args: TailArguments, context: CommandContext): Promise<string | undefined> {
  const out = resolve(context.cwd, once(args.out, '--out'));
  for (;;) {
    const folder =
      args.runDir === undefined ? await newestRun(out) : resolve(context.cwd, args.runDir);
    const found =
      folder !== undefined &&
      (await readManifest(folder).then(yes, (error: unknown) => {
        if (!args.wait) throw error;
        return false;
      }));
    if (found) return folder;
    if (!args.wait) {
      throw new LockstepError('usage', `expected a run in ${join(out)}, found none`, {
        hint: 'Name the run’s folder, or wait for one with --wait.',
      });
    }
    await sleep(100, undefined, { signal: context.stop }).catch(() => undefined);
    if (context.stop.aborted) return undefined;
  }
}

function createLines(
  { config, trials }: Manifest,
  dir: string,
  { variant, color }: { readonly variant: string | undefined; readonly color: boolean },
): (record: LogRecord) => string {
  const { name, seeds } = config;
  const view = createPlainView({ name, dir, seeds, trials: trials.length });
  const { cyan, green, red } = pc.createColors(color);
  return (record) =>
    view(variant === undefined ? record : withOnly(record, variant))
      .map((line) => {
        if (record.event !== 'trial.end') return line.replace(/Δ.*?(?= {3}|$)/g, cyan);
        return record.outcome === 'completed' ? green(line) : red(line);
      })
      .map((line) => `${line}\n`)
      .join('');
}

function withOnly(record: LogRecord, variant: string): LogRecord {
  if (!('variants' in record)) return record;
  const entries = Object.entries(record.variants).filter(([name]) => name === variant);
  return { ...record, variants: Object.fromEntries(entries) };
}

/** What `lockstep run` ends with, as far as the logs tell. */
function exitCodeOf(outcomes: readonly (Outcome | undefined)[]): ExitCode {
  if (outcomes.includes('failed')) return exitCodes.worker;
  if (outcomes.includes('interrupted') || outcomes.includes(undefined))
    return exitCodes.interrupted;
  return outcomes.includes('diverged') ? exitCodes.diverged : 0;
}

function optional(flag: string, value: string | undefined): string | undefined {
  const text = once(value, flag);
  return text === undefined ? undefined : String(wholeNumber(flag, text, 0));
}

/** Whoever watches a run shall not slow it. */
function yieldToTraining(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Where that is not allowed, it goes without.
  }
}

function yes(): true {
  return true;
}
