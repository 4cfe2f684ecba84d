import type { Manifest } from '../run/manifest.js';
import type { Output } from './options.js';

/** The trials that would run, as text or as one JSON document. */
export function renderDryRun(manifest: Manifest, { json }: Pick<Output, 'json'>): string {
  const { trials, engine, config, configHash } = manifest;
  if (json) return `${JSON.stringify({ config, configHash, engine, trials }, null, 2)}\n`;
  const variants = Object.keys(config.variants).join(', ');
  const lines = trials.map(({ index, seed, point }) => {
    const overrides = Object.entries(point).map(
      ([path, value]) => `${path}=${JSON.stringify(value)}`,
    );
    return [`trial ${index}`, `seed ${seed}`, ...overrides].join('  ');
  });
  return [
    `${config.name}: ${count(trials.length, 'trial')} of ${count(config.training.steps, 'step')}, ` +
      `variants ${variants}`,
    `engine ${engine.name}: ${engine.reason}`,
    ...lines,
    '',
  ].join('\n');
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}
