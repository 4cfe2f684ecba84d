import type { Options } from 'yargs';
import type { Schedule } from '../app/execute-run.js';
import { LockstepError } from '../protocol/index.js';
import { processExecutor } from '../schedule/executors/process.js';

/** How a command shows itself; shared by all commands that train. */
export interface OutputArguments {
  readonly format: string | readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface Output {
  /** `modern`: a live view on a terminal, plain lines otherwise; `tutorial`: the 2017 tutorial's lines. */
  readonly format: 'modern' | 'tutorial';
  /** One JSON document on standard output instead of the summary. */
  readonly json: boolean;
  /** Errors only. */
  readonly quiet: boolean;
}

export const outputOptions = {
  format: {
    type: 'string',
    choices: ['modern', 'tutorial'],
    default: 'modern',
    requiresArg: true,
    describe: "What is shown while training: Lockstep's own view or the tutorial's lines",
  },
  json: { type: 'boolean', default: false, describe: 'Print one JSON document on standard output' },
  quiet: { type: 'boolean', default: false, describe: 'Print errors only' },
} as const satisfies Record<string, Options>;

/** How trials are scheduled; shared by all commands that train. */
export interface ScheduleArguments {
  readonly jobs: string;
  readonly retries: string;
  readonly failFast: boolean;
  readonly stallTimeout: string;
}

export const scheduleOptions = {
  jobs: {
    type: 'string',
    default: '1',
    requiresArg: true,
    describe: 'How many trials run at the same time, each in its own process; or auto',
  },
  retries: {
    type: 'string',
    default: '1',
    requiresArg: true,
    describe: 'How often a trial is started again that lost its process, engine or worker',
  },
  'stall-timeout': {
    type: 'string',
    default: '30m',
    requiresArg: true,
    describe: 'Start a trial again that logs nothing for so long: 90s, 30m, 2h; 0: never',
  },
  'fail-fast': {
    type: 'boolean',
    default: false,
    describe: 'Stop the other trials when one fails',
  },
} as const satisfies Record<string, Options>;

export function parseOutput({ format, json, quiet }: OutputArguments): Output {
  return { format: once(format, '--format') === 'tutorial' ? 'tutorial' : 'modern', json, quiet };
}

/** @throws LockstepError `usage` for a number that is none */
export function parseSchedule({
  jobs,
  retries,
  failFast,
  stallTimeout,
}: ScheduleArguments): Schedule {
  const wanted = once(jobs, '--jobs');
  return {
    jobs: wanted === 'auto' ? 'auto' : parseWhole('--jobs', wanted, 1, ', or auto'),
    retries: parseWhole('--retries', once(retries, '--retries'), 0),
    failFast,
    stallTimeout: parseDuration('--stall-timeout', once(stallTimeout, '--stall-timeout')),
    createExecutor: processExecutor,
  };
}

const units = { s: 1000, m: 60_000, h: 3_600_000 };

/** @returns milliseconds */
function parseDuration(flag: string, text: string): number {
  if (text === '0') return 0;
  const [, amount, unit] = /^(\d{1,4})([smh])$/.exec(text) ?? [];
  // Timers take no longer delays than this: 24.8 days.
  const milliseconds = Number(amount) * units[unit as keyof typeof units];
  if (milliseconds > 0 && milliseconds < 2 ** 31) return milliseconds;
  throw new LockstepError(
    'usage',
    `${flag}: expected a duration such as 90s, 30m or 2h, or 0 for none, got ${text}`,
  );
}

const most = 9999;

function parseWhole(flag: string, text: string, least: number, or = ''): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least) return value;
  throw new LockstepError(
    'usage',
    `${flag}: expected a whole number from ${least} to ${most}${or}, got ${text}`,
  );
}

/** yargs turns a repeated flag into an array. @throws LockstepError `usage` when there are several */
export function once<Value extends string | undefined>(
  value: Value | readonly string[],
  flag: string,
): Value {
  if (!Array.isArray(value)) return value as Value;
  throw new LockstepError('usage', `${flag}: expected one value, got ${value.join(' and ')}`, {
    hint: `Give ${flag} once.`,
  });
}
