import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { gpuMemory, listGpus } from '../../src/engines/gpus.js';

const script = fileURLToPath(new URL('../../scripts/check-gpu.js', import.meta.url));
const check = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

describe('npm run check:gpu', () => {
  it('ends with 2 and says so where there is no GPU', function () {
    if (listGpus().length > 0 || gpuMemory().length > 0) this.skip();
    const { status, stdout, stderr } = check();
    expect([status, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.match(/^Expected an NVIDIA GPU, got none/);
  });

  it('ends with 2 for a device of another kind', () => {
    const { status, stderr } = check('--device', 'tpu');
    expect([status, stderr]).to.deep.equal([2, '--device: expected gpu or cpu, got tpu\n']);
  });
});
