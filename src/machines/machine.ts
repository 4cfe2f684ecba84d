import { cpus, hostname, totalmem } from 'node:os';
import { z } from 'zod';
import { engineGpus } from '../engines/status.js';
import type { EngineName } from '../protocol/index.js';

export const machineSchema = z.strictObject({
  host: z.string(),
  cpu: z.string(),
  cores: z.int().gte(1),
  memoryBytes: z.int().gte(0),
  /** Names of those that the engine computes on; empty where it computes on the CPU. */
  gpus: z.array(z.string()).readonly(),
});

/** The machine that an attempt runs on: all variants of its trial, so a pair never spans two. */
export type Machine = Readonly<z.output<typeof machineSchema>>;

export function thisMachine(engine: EngineName): Machine {
  const cores = cpus();
  return {
    host: hostname(),
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: Math.max(1, cores.length),
    memoryBytes: totalmem(),
    gpus: engineGpus(engine),
  };
}
