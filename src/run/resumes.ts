import { join } from 'node:path';
import { z } from 'zod';
import { configHash } from '../config/hash.js';
import { readLines } from '../files/lines.js';
import { parseJson } from '../files/read.js';
import { LineFile } from '../log/log-file.js';
import type { Manifest, Provenance } from './manifest.js';

const changeSchema = z.strictObject({ what: z.string(), then: z.string(), now: z.string() });

/** Something that can change a trial's numbers and is not as it was. */
export type Change = Readonly<z.output<typeof changeSchema>>;

const forcedResumeSchema = z.strictObject({
  /** Milliseconds since the Unix epoch. */
  time: z.int(),
  /** Indices of the trials that went on, or began, after the changes. */
  trials: z.array(z.int().gte(0)).readonly(),
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
 * The forced resumes of a run, oldest first; none where there is no record of any.
 * @throws LockstepError `data` naming the line that is no such record
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

/**
 * What differs between the making of a manifest and now: its configuration, the data, the code that trains
 * and what that builds on. The version and commit of Lockstep do not count: they change with every edit.
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
    ...[...names].map((name) => [`data ${name}`, md5(then, name), md5(now, name)] as const),
    ...(then.lockstep.code === now.lockstep.code
      ? []
      : [['code that trains', codeText(then), codeText(now)] as const]),
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
