import { expect } from 'chai';
import type { LayerConfig } from '../../../../src/model/layers.js';
import { Session } from '../../../../workers/sessions/session.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { testedEngine } from '../../../support/engine.js';
import { openTask, smallVariant, stepTask } from '../../../support/variants.js';

const norm: LayerConfig = { kind: 'batchNorm', momentum: 0.9, epsilon: 1e-3 };
const block: LayerConfig[] = [
  { kind: 'dense', units: 6 },
  norm,
  { kind: 'dropout' },
  { kind: 'residual', layers: [{ kind: 'dense', units: 6 }] },
];
const ends = (inner: readonly LayerConfig[]) =>
  smallVariant({ layers: [{ kind: 'flatten' }, ...inner, { kind: 'dense', units: 3 }] });

/** What `layers.1.layers.<n>` of the repeated network is called where all is written out. */
function writtenOut(name: string): string {
  const repeated = name.replace(/^layers\.1\.layers\.(\d+)/, (_, n) => `layers.${1 + Number(n)}`);
  return repeated === name ? name.replace(/^layers\.2/, 'layers.13') : repeated;
}

describe(`repeat on the ${testedEngine} engine`, () => {
  it('trains as its layers written out do, dropout and moving means included', async () => {
    const engine = await loadEngine(testedEngine);
    const repeated = await Session.open(
      engine,
      openTask({ variant: ends([{ kind: 'repeat', times: 3, layers: block }]) }),
    );
    const start = await repeated.save();
    const tensors = Object.fromEntries(
      Object.entries(start.tensors).map(([name, tensor]) => [writtenOut(name), tensor]),
    );
    expect(Object.keys(tensors)).to.include.members([
      ...['layers.1.kernel', 'layers.6.movingMean', 'layers.12.layers.0.bias', 'layers.13.kernel'],
    ]);
    const flat = await Session.open(
      engine,
      openTask({
        variant: ends([...block, ...block, ...block]),
        restore: { step: 0, tensors },
      }),
    );
    for (const step of [1, 2, 3]) {
      const [one, other] = [repeated, flat].map((session) => session.step(stepTask(step)).sums);
      expect(one).to.deep.equal(other);
    }
    const after = (await flat.save()).tensors;
    for (const [name, { values }] of Object.entries((await repeated.save()).tensors)) {
      expect(values, name).to.deep.equal(after[writtenOut(name)]!.values);
    }
    repeated.close();
    flat.close();
  });

  it('draws the weights of each repetition anew', async () => {
    const layers: LayerConfig[] = [{ kind: 'dense', units: 64 }];
    const variant = ends([{ kind: 'repeat', times: 2, layers }]);
    const session = await Session.open(await loadEngine(testedEngine), openTask({ variant }));
    const { tensors } = await session.save();
    const [first, second] = [0, 1].map((n) => tensors[`layers.1.layers.${n}.kernel`]!);
    expect(first!.shape).to.deep.equal(second!.shape);
    expect(first!.values).not.to.deep.equal(second!.values);
    session.close();
  });
});
