import type { Manifest } from '../run/manifest.js';

/** The run's provenance, a line for each fact. */
export function provenanceRows(manifest: Manifest): { name: string; value: string }[] {
  const { provenance, engine } = manifest;
  const { lockstep, packages, cpu, data } = provenance;
  const row = (name: string, value: string) => ({ name, value });
  return [
    row('Run', manifest.runId),
    row('Created', manifest.createdAt),
    row('Configuration SHA-256', manifest.configHash),
    row('Engine', `${engine.name} (${engine.reason})`),
    row('Lockstep', lockstep.version),
    ...(lockstep.commit === undefined
      ? []
      : [row('Commit', `${lockstep.commit}${lockstep.dirty ? ', with uncommitted changes' : ''}`)]),
    ...(lockstep.code === undefined ? [] : [row('Code SHA-256', lockstep.code)]),
    ...(lockstep.lockfile === undefined
      ? []
      : [row('package-lock.json SHA-256', lockstep.lockfile)]),
    row('Node.js', provenance.node),
    row('Platform', provenance.platform),
    row('CPU', `${cpu.model}, ${cpu.cores} cores, ${(cpu.memoryBytes / 2 ** 30).toFixed(1)} GiB`),
    ...Object.entries(packages).map(([name, version]) => row(name, version)),
    ...data.map(({ name, md5 }) => row(name, `MD5 ${md5}`)),
  ];
}
