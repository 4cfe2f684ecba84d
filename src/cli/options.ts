import type { Options } from 'yargs';
import { LockstepError } from '../protocol/index.js';

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
}

export interface Schedule {
  /** How many trials run at the same time; `auto`: as many as cores and memory allow. */
  readonly jobs: number | 'auto';
  /** How many more times a trial is started that lost its process, engine or worker. */
  readonly retries: number;
  /** Stop the others when one fails. */
  readonly failFast: boolean;
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
export function parseSchedule({ jobs, retries, failFast }: ScheduleArguments): Schedule {
  const wanted = once(jobs, '--jobs');
  return {
    jobs: wanted === 'auto' ? 'auto' : parseWhole('--jobs', wanted, 1, ', or auto'),
    retries: parseWhole('--retries', once(retries, '--retries'), 0),
    failFast,
  };
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
