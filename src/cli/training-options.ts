import type { Options } from 'yargs';
import { deviceRequests } from '../protocol/index.js';
import { outputOptions, scheduleOptions } from './options.js';
import type { OutputArguments, ScheduleArguments } from './options.js';

/** The arguments shared by the commands that make runs. */
export interface TrainingArguments extends OutputArguments, ScheduleArguments {
  readonly config: string;
  readonly set: readonly string[];
  readonly seeds?: string;
  readonly engine: string;
  readonly device: string;
  readonly out: string;
  readonly trace: boolean;
  readonly dryRun: boolean;
  readonly printConfig: boolean;
}

export const trainingOptions = {
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    describe: 'Override a key: path=value; may be repeated',
  },
  seeds: { type: 'string', requiresArg: true, describe: 'Seeds: 1..10, 7 or 1,2,5' },
  engine: {
    type: 'string',
    choices: ['auto', 'wasm', 'tensorflow'],
    default: 'auto',
    requiresArg: true,
    describe: 'What computes: native TensorFlow where it is set up, or the embedded engine',
  },
  device: {
    type: 'string',
    choices: deviceRequests,
    default: 'auto',
    requiresArg: true,
    describe:
      'Where it computes: on a GPU where there is one, on the CPU, or on a GPU or not at all',
  },
  out: { type: 'string', default: 'runs', requiresArg: true, describe: 'Folder runs are made in' },
  ...scheduleOptions,
  trace: {
    type: 'boolean',
    default: false,
    describe: 'Also write trace.ndjson: the training examples of every step',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Check everything, list the trials and stop',
  },
  'print-config': {
    type: 'boolean',
    default: false,
    describe: 'Print the resolved configuration and stop',
  },
  ...outputOptions,
} as const satisfies Record<string, Options>;
