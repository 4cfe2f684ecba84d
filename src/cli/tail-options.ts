import { LockstepError } from '../protocol/index.js';
import { parseSelection, requireKnown } from '../live/select/selection.js';
import type { FollowOptions } from '../live/follow/follow-run.js';
import type { Manifest } from '../run/manifest.js';
import { parsed, text, texts, toggle, wholeNumber } from './flags.js';
import type { Values } from './flags.js';

/** As large as whole numbers may be. */
const most = Number.MAX_SAFE_INTEGER;
const defaultGrace = 5;

export const tailFlags = {
  out: text('Folder in which to look for the newest run', { default: 'runs' }),
  wait: toggle('Wait for a run where there is none yet'),
  trial: parsed('Follow only the trial with this index', wholeNumber(0, most)),
  variant: text('Show only this variant'),
  event: text('Show only records of this event, for instance step'),
  since: text('Show records from this step (100), time (2026-01-31T12:00) or time ago (10m) on'),
  every: parsed('Show only every Nth step', wholeNumber(1, most)),
  where: texts(
    "Show only records for which this holds: 'variants.snn.scores.loss<0.2'; may be repeated",
  ),
  lines: parsed('Show only the last N existing records', wholeNumber(0, most), { alias: 'n' }),
  'no-follow': toggle('End with the records that exist, instead of waiting for more'),
  grace: parsed(
    'Leave an unfinished run this many seconds after its last process ended (default: 5)',
    wholeNumber(0, 1_000_000),
  ),
  poll: toggle('Poll for changes, for file systems that do not report them'),
  json: toggle('Pass the lines of the log through unchanged'),
  ui: toggle('Show the run on the whole terminal'),
};

export type TailArguments = Values<typeof tailFlags>;

/** @throws LockstepError `usage` unless it is the index of one of the run's trials */
export function parseTrial({ trial }: TailArguments, { trials }: Manifest): number | undefined {
  if (trial === undefined) return undefined;
  const known = trials.map((planned) => String(planned.index));
  requireKnown('--trial', String(trial), known);
  return trial;
}

/** @throws LockstepError `usage` unless it is one of the run's variants */
export function parseVariant({ variant }: TailArguments, { config }: Manifest): string | undefined {
  if (variant !== undefined) requireKnown('--variant', variant, Object.keys(config.variants));
  return variant;
}

/**
 * Which records to follow, and how.
 * @param now milliseconds since the Unix epoch
 * @throws LockstepError `usage` for a value that a flag does not take
 */
export async function parseFollowing(
  args: TailArguments,
  manifest: Manifest,
  now: number,
): Promise<FollowOptions & Required<Pick<FollowOptions, 'where'>>> {
  const { event, since, every } = args;
  return {
    trial: parseTrial(args, manifest),
    where: parseSelection(
      { event, since, every, where: await parseConditions(args, manifest) },
      now,
    ),
    last: args.lines,
    follow: !args.noFollow,
    watch: !args.poll,
    grace: 1000 * (args.grace ?? defaultGrace),
  };
}

/** Loads the log's schema only where there are conditions: it takes as long to load as all the rest. */
async function parseConditions({ where }: TailArguments, { config }: Manifest) {
  if (where.length === 0) return [];
  const { parseWhere } = await import('../live/select/parse-where.js');
  return where.map((condition) => parseWhere(condition, Object.keys(config.variants)));
}

/** @throws LockstepError `usage` for flags that select lines: --ui shows none */
export function requireForScreen(args: TailArguments): void {
  const others = {
    '--json': args.json,
    '--no-follow': args.noFollow,
    '--variant': args.variant !== undefined,
    '--event': args.event !== undefined,
    '--since': args.since !== undefined,
    '--every': args.every !== undefined,
    '--where': args.where.length > 0,
    '--lines': args.lines !== undefined,
    '--grace': args.grace !== undefined,
  };
  const given = Object.entries(others).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (given.length === 0) return;
  throw new LockstepError('usage', `--ui: cannot be combined with ${given.join(', ')}`, {
    hint: 'The screen shows the whole run; choose the trial and the metric with keys.',
  });
}
