import type { Engine } from '../../../../workers/engines/engine.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { globalAvgPool } from '../../../../workers/model/layers/global-avg-pool.js';
import { drawTensor } from '../../../support/drawn-tensor.js';
import { testedEngine } from '../../../support/engine.js';
import { passOf } from '../../../support/pass.js';
import { expectLayer } from '../../../support/expect-layer.js';

describe(`globalAvgPool on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  it('is the mean of each channel over the image, and has its gradient', () => {
    const [images, pixels, channels] = [2, 4 * 5, 3];
    expectLayer(
      (x) => globalAvgPool(x, { kind: 'globalAvgPool' }, {}, passOf(engine, x)),
      (x) => {
        const means = new Float64Array(images * channels);
        x.forEach((value, at) => {
          const image = Math.floor(at / (pixels * channels));
          means[image * channels + (at % channels)]! += value / pixels;
        });
        return means;
      },
      [drawTensor([images, 4, 5, channels], 1)],
      1e-6,
    );
  });
});
