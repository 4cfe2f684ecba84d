import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { engineNames } from '../../src/protocol/index.js';
import { requireNative } from '../support/native.js';

const script = fileURLToPath(new URL('../../scripts/bench-memory.js', import.meta.url));

describe('training', function () {
  this.timeout(120_000);

  for (const engine of engineNames) {
    it(`holds as many tensors at its end as after three steps: ${engine}`, function () {
      if (engine === 'tensorflow') requireNative(this);
      const flags = ['--engine', engine, '--config', 'debug', '--steps', '40', '--json'];
      const { samples } = JSON.parse(
        execFileSync(process.execPath, [script, ...flags], { encoding: 'utf8' }),
      ) as { samples: { step: number; tensors: number[] }[] };
      expect(samples.map(({ step }) => step)).to.deep.equal([3, 20, 40]);
      const [early] = samples;
      expect(early?.tensors.every((count) => count > 0)).to.equal(true);
      for (const { tensors } of samples) expect(tensors).to.deep.equal(early?.tensors);
    });
  }
});
