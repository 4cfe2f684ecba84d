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

export const jobsOption = {
  type: 'string',
  default: '1',
  requiresArg: true,
  describe: 'How many trials run at the same time, each in its own process',
} as const satisfies Options;

export function parseOutput({ format, json, quiet }: OutputArguments): Output {
  return { format: once(format, '--format') === 'tutorial' ? 'tutorial' : 'modern', json, quiet };
}

/** @throws LockstepError `usage` unless the text is a whole number of at least 1 */
export function parseJobs(jobs: string | readonly string[]): number {
  const text = once(jobs, '--jobs');
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new LockstepError('usage', `--jobs: expected a whole number from 1 to 9999, got ${text}`);
  }
  return Number(text);
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
