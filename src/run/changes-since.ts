import { configHash } from '../config/hash.js';
import type { Manifest, Provenance } from './manifest.js';

/** Something that can change a trial's numbers and is not as it was. */
export interface Change {
  readonly what: string;
  readonly then: string;
  readonly now: string;
}

/**
 * What differs between the making of a manifest and now: its configuration, the data, the code. What
 * earlier versions did not record counts as unchanged.
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
    ['Lockstep', then.lockstep.version, now.lockstep.version],
    ['commit', then.lockstep.commit, now.lockstep.commit],
    ['code', then.lockstep.code ?? now.lockstep.code, now.lockstep.code],
    [`engine ${manifest.engine.name}`, manifest.engine.version ?? engine, engine],
    ...[...packages].map((name) => [name, then.packages[name], now.packages[name]] as const),
  ];
  return compared
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after]) => ({ what, then: before ?? 'none', now: after ?? 'none' }));
}
