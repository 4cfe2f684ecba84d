import type { Options } from 'yargs';
import { LockstepError } from '../protocol/index.js';
import { requireKnown, wholeNumber } from '../live/select/flag-values.js';
import { parseSelection } from '../live/select/selection.js';
import type { FollowOptions } from '../live/follow/follow-run.js';
import type { Manifest } from '../run/manifest.js';
import { once } from './options.js';

export interface TailArguments {
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
  readonly poll: boolean;
  readonly json: boolean;
  readonly ui: boolean;
}

const defaultGrace = '5';

const text = (describe: string): Options => ({ type: 'string', requiresArg: true, describe });
const flag = (describe: string): Options => ({ type: 'boolean', default: false, describe });

export const tailOptions: Readonly<Record<string, Options>> = {
  out: { ...text('Folder the newest run is looked for in'), default: 'runs' },
  wait: flag('Wait for a run if there is none'),
  trial: text('Only the trial of this index'),
  variant: text('Show only this variant'),
  event: text('Only records of this event, for instance step'),
  since: text('Only from this step (100), time (2026-01-31T12:00) or time ago (10m) on'),
  every: text('Of the steps, only every so many'),
  where: {
    ...text("Only records for which this holds: 'variants.snn.loss<0.2'; again for more"),
    array: true,
    nargs: 1,
  },
  lines: { ...text('Of what is there already, only the last so many'), alias: 'n' },
  follow: { ...flag('Wait for more (--no-follow: do not)'), default: true },
  grace: text(
    `Seconds without a process at work after which an unfinished run is left (default: ${defaultGrace})`,
  ),
  poll: flag('Look for changes by itself, where the file system does not tell of them'),
  json: flag('Pass the lines of the log through'),
  ui: flag('Show the run on the whole terminal'),
};

/** @throws LockstepError `usage` unless it is the index of one of the run's trials */
export function parseTrial({ trial }: TailArguments, { trials }: Manifest): number | undefined {
  const given = once(trial, '--trial');
  if (given === undefined) return undefined;
  const index = wholeNumber('--trial', given, 0);
  const known = trials.map((planned) => String(planned.index));
  requireKnown('--trial', String(index), known);
  return index;
}

/** @throws LockstepError `usage` unless it is one of the run's variants */
export function parseVariant({ variant }: TailArguments, { config }: Manifest): string | undefined {
  const given = once(variant, '--variant');
  if (given !== undefined) requireKnown('--variant', given, Object.keys(config.variants));
  return given;
}

/**
 * What is followed of a run, and how.
 * @param now milliseconds since the Unix epoch
 * @throws LockstepError `usage` for a value that a flag does not take
 */
export async function parseFollowing(
  args: TailArguments,
  manifest: Manifest,
  now: number,
): Promise<FollowOptions & Required<Pick<FollowOptions, 'where'>>> {
  const lines = once(args.lines, '--lines');
  return {
    trial: parseTrial(args, manifest),
    where: parseSelection(
      {
        event: once(args.event, '--event'),
        since: once(args.since, '--since'),
        every: once(args.every, '--every'),
        where: await parseConditions(args, manifest),
      },
      now,
    ),
    last: lines === undefined ? undefined : wholeNumber('--lines', lines, 0),
    follow: args.follow,
    watch: !args.poll,
    grace: 1000 * wholeNumber('--grace', once(args.grace, '--grace') ?? defaultGrace, 0),
  };
}

/** The log's schema takes as long to load as all else that a tail needs. */
async function parseConditions({ where = [] }: TailArguments, { config }: Manifest) {
  if (where.length === 0) return [];
  const { parseWhere } = await import('../live/select/parse-where.js');
  return where.map((condition) => parseWhere(condition, Object.keys(config.variants)));
}

/** @throws LockstepError `usage` for flags that choose among lines, which --ui does not show */
export function requireForScreen(args: TailArguments): void {
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
  const given = Object.entries(others).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (given.length === 0) return;
  throw new LockstepError('usage', `--ui: expected it without ${given.join(', ')}`, {
    hint: 'The screen shows all of a run; keys choose the trial and the metric.',
  });
}
