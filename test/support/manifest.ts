import { configHash } from '../../src/config/hash.js';
import type { Config } from '../../src/config/schema.js';
import { manifestSchemaVersion } from '../../src/run/manifest.js';
import type { Manifest } from '../../src/run/manifest.js';

/** The manifest of a run that no engine trained: one trial with seed 1. @param rest replaces what is made up */
export function manifestOf(config: Config, rest: Partial<Manifest> = {}): Manifest {
  return {
    schemaVersion: manifestSchemaVersion,
    runId: 'debug-20260101T000000Z-abcdef',
    createdAt: '2026-01-01T00:00:00.000Z',
    config,
    configHash: configHash(config),
    engine: { name: 'wasm', reason: 'made up' },
    trace: false,
    trials: [{ index: 0, point: {}, seed: 1 }],
    provenance: {
      lockstep: { version: '0.0.0' },
      packages: {},
      node: 'v20.0.0',
      platform: 'linux-x64',
      cpu: { model: 'made up', cores: 2, memoryBytes: 2 ** 33 },
      data: [],
    },
    ...rest,
  };
}
