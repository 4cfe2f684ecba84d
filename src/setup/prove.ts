import { fileURLToPath } from 'node:url';
import { engineEnvironment } from '../engines/environment.js';
import { LockstepError } from '../protocol/index.js';
import type { ProofResult } from '../protocol/index.js';
import { lastLines, runCommand } from './process.js';

const program = fileURLToPath(
  new URL('../../workers/engines/tensorflow/proof.js', import.meta.url),
);

/**
 * Trains a small network in two threads of one process at the same time, as a trial does; an unpatched
 * binding crashes there. Uses a separate process, because a crash would end this one.
 * @throws {LockstepError} `worker` when it crashes or learns nothing
 */
export async function prove(cores: number, signal?: AbortSignal): Promise<ProofResult> {
  const environment = engineEnvironment('tensorflow', { sessions: 2, cores });
  const { code, output } = await runCommand(process.execPath, [program], { environment, signal });
  const result = code === 0 ? parseProof(output) : undefined;
  if (result !== undefined) return result;
  throw new LockstepError(
    'worker',
    `Expected two threads to train with the native engine, but ${code === null ? 'it crashed' : `it ended with code ${code}`}:\n${lastLines(output)}`,
    { hint: 'Run setup again with --force; until then, the embedded engine works: --engine wasm.' },
  );
}

function parseProof(output: string): ProofResult | undefined {
  const line = output.trimEnd().split('\n').at(-1)!;
  try {
    return JSON.parse(line) as ProofResult;
  } catch {
    return undefined;
  }
}
