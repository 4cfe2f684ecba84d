import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { peersPython } from '../../scripts/peers.js';

/** LOCKSTEP_PYTHON, what `.ci/run` and `npm run setup:peers` install, and the machine's own. */
const candidates = [
  process.env.LOCKSTEP_PYTHON,
  resolve('.cache/python/bin/python'),
  peersPython(),
  'python3',
].filter((python) => python !== undefined);

/** The first Python that has all of some modules. */
export function findPython(...modules: readonly string[]): string | undefined {
  const missing = modules.map((module) => `find_spec('${module}') is None`).join(' or ');
  const find = `import sys; from importlib.util import find_spec; sys.exit(${missing})`;
  return candidates.find((python) => spawnSync(python, ['-c', find]).status === 0);
}

/** {@link findPython}; skips the test, loudly, where there is none. */
export function requirePython(test: Mocha.Context, ...modules: readonly string[]): string {
  const python = findPython(...modules);
  if (python !== undefined) return python;
  console.warn(
    `      skipped: no Python with ${modules.join(', ')} (LOCKSTEP_PYTHON names one; npm run setup:peers installs PyTorch)`,
  );
  return test.skip();
}
