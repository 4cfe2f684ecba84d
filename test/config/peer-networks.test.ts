import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { isNetwork } from '../../src/model/variant.js';
import { loadConfig } from '../../src/config/load.js';
import { planNetwork } from '../../src/model/network.js';
import { planTrial } from '../../src/trial/plan.js';

const folder = fileURLToPath(new URL('../../../scripts/peers/networks/', import.meta.url));

/** Multiply-adds of the forward pass of an example, counted by hand, in layers that have any. */
const products: Readonly<Record<string, number>> = {
  deep: 784 * 256 + 7 * 256 * 256 + 256 * 10,
  lenet: 28 * 28 * 25 * 6 + 10 * 10 * 25 * 6 * 16 + 400 * 120 + 120 * 84 + 84 * 10,
  strided: 28 * 28 * 9 * 32 + 14 * 14 * 9 * 32 * 64 + 7 * 7 * 9 * 64 * 128 + 6272 * 10,
  cifar:
    32 * 32 * 27 * 32 +
    30 * 30 * 9 * 32 * 32 +
    15 * 15 * 9 * 32 * 64 +
    13 * 13 * 9 * 64 * 64 +
    7 * 7 * 64 * 512 +
    5120,
};

describe('networks that are compared with other frameworks', () => {
  it('are those that the documents describe', async () => {
    const names = (await readdir(folder)).map((file) => file.replace('.yaml', ''));
    expect(names.sort()).to.deep.equal(Object.keys(products).sort());
    for (const name of names) {
      const config = await loadConfig({
        file: `${folder}${name}.yaml`,
        cwd: folder,
        overrides: name === 'cifar' ? ['data.path=.'] : [],
      });
      const { variants } = planTrial({ config }, { index: 0, point: {}, seed: 1 });
      const image = name === 'cifar' ? [32, 32, 3] : [28, 28, 1];
      for (const variant of variants.filter(isNetwork)) {
        const { layers } = planNetwork(variant, image);
        const flops = layers.reduce((sum, layer) => sum + layer.flops, 0);
        expect(flops, name).to.equal(2 * products[name]!);
      }
    }
  });
});
