import { join } from 'node:path';
import { z } from 'zod';
import { configHash } from '../config/hash.js';
import { readLines } from '../files/lines.js';
import { parseJson } from '../files/read.js';
import { LineFile } from '../files/line-file.js';
import { plural } from '../text/numbers.js';
import type { Manifest, Provenance } from './manifest.js';
import { changedCode } from './own-code.js';

const changeSchema = z.strictObject({ what: z.string(), then: z.string(), now: z.string() });

/** Something that can change a trial's numbers, and has changed. */
export type Change = Readonly<z.output<typeof changeSchema>>;

const forcedResumeSchema = z.strictObject({
  /** Milliseconds since the Unix epoch. */
  time: z.int(),
  /** Indices of the trials that went on, or began, after the changes. */
  trials: z.array(z.int().gte(0)).readonly(),
  /** Since the run began; empty if everything was restored after an earlier forced resume. */
  changes: z.array(changeSchema).readonly(),
});

/** A line of `resumes.ndjson`: a resume with `--force`, although something had changed. */
export type ForcedResume = Readonly<z.output<typeof forcedResumeSchema>>;

function resumesPath(runFolder: string): string {
  return join(runFolder, 'resumes.ndjson');
}

/** @throws LockstepError `disk` */
export function recordForcedResume(runFolder: string, resume: ForcedResume): void {
  const file = new LineFile(resumesPath(runFolder));
  try {
    file.write(`${JSON.stringify(resume)}\n`);
  } finally {
    file.close();
  }
}

/**
 * The forced resumes of a run, oldest first.
 * @throws LockstepError `data` naming the line that is not such a record
 */
export async function readForcedResumes(runFolder: string): Promise<ForcedResume[]> {
  const path = resumesPath(runFolder);
  const file = { what: 'the record of a forced resume', schema: forcedResumeSchema };
  const resumes: ForcedResume[] = [];
  for await (const { text, number, whole } of readLines(path)) {
    if (whole) resumes.push(parseJson(text, `${path}:${number}`, file));
  }
  return resumes;
}

/** The files and checksums that trials train on now: the manifest's, or the last forced resume's. */
export function recordedData(
  { provenance }: Pick<Manifest, 'provenance'>,
  resumes: readonly ForcedResume[],
): Provenance['data'] {
  const md5s = new Map(provenance.data.map(({ name, md5 }) => [name, md5]));
  for (const { what, now } of dataChanges(resumes.slice(-1))) {
    const name = what.slice(dataPrefix.length);
    if (now === 'none') md5s.delete(name);
    else md5s.set(name, now);
  }
  return [...md5s].map(([name, md5]) => ({ name, md5 }));
}

/**
 * What a reader of the run's results must know of its data, in a sentence.
 * @returns undefined where they never changed
 */
export function describeDataChanges(resumes: readonly ForcedResume[]): string | undefined {
  const mixed = resumes.filter((resume) => dataChanges([resume]).length > 0);
  if (mixed.length === 0) return undefined;
  const trials = [...new Set(mixed.flatMap((resume) => resume.trials))].sort((a, b) => a - b);
  const files = dataChanges(mixed).map(
    ({ what, then, now }) => `${what.slice(dataPrefix.length)} was ${then}, then ${now}`,
  );
  const which = `${plural(trials.length, 'trial')} ${trials.join(', ')}`;
  return `resumed with --force after the data changed (${[...new Set(files)].join('; ')}): ${which} may mix both`;
}

function dataChanges(resumes: readonly ForcedResume[]): Change[] {
  return resumes.flatMap(({ changes }) =>
    changes.filter(({ what }) => what.startsWith(dataPrefix)),
  );
}

const dataPrefix = 'data ';

/**
 * Compares a manifest with the present: configuration, data, the code that trains and the packages it uses. The version and commit of Lockstep do not count: they change with every edit.
 * @param engine its version now
 */
export function changesSince(
  manifest: Manifest,
  now: Provenance,
  engine: string | undefined,
): Change[] {
  const { provenance: then } = manifest;
  const names = new Set([...then.data, ...now.data].map(({ name }) => name));
  const md5 = ({ data }: Provenance, name: string) => data.find((file) => file.name === name)?.md5;
  const packages = new Set([...Object.keys(then.packages), ...Object.keys(now.packages)]);
  const compared: (readonly [what: string, then: string | undefined, now: string | undefined])[] = [
    ['configuration', manifest.configHash, configHash(manifest.config)],
    ...[...names].map((name) => [dataPrefix + name, md5(then, name), md5(now, name)] as const),
    ...(then.lockstep.code === now.lockstep.code
      ? []
      : [['code that trains', codeText(then), codeText(now)] as const]),
    ...changedCode(then, now),
    [`engine ${manifest.engine.name}`, manifest.engine.version, engine],
    ...[...packages].map((name) => [name, then.packages[name], now.packages[name]] as const),
  ];
  return compared
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after]) => ({ what, then: before ?? 'none', now: after ?? 'none' }));
}

/** The hash decides; version and commit only say which code that is. */
function codeText({ lockstep: { code = 'unknown', version, commit } }: Provenance): string {
  return `${code} (Lockstep ${version}${commit === undefined ? '' : `, commit ${commit}`})`;
}
