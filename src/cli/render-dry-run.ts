import type { Manifest } from '../run/manifest.js';
import type { Output } from './options.js';

/** The trials that would run, as text or as one JSON document. */
export function renderDryRun(manifest: Manifest, { json }: Pick<Output, 'json'>): string {
  const { trials, engine, config, configHash } = manifest;
  const { length } = trials;
  if (json) {
    return `${JSON.stringify({ config, configHash, engine, count: length, trials }, null, 2)}\n`;
  }
  const variants = Object.keys(config.variants).join(', ');
  const lines = trials.map(({ index, seed, point }) => {
    const overrides = Object.entries(point).map(
      ([path, value]) => `${path}=${JSON.stringify(value)}`,
    );
    return [`trial ${index}`, `seed ${seed}`, ...overrides].join('  ');
  });
  const points = length / config.seeds.length;
  const each =
    config.sweep === undefined
      ? `of ${count(config.training.steps, 'step')}`
      : `(${count(points, 'point')} x ${count(config.seeds.length, 'seed')})`;
  return [
    `${config.name}: ${count(length, 'trial')} ${each}, variants ${variants}`,
    `engine ${engine.name}: ${engine.reason}`,
    ...lines,
    '',
  ].join('\n');
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}
