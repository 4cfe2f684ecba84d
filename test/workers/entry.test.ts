import { tf } from '../../workers/tf.js';
import { expect } from 'chai';
import { numberIn } from '../../src/protocol/sums.js';
import { checkpointShapes } from '../../src/model/network.js';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import { digest } from '../../src/protocol/digest.js';
import { deserializeError } from '../../src/protocol/index.js';
import type { LockstepError, Reply, StepReply } from '../../src/protocol/index.js';
import { standardized } from '../../src/data/scalings/standardized.js';
import * as worker from '../../workers/entry.js';
import { expectClose } from '../support/close.js';
import { testedEngine } from '../support/engine.js';
import { normalizedLayers, noise, smallVariant, openTask, stepTask } from '../support/variants.js';

const { open, step, evaluate, save, memory, close } = worker;
const session = { sessionId: 'session' };

async function succeed<Value>(reply: Promise<Reply<Value>>): Promise<Value> {
  const result = await reply;
  if (!result.ok) throw deserializeError(result.error);
  return result.value;
}

async function fail(reply: Promise<Reply<unknown>>): Promise<LockstepError> {
  const result = await reply;
  if (result.ok) throw new Error('expected an error, got a value');
  return deserializeError(result.error);
}

async function run(steps: number): Promise<number[]> {
  const losses = [];
  for (let count = 1; count <= steps; count += 1) {
    losses.push(lossOf(await succeed(step(stepTask(count)))));
  }
  return losses;
}

/** The mean loss over the examples. */
function lossOf({ examples, sums }: Pick<StepReply, 'examples' | 'sums'>): number {
  return numberIn(sums, 'loss') / examples;
}

/** What a worker should make of the pixels of the images at some positions. */
function inputsAt(
  indices: Int32Array,
  scaled: (value: number, pixel: number) => number,
): Float32Array {
  const rows = Array.from(indices, (index) =>
    Array.from(noise.inputs.values.subarray(64 * index, 64 * (index + 1)), scaled),
  );
  return Float32Array.from(rows.flat());
}

describe('a worker thread', () => {
  beforeEach(async () => {
    await succeed(open(openTask()));
  });
  after(async () => {
    await close(session);
  });

  it('loads its engine before it has a session', async () => {
    await succeed(close(session));
    expect(await succeed(worker.load({ engine: testedEngine }))).to.deep.equal({ ready: true });
  });

  it('says which engine it opened and how many parameters the network has', async () => {
    const { engine, parameters } = await succeed(open(openTask()));
    expect(engine.name).to.equal(testedEngine);
    expect(parameters).to.equal(3 * 3 * 4 + 4 + (64 * 6 + 6) + (6 * 3 + 3));
  });

  it('refuses a task when it has no session, as after a crash', async () => {
    await succeed(close(session));
    const error = await fail(step(stepTask(1)));
    expect(error.code).to.equal('worker');
    expect(error.message).to.include('expected session session').and.to.include('none');
  });

  it('refuses a task of another session', async () => {
    const other = { sessionId: 'other' };
    for (const reply of [
      step(stepTask(1, other)),
      evaluate({ ...other, split: 'train', indices: stepTask(1).indices }),
      save(other),
      memory(other),
      close(other),
    ]) {
      const error = await fail(reply);
      expect(error.code).to.equal('worker');
      expect(error.message).to.include('expected session other').and.to.include('session session');
    }
  });

  it('refuses a repeated step and a skipped one, and goes on with the right one', async () => {
    await succeed(step(stepTask(1)));
    for (const wrong of [1, 3, 0]) {
      const error = await fail(step(stepTask(wrong)));
      expect(error.code).to.equal('worker');
      expect(error.message).to.include(`expected step 2, got step ${wrong}`);
    }
    expect((await succeed(step(stepTask(2)))).step).to.equal(2);
  });

  it('digests the positions it received, the targets and the inputs it scaled', async () => {
    const { indices } = stepTask(1);
    const reply = await succeed(step(stepTask(1)));
    expect(reply.indicesDigest).to.equal(digest(indices));
    const labels = Int32Array.from(indices, (index) => noise.targets.values[index]!);
    expect(reply.targetsDigest).to.equal(digest(labels));
    expect(reply.inputDigest).to.equal(digest(inputsAt(indices, (pixel) => pixel / 255)));
  });

  it('trains on augmented inputs and evaluates splits on the examples as they are', async () => {
    const augmentation = [{ kind: 'horizontalFlip', probability: 1 }];
    const { indices } = stepTask(1);
    const split = { ...session, split: 'train', indices } as const;
    const plain = await succeed(evaluate(split));
    const seeds = { init: 1, dropout: 2, augmentation: 3 };
    await succeed(open(openTask({ augmentation, seeds })));
    expect(await succeed(evaluate(split))).to.deep.equal(plain);
    const reply = await succeed(step(stepTask(1)));
    const inputs = inputsAt(indices, (pixel) => pixel / 255);
    for (let row = 0; row < inputs.length; row += 8) inputs.subarray(row, row + 8).reverse();
    expect(reply.inputDigest).to.equal(digest(inputs));
  });

  it('refuses to augment without a seed', async () => {
    const augmentation = [{ kind: 'horizontalFlip', probability: 1 }];
    const error = await fail(open(openTask({ augmentation })));
    expect(error.code).to.equal('bug');
    expect(error.message).to.include('seed to augment with');
  });

  it('scales the inputs as it is told to', async () => {
    const { offset, scale } = standardized.fit(noise)!;
    await succeed(open(openTask({ scaling: { offset, scale } })));
    const { inputDigest } = await succeed(step(stepTask(1)));
    const scaled = inputsAt(
      stepTask(1).indices,
      (value, pixel) => (value / 255 - offset[pixel]!) / scale[pixel]!,
    );
    expect(inputDigest).to.equal(digest(scaled));
  });

  it('refuses positions outside the split', async () => {
    for (const stray of [-1, noise.count]) {
      const indices = Int32Array.of(0, stray);
      for (const reply of [
        step(stepTask(1, { indices })),
        evaluate({ ...session, split: 'test', indices }),
      ]) {
        const error = await fail(reply);
        expect(error.code).to.equal('bug');
        expect(error.message).to.include(`[0, ${noise.count}), got ${stray}`);
      }
    }
  });

  it('repeats itself bit for bit from the same seeds', async () => {
    const first = await run(3);
    await succeed(open(openTask()));
    expect(await run(3)).to.deep.equal(first);
  });

  const optimizers: readonly OptimizerSpec[] = [
    { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
    { kind: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    {
      ...{ kind: 'adamW', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      ...{ weightDecay: 0.1, clipNorm: 0.5 },
    },
    {
      ...{ kind: 'rmsprop', learningRate: 0.01, rho: 0.9, epsilon: 1e-7, momentum: 0.9 },
      ...{ centered: true, weightDecay: 0.1, clipValue: 0.1 },
    },
  ];
  for (const optimizer of optimizers) {
    it(`goes on from a saved state bit for bit, that of ${optimizer.kind} included`, async () => {
      const task = openTask({
        variant: smallVariant({
          activation: 'selu',
          dropout: { kind: 'alpha', rate: 0.1 },
          optimizer,
        }),
      });
      await succeed(open(task));
      await run(2);
      const restore = await succeed(save(session));
      expect(restore.step).to.equal(2);
      expect(Object.keys(restore.tensors)).to.deep.equal(
        Object.keys(checkpointShapes(task.network)),
      );
      await succeed(step(stepTask(3)));
      const { tensors: expected } = await succeed(save(session));
      await succeed(open({ ...task, seeds: { ...task.seeds, init: 99 }, restore }));
      await succeed(step(stepTask(3)));
      expect((await succeed(save(session))).tensors).to.deep.equal(expected);
    });
  }

  it('goes on from a saved state bit for bit, moving means included, and keeps no tensor', async () => {
    const task = openTask({ variant: smallVariant({ layers: normalizedLayers }) });
    await succeed(open(task));
    await run(3);
    const { tensors: count } = await succeed(memory(session));
    const restore = await succeed(save(session));
    const { values } = restore.tensors['layers.1.movingMean']!;
    expect(Array.from(values).every((mean) => mean !== 0)).to.equal(true);
    for (const at of [4, 5, 6]) await succeed(step(stepTask(at)));
    expect((await succeed(memory(session))).tensors).to.equal(count);
    const { tensors: expected } = await succeed(save(session));
    await succeed(open({ ...task, restore }));
    for (const at of [4, 5, 6]) await succeed(step(stepTask(at)));
    expect((await succeed(save(session))).tensors).to.deep.equal(expected);
  });

  it("trains at a step's own learning rate where it is sent one", async () => {
    const weights = async () => (await succeed(save(session))).tensors['layers.0.kernel']!.values;
    const initial = await weights();
    await succeed(step(stepTask(1, { learningRate: 0 })));
    expect(await weights()).to.deep.equal(initial);
    await succeed(step(stepTask(2, { learningRate: 1 })));
    const far = await weights();
    await succeed(open(openTask()));
    await succeed(step(stepTask(1, { learningRate: 0 })));
    await succeed(step(stepTask(2, { learningRate: 0.5 })));
    const near = await weights();
    const moved = (to: Float32Array) => to.map((value, index) => value - initial[index]!);
    expectClose(
      moved(near).map((value) => 2 * value),
      moved(far),
      1e-5,
    );
  });

  it('saves copies, which later steps leave as they are', async () => {
    const { tensors } = await succeed(save(session));
    const before = [...tensors['layers.0.kernel']!.values];
    await run(2);
    expect([...tensors['layers.0.kernel']!.values]).to.deep.equal(before);
    const trained = await succeed(save(session));
    expect([...trained.tensors['layers.0.kernel']!.values]).not.to.deep.equal(before);
  });

  it('refuses a saved state of another network, naming the tensor', async () => {
    const { step: saved, tensors } = await succeed(save(session));
    const rest = Object.fromEntries(
      Object.entries(tensors).filter(([name]) => name !== 'layers.3.bias'),
    );
    const missing = await fail(open(openTask({ restore: { step: saved, tensors: rest } })));
    expect(missing.code).to.equal('data');
    expect(missing.message).to.include('layers.3.bias').and.to.include('got none');
    const before = tf.memory().numTensors;
    await fail(open(openTask({ restore: { step: saved, tensors: rest } })));
    expect(tf.memory().numTensors, 'tensors left behind').to.equal(before);
  });

  it('evaluates like the step did, and without dropout or training', async () => {
    const trained = await succeed(step(stepTask(1)));
    const task = { ...session, split: 'train', indices: stepTask(1).indices } as const;
    const once = await succeed(evaluate(task));
    const twice = await succeed(evaluate(task));
    expect(once).to.deep.equal(twice);
    expect(once.examples).to.equal(5);
    expect(lossOf(once)).to.be.closeTo(lossOf(trained), 1e-6);
    expect(once.sums.correct).to.equal(trained.sums.correct);
  });

  it('answers the predicted classes when asked, as many right as it counts', async () => {
    const task = { ...session, split: 'test', indices: Int32Array.of(3, 1, 4, 15, 9) } as const;
    const asked = { ...task, predict: true, outputs: true };
    const { predictions, confidences, outputs, sums } = await succeed(evaluate(asked));
    expect(predictions).to.have.length(5);
    expect(outputs).to.have.length(15);
    const [a, b, c] = Array.from(outputs!.subarray(0, 3), Math.exp) as [number, number, number];
    expect(confidences![0]).to.be.closeTo(Math.max(a, b, c) / (a + b + c), 1e-6);
    const right = predictions?.filter(
      (predicted, index) => predicted === noise.targets.values[task.indices[index]!],
    );
    expect(right).to.have.length(numberIn(sums, 'correct'));
    expect(await succeed(evaluate(task))).to.have.all.keys('examples', 'sums');
  });

  it('returns a loss that is not finite as it is', async () => {
    const variant = smallVariant({
      optimizer: { kind: 'sgd', learningRate: 1e30, momentum: 0 },
    });
    await succeed(open(openTask({ variant })));
    const losses = await run(3);
    expect(losses.some((loss) => !Number.isFinite(loss))).to.equal(true);
  });

  it('holds as many tensors after a hundred steps as after three', async () => {
    await run(3);
    const early = await succeed(memory(session));
    for (let count = 4; count <= 100; count += 1) {
      await succeed(step(stepTask(count, { evaluate: count % 2 === 0 })));
    }
    expect(await succeed(memory(session))).to.deep.equal(early);
  });

  it('gives everything back when it closes', async () => {
    await run(1);
    const open1 = await succeed(memory(session));
    await succeed(close(session));
    await succeed(open(openTask()));
    await run(1);
    expect(await succeed(memory(session))).to.deep.equal(open1);
  });
});
