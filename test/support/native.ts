import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from '../../src/engines/environment.js';
import { inspectEngines } from '../../src/engines/status.js';

/**
 * Skips a test where the native engine is not installed, with the way to get it; fails it instead
 * when LOCKSTEP_REQUIRE_NATIVE is 1.
 */
export function requireNative(test: Mocha.Context): void {
  const status = inspectEngines().find(({ name }) => name === 'tensorflow');
  if (status?.available === true) return;
  const why = `the native engine is not there: ${status?.reason ?? 'unknown'} (npm run setup)`;
  if (process.env.LOCKSTEP_REQUIRE_NATIVE === '1') throw new Error(why);
  console.log(`      skipped: ${why}`);
  test.skip();
}

export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a compiled program with the native engine's environment, as a trial is run. */
export function runNatively(
  program: URL,
  args: readonly string[] = [],
  extra: Readonly<Record<string, string>> = {},
): ProgramResult {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(program), ...args],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        ...engineEnvironment('tensorflow', { sessions: 2, cores: 2 }),
        ...extra,
      },
    },
  );
  return { code: status, signal, stdout, stderr };
}
