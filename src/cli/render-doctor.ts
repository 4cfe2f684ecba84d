import type { EngineChoice } from '../engines/choose.js';
import type { EngineStatus } from '../engines/status.js';

export interface Diagnosis {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly engines: readonly EngineStatus[];
  /** The choice of `--engine auto`. */
  readonly auto: EngineChoice;
}

export function renderDoctor(diagnosis: Diagnosis): string {
  const { node, platform, cores, memoryBytes, engines, auto } = diagnosis;
  const gibibytes = (memoryBytes / 2 ** 30).toFixed(1);
  const lines = [`node ${node} on ${platform}, ${cores} cores, ${gibibytes} GiB memory`];
  for (const engine of engines) {
    const version = engine.version === undefined ? '' : ` ${engine.version}`;
    if (engine.available) {
      lines.push(`✔ ${engine.name}${version}: ${engine.devices.join(', ')}`);
    } else {
      lines.push(`✖ ${engine.name}${version}: ${engine.reason ?? 'not available'}`);
      if (engine.remedy !== undefined) lines.push(`    ${engine.remedy}`);
    }
    lines.push(...engine.notes.map((note) => `    ${note}`));
  }
  lines.push(`--engine auto takes ${auto.reason}`);
  return `${lines.join('\n')}\n`;
}
