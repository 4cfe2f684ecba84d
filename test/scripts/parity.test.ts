import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { mnistFolder } from '../../src/data/formats/mnist.js';
import { testedEngine } from '../support/engine.js';
import { lockstep } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const scripts = fileURLToPath(new URL('../../../scripts/parity', import.meta.url));
const traced = ['run', 'debug', '--engine', 'wasm', '--quiet', '--trace'];
const initial = ['--set', 'checkpoint.initial=true'];

/** The Python of LOCKSTEP_PYTHON; skips the test where it is not set or lacks a module. */
function pythonWith(test: Mocha.Context, ...modules: string[]): string {
  const python = process.env.LOCKSTEP_PYTHON;
  if (python === undefined) test.skip();
  if (spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status !== 0) test.skip();
  return python;
}

describe('a run redone in Python', function () {
  this.timeout(240_000);

  it('has the random draws that NumPy makes by the published rules', async function () {
    const python = pythonWith(this, 'numpy', 'safetensors', 'xxhash');
    await withTemporaryFolder(async (cwd) => {
      const blind = ['--set', 'evaluation.minibatch=false'];
      expect((await lockstep(cwd, ...traced, ...initial, ...blind)).code).to.equal(0);
      const script = join(scripts, 'replay_streams.py');
      const output = execFileSync(python, [script, join(cwd, 'runs/latest'), mnistFolder()]);
      expect(String(output))
        .to.match(/^ok .* initial weights/m)
        .and.not.to.include('DIFFERS');
    });
  });

  it('has the losses that TensorFlow computes', async function () {
    const python = pythonWith(this, 'numpy', 'safetensors', 'xxhash', 'sklearn', 'tensorflow');
    await withTemporaryFolder(async (cwd) => {
      expect((await lockstep(cwd, ...traced, ...initial)).code).to.equal(0);
      const script = join(scripts, 'replay.py');
      const run = join(cwd, 'runs/latest');
      const output = execFileSync(python, [script, run, mnistFolder(), '--json']);
      const replayed = JSON.parse(String(output)) as Record<string, { allSteps: number }>;
      expect(replayed).to.have.all.keys('relu', 'snn');
      for (const { allSteps } of Object.values(replayed)) expect(allSteps).to.be.below(1e-5);
    });
  });

  it('has, whatever its configuration, the losses, weights and scores that TensorFlow and scikit-learn compute', async function () {
    const python = pythonWith(this, 'numpy', 'safetensors', 'sklearn', 'tensorflow');
    await withTemporaryFolder((cwd) => {
      const draw = fileURLToPath(new URL('../../scripts/random-configs.js', import.meta.url));
      const drawn = ['--count', '3', '--engine', testedEngine];
      execFileSync(process.execPath, [draw, cwd, ...drawn], { stdio: 'pipe' });
      const output = execFileSync(python, [join(scripts, 'replay_random.py'), cwd]);
      expect(String(output))
        .to.match(/^6 networks: /)
        .and.not.to.include('DIFFERS');
      return Promise.resolve();
    });
  });
});
