import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { defer, from, throwError } from 'rxjs';
import { loadConfig } from '../../src/config/load.js';
import type { Dataset } from '../../src/data/dataset.js';
import type { LogRecord } from '../../src/log/records.js';
import { digest } from '../../src/protocol/digest.js';
import type { LockstepError, Sums } from '../../src/protocol/index.js';
import { trialFiles } from '../../src/run/run-directory.js';
import type { TrialOptions } from '../../src/trial/options.js';
import { planTrial } from '../../src/trial/plan.js';
import type { VariantBackend } from '../../src/variants/backend.js';
import { examplesOf } from './examples.js';
import { manifestOf } from './manifest.js';

/** What a made-up variant sums up over some examples after a step. */
export type FakeSums = (variant: string, step: number, place: 'minibatch' | 'split') => Sums;

export interface FakeBackend extends VariantBackend {
  /** Variants whose session is open, in the order in which they were opened. */
  readonly open: VariantBackend['open'];
  readonly alive: Set<string>;
  /** Steps that each variant trained. */
  readonly trained: Map<string, number[]>;
}

export interface FakeBackendOptions {
  readonly sums?: FakeSums;
  /** Thrown instead of a reply. */
  readonly failure?: (variant: string, step: number) => LockstepError | undefined;
  readonly device?: string;
}

/** Trains nothing, and answers a turn later: what it answers depends on variant and step alone, and a checkpoint holds the step. */
export function fakeBackend(options: FakeBackendOptions = {}): FakeBackend {
  const { failure, device = 'cpu' } = options;
  const sums: FakeSums = options.sums ?? ((_, step) => ({ loss: 8 / step, correct: step % 8 }));
  const alive = new Set<string>();
  const trained = new Map<string, number[]>();
  return {
    alive,
    trained,
    async open({ variant: { name }, restore }, data) {
      const { splits } = await data;
      const early = failure?.(name, 0);
      if (early !== undefined) throw early;
      alive.add(name);
      let done = restore?.step ?? 0;
      const targetsOf = (indices: Int32Array) =>
        Int32Array.from(indices, (index) => splits.train.targets.values[index]!);
      return {
        variant: name,
        facts: {
          engine: { name: 'wasm', version: '0', device, details: {} },
          parameters: 7,
        },
        step: ({ step, indices }) =>
          defer(() => {
            const error = failure?.(name, step);
            if (error !== undefined) return throwError(() => error);
            if (step !== done + 1) throw new Error(`expected step ${done + 1}, got ${step}`);
            done = step;
            trained.set(name, [...(trained.get(name) ?? []), step]);
            return from(
              Promise.resolve({
                step,
                examples: indices.length,
                sums: sums(name, step, 'minibatch'),
                indicesDigest: digest(indices),
                targetsDigest: digest(targetsOf(indices)),
                inputDigest: digest(Float32Array.from(indices)),
                trainMs: 1,
                evalMs: 1,
              }),
            );
          }),
        evaluate: ({ indices }) =>
          defer(() =>
            Promise.resolve({ examples: indices.length, sums: sums(name, done, 'split') }),
          ),
        save: () =>
          defer(() =>
            Promise.resolve({
              step: done,
              tensors: { w: { shape: [1], values: Float32Array.of(done) } },
            }),
          ),
        destroy: () => {
          alive.delete(name);
          return Promise.resolve();
        },
      };
    },
  };
}

const dataset: Dataset = {
  name: 'tiny',
  train: examplesOf(
    [2],
    Array.from({ length: 96 }, (_, i) => i % 256),
    Array.from({ length: 48 }, (_, i) => i % 3),
  ),
  test: examplesOf(
    [2],
    Array.from({ length: 32 }, (_, i) => i),
    Array.from({ length: 16 }, (_, i) => i % 3),
  ),
  files: [],
};

/** A trial of ten steps of the `debug` configuration, over made-up data, in a folder of its own. */
export async function fakeTrial(
  folder: string,
  backend: VariantBackend,
  overrides: readonly string[] = [],
): Promise<TrialOptions & { readonly records: () => Promise<LogRecord[]> }> {
  const config = await loadConfig({
    file: 'debug',
    overrides: [
      'data.batchSize=8',
      'data.validationSize=8',
      'evaluation.splits=[{split: test, examples: 16}]',
      'training.steps=10',
      ...overrides,
    ],
    cwd: folder,
  });
  const manifest = manifestOf(config, { trace: true });
  const files = trialFiles(folder, 0);
  mkdirSync(files.folder, { recursive: true });
  let time = 0;
  return {
    manifest,
    plan: planTrial(manifest, manifest.trials[0]!),
    files,
    loadDataset: () => Promise.resolve(dataset),
    backend,
    stop: new AbortController().signal,
    clock: () => (time += 1),
    onRecord: () => undefined,
    onNotice: () => undefined,
    records: async () => {
      const lines = (await readFile(files.log, 'utf8')).trim().split('\n');
      return lines.map((line) => JSON.parse(line) as LogRecord);
    },
  };
}
