import { moduleVariants } from '../config/module-files.js';
import type { Config } from '../config/schema.js';
import { sha256File } from '../files/checksums.js';
import { moduleFiles } from '../variants/module-files.js';
import type { Provenance } from './manifest.js';
import { programFiles } from './program-files.js';

type CodeFile = NonNullable<Provenance['programs']>[number];

/** The files of the user's that train variants. */
export interface OwnCode {
  /** Of the variants that are programs. */
  readonly programs: CodeFile[];
  /** Of those that are modules, at every point of a sweep, with what they import from files. */
  readonly modules: CodeFile[];
}

export async function ownCode(config: Config): Promise<OwnCode> {
  const paths = new Set(moduleVariants(config).map(({ module }) => module.path));
  const modules: CodeFile[] = [];
  for (const path of paths.size === 0 ? [] : await moduleFiles([...paths])) {
    const sha256 = await sha256File(path).catch(() => undefined);
    if (sha256 !== undefined) modules.push({ path, sha256 });
  }
  return { programs: await programFiles(config), modules };
}

type Files = Pick<Provenance, 'programs' | 'modules'>;

/** Files of the user's that are not as they were: each with its SHA-256 then and now, where it had one. */
export function changedCode(
  then: Files,
  now: Files,
): (readonly [what: string, then: string | undefined, now: string | undefined])[] {
  return [
    ...changedFiles('program', then.programs, now.programs),
    ...changedFiles('module', then.modules, now.modules),
  ].filter(([, before, after]) => before !== after);
}

function changedFiles(what: string, then: readonly CodeFile[] = [], now: readonly CodeFile[] = []) {
  const sum = (files: readonly CodeFile[], path: string) =>
    files.find((file) => file.path === path)?.sha256;
  const paths = new Set([...then, ...now].map(({ path }) => path));
  return [...paths].map((path) => [`${what} ${path}`, sum(then, path), sum(now, path)] as const);
}
