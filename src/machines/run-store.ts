import { z } from 'zod';
import { parseJson } from '../files/read.js';
import { jsonText } from '../files/write-atomic.js';
import { outcomes } from '../log/constants.js';
import { exitCodes, LockstepError } from '../protocol/index.js';
import type { ErrorCode } from '../protocol/index.js';
import { manifestFile } from '../run/manifest.js';
import type { Manifest } from '../run/manifest.js';
import { trialFolderName } from '../run/run-directory.js';
import { getJson, getText } from '../store/contents.js';
import type { Store } from '../store/store.js';
import { machineSchema } from './machine.js';

/*
 * A run in a store:
 *
 *     manifest.json   cancelled   batches/1.json   data/<hash>/…
 *     trials/0003/claims/2   a2/{log/000001.ndjson, checkpoints/…, result.json, failure.json}   commit.json
 *
 * Engines start a trial at least once. What makes its result unique is `commit.json`, which can be made only once.
 */

export const manifestName = 'manifest.json';
export const cancelledName = 'cancelled';

/** The most trials of a batch: an array job of Slurm has at most 1,001 tasks unless its cluster says otherwise. */
const batchSize = 1000;

const schemaVersion = z.literal(1);

const batchFile = {
  what: 'a batch of trials',
  version: 1,
  schema: z.strictObject({ schemaVersion, trials: z.array(z.int().gte(0)).readonly() }),
};

const claimSchema = z.strictObject({
  schemaVersion,
  /** Distinguishes it from every other claim. */
  id: z.string(),
  machine: machineSchema,
  /** The step of the newest checkpoint by then; 0 when there was none. */
  step: z.int().gte(0),
  /** Milliseconds since the Unix epoch; for people only. */
  time: z.int(),
});
const claimFile = { what: 'the claim of an attempt', version: 1, schema: claimSchema };

/** Who makes an attempt at a trial, and from where. */
export type Claim = Readonly<z.output<typeof claimSchema>>;

const commitSchema = z.strictObject({
  schemaVersion,
  attempt: z.int().gte(1),
  /** The hash of the code that trained. */
  code: z.string(),
  machine: machineSchema,
  outcome: z.enum(outcomes),
  /** SHA-256 of the trial's files, by path in its folder. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
const commitFile = { what: 'the commit of a trial', version: 1, schema: commitSchema };

/** Which attempt is a trial's, and its files. */
export type Commit = Readonly<z.output<typeof commitSchema>>;

const failureSchema = z.strictObject({
  schemaVersion,
  code: z.enum(Object.keys(exitCodes) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
});
const failureFile = { what: 'the failure of an attempt', version: 1, schema: failureSchema };

/** Why an attempt ended without a result. */
export type Failure = Readonly<z.output<typeof failureSchema>>;

/** Failures that another attempt may not have. */
export function isPassing({ code }: Pick<Failure, 'code'>): boolean {
  return code === 'worker' || code === 'disk';
}

/** The folder of a trial in a store. */
export function trialName(index: number): string {
  return `trials/${trialFolderName(index)}`;
}

/** The folder of one attempt at a trial. */
export function attemptName(index: number, attempt: number): string {
  return `${trialName(index)}/a${attempt}`;
}

function commitName(index: number): string {
  return `${trialName(index)}/commit.json`;
}

function claimName(index: number, attempt: number): string {
  return `${trialName(index)}/claims/${attempt}`;
}

export interface StoredManifest {
  /** As it was frozen, to the byte: the lists of checksums have its SHA-256. */
  readonly text: string;
  readonly manifest: Manifest;
}

/** @throws LockstepError `usage` where the store holds no run; `data` for a changed manifest */
export async function readStoredManifest(store: Store): Promise<StoredManifest> {
  const text = await getText(store, manifestName);
  const place = `${store.url}/${manifestName}`;
  if (text === undefined) {
    throw new LockstepError('usage', `${place}: expected the manifest of a run, found none`, {
      hint: 'Give the store that `lockstep run --store` or `lockstep sweep --store` printed.',
    });
  }
  return { text, manifest: parseJson(text, place, manifestFile) };
}

/** Lists trials to be started, in batches of at most {@link batchSize}. @returns the numbers of the batches */
export async function writeBatches(store: Store, trials: readonly number[]): Promise<number[]> {
  let number = Math.max(0, ...(await batchNumbers(store)));
  const written: number[] = [];
  for (const part of inBatches(trials)) {
    const batch = jsonText({ schemaVersion: 1, trials: part });
    // Another process may be listing trials of the run, too.
    do number += 1;
    while (!(await store.putOnce(`batches/${number}.json`, batch)));
    written.push(number);
  }
  return written;
}

/** A list of trials in a store, and how many it has. */
export interface Batch {
  readonly number: number;
  readonly trials: number;
}

/** The trials of a run that have no commit yet, in batches: those that are there, where they list just them. */
export async function openBatches(store: Store, manifest: Manifest): Promise<Batch[]> {
  const names = await namesByTrial(store);
  const all = manifest.trials.map(({ index }) => index);
  const parts = inBatches(all.filter((index) => !isCommitted(names.get(index) ?? [])));
  const known = new Map<string, number>();
  for (const number of await batchNumbers(store)) {
    const batch = await getJson(store, `batches/${number}.json`, batchFile);
    if (batch !== undefined) known.set(String(batch.trials), number);
  }
  const batches: Batch[] = [];
  for (const part of parts) {
    const number = known.get(String(part)) ?? (await writeBatches(store, part))[0]!;
    batches.push({ number, trials: part.length });
  }
  return batches;
}

function inBatches(trials: readonly number[]): (readonly number[])[] {
  const count = Math.ceil(trials.length / batchSize);
  return Array.from({ length: count }, (_, part) =>
    trials.slice(part * batchSize, (part + 1) * batchSize),
  );
}

async function batchNumbers(store: Store): Promise<number[]> {
  const names = await store.list('batches');
  return names.map((name) => Number(/\/(\d+)\.json$/.exec(name)?.[1] ?? 0));
}

/**
 * The index of a trial by its position in a batch.
 * @param position as typed, from 0
 * @throws LockstepError `usage` where there is no such batch or position
 */
export async function indexInBatch(store: Store, batch: number, position: string): Promise<string> {
  const name = `batches/${batch}.json`;
  const found = await getJson(store, name, batchFile);
  const place = `${store.url}/${name}`;
  if (found === undefined) {
    throw new LockstepError('usage', `${place}: expected a batch, found none`);
  }
  const index = /^\d{1,9}$/.test(position) ? found.trials[Number(position)] : undefined;
  if (index !== undefined) return String(index);
  throw new LockstepError(
    'usage',
    `${place}: expected a position from 0 to ${found.trials.length - 1}, got ${position}`,
  );
}

export function readCommit(store: Store, index: number): Promise<Commit | undefined> {
  return getJson(store, commitName(index), commitFile);
}

/** Names in a store by the trial that they are of. */
export async function namesByTrial(store: Store): Promise<Map<number, string[]>> {
  const byTrial = new Map<number, string[]>();
  for (const name of await store.list('trials')) {
    const index = /^trials\/(\d+)\//.exec(name)?.[1];
    if (index === undefined) continue;
    const names = byTrial.get(Number(index));
    if (names) names.push(name);
    else byTrial.set(Number(index), [name]);
  }
  return byTrial;
}

/** Whether a trial has its commit. @param names of all that the store has of it */
export function isCommitted(names: readonly string[]): boolean {
  return names.some((name) => name.endsWith('/commit.json'));
}

/** @returns whether it is now the trial's; false where another attempt's is */
export function putCommit(store: Store, index: number, commit: Commit): Promise<boolean> {
  return store.putOnce(commitName(index), jsonText(commit));
}

export async function isCancelled(store: Store): Promise<boolean> {
  return (await getText(store, cancelledName)) !== undefined;
}

/** The number of the newest attempt at a trial; 0: there was none. */
export async function newestAttempt(store: Store, index: number): Promise<number> {
  return newestOf(await store.list(`${trialName(index)}/claims`));
}

/** Of names of one trial in a store. */
export function newestOf(claims: readonly string[]): number {
  return Math.max(0, ...claims.map((name) => Number(/\/claims\/(\d+)$/.exec(name)?.[1] ?? 0)));
}

/** Takes the next number of an attempt: all earlier ones are to stop when they see it. */
export async function claimAttempt(store: Store, index: number, claim: Claim): Promise<number> {
  let attempt = await newestAttempt(store, index);
  do attempt += 1;
  while (!(await store.putOnce(claimName(index, attempt), jsonText(claim))));
  return attempt;
}

export function readClaim(store: Store, index: number, attempt: number) {
  return getJson(store, claimName(index, attempt), claimFile);
}

export function readFailure(store: Store, index: number, attempt: number) {
  return getJson(store, failureName(index, attempt), failureFile);
}

export function putFailure(store: Store, index: number, attempt: number, failure: Failure) {
  return store.put(failureName(index, attempt), jsonText(failure));
}

function failureName(index: number, attempt: number): string {
  return `${attemptName(index, attempt)}/failure.json`;
}
