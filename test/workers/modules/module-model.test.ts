import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { networkVariants } from '../../../src/config/variants.js';
import { loadConfig } from '../../../src/config/load.js';
import { planModule, planNetwork } from '../../../src/model/network.js';
import { slotsOf } from '../../../src/model/optimizers.js';
import type { OptimizerSpec } from '../../../src/model/optimizers.js';
import type { OpenTask } from '../../../src/protocol/index.js';
import { loadEngine } from '../../../workers/engines/load.js';
import { inspectModule } from '../../../workers/sessions/inspect.js';
import { Session } from '../../../workers/sessions/session.js';
import { testedEngine } from '../../support/engine.js';
import { examplesOf } from '../../support/examples.js';
import { expectError } from '../../support/expect-error.js';
import { linear, selfTaught, exampleModule, writeModule } from '../../support/network-modules.js';
import { openTask, smallVariant, stepTask } from '../../support/variants.js';

const sgd: OptimizerSpec = { kind: 'sgd', learningRate: 0.1, momentum: 0 };
const adam: OptimizerSpec = {
  kind: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
};

let folder: string;

interface Own {
  readonly path: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly optimizer?: OptimizerSpec;
  readonly outputs?: number;
}

/** A session's task whose network a module makes. */
function moduleTask({ path, options = {}, optimizer = sgd, outputs = 3 }: Own, task: OpenTask) {
  const { objective } = smallVariant();
  const { shape } = task.splits.train.inputs;
  return {
    ...task,
    network: planModule({ optimizer, objective }, shape, outputs),
    module: {
      ...{ path: resolve(folder, path), options, slots: slotsOf(optimizer) },
      ...{ batchSize: 5, steps: 10 },
    },
  };
}

async function open(task: OpenTask): Promise<Session> {
  return Session.open(await loadEngine(testedEngine), task);
}

/** Trains for some steps. @returns the sums of each */
function train(session: Session, from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    return session.step(stepTask(from + index)).sums;
  });
}

describe(`variants by modules on the ${testedEngine} engine`, function () {
  this.timeout(60_000);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockstep-modules-'));
    await writeFile(
      join(folder, 'helper.mjs'),
      'export const fft = (tf, x) => tf.real(tf.fft(tf.complex(x, x))).sum();\n',
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("equal the tutorial's built-in variants to the bit", async () => {
    const pixels = Uint8Array.from({ length: 60 * 784 }, (_, i) => (i * i * 31 + 7 * i) % 256);
    const labels = Uint8Array.from({ length: 60 }, (_, i) => (i * 7) % 10);
    const digits = examplesOf([28, 28, 1], pixels, labels);
    const splits = { train: digits, validation: digits, test: digits };
    const config = await loadConfig({ file: 'tutorial', cwd: folder });
    const options = {
      relu: { activation: 'relu', rate: 0.5 },
      snn: { activation: 'selu', rate: 0.05 },
    };
    for (const variant of networkVariants(config)) {
      const { name, optimizer } = variant;
      const network = planNetwork(variant, [28, 28, 1]);
      const task = { ...openTask(), splits, variant: { name, updatesPerStep: 1 }, network };
      const builtIn = await open(task);
      const own = { path: exampleModule, optimizer, outputs: 10 };
      const module = await open(
        moduleTask({ ...own, options: options[name as keyof typeof options] }, task),
      );
      expect(module.describe()).to.deep.equal(builtIn.describe());
      for (const step of [1, 2, 3]) {
        const [one, other] = [builtIn, module].map((session) => session.step(stepTask(step)).sums);
        expect(other, `${name}, step ${step}`).to.deep.equal(one);
      }
      expect(await module.save()).to.deep.equal(await builtIn.save());
      builtIn.close();
      module.close();
    }
  });

  it('go on from what was saved as if they had never stopped', async () => {
    await writeModule(folder, linear);
    await writeModule(folder, selfTaught, '', 'taught.mjs');
    for (const own of [{ path: 'own.mjs', optimizer: adam }, { path: 'taught.mjs' }]) {
      const task = moduleTask(own, openTask());
      const first = await open(task);
      train(first, 1, 3);
      const restore = await first.save();
      const expected = train(first, 4, 6);
      const second = await open({ ...task, restore });
      expect(train(second, 4, 6)).to.deep.equal(expected);
      expect(await second.save()).to.deep.equal(await first.save());
      first.close();
      second.close();
    }
  });

  it('save their state by name, that of their optimizers with it', async () => {
    const names = async (own: Own) => {
      const session = await open(moduleTask(own, openTask()));
      train(session, 1, 1);
      const { tensors } = await session.save();
      session.close();
      return Object.keys(tensors);
    };
    expect(await names({ path: 'own.mjs', optimizer: adam })).to.have.members([
      ...['weights', 'bias', 'optimizer.m.weights', 'optimizer.m.bias'],
      ...['optimizer.v.weights', 'optimizer.v.bias'],
    ]);
    expect(await names({ path: 'taught.mjs' })).to.deep.equal(['weights', 'momentum']);
  });

  it('keep what they assign, whatever becomes of the variable that it came from', async () => {
    const averaging = linear
      .replace('variables: {', 'variables: { before,')
      .replace(
        'const bias',
        'const before = tf.variable(tf.zeros([width, outputs]), false); const bias',
      )
      .replace(
        'forward: (inputs) =>',
        'forward: (inputs, pass) => (pass.training && pass.assign(before, tf.clone(weights)), null) ??',
      );
    await writeModule(folder, averaging, '', 'averaging.mjs');
    const session = await open(moduleTask({ path: 'averaging.mjs' }, openTask()));
    const start = await session.save();
    train(session, 1, 1);
    const end = await session.save();
    expect(end.tensors.before).to.deep.equal(start.tensors.weights);
    expect(end.tensors.weights!.values).not.to.deep.equal(start.tensors.weights!.values);
    session.close();
  });

  it('draw what their place says: the weights of built-in layers, new numbers in every update', async () => {
    const drawing = `{
      create({ tf, outputs, random }) {
        const stream = random.stream();
        const weights = tf.variable(random.weights([64, outputs], 'he', 3));
        const drawn = tf.variable(tf.zeros([4]), false);
        return {
          variables: { weights, drawn },
          forward: (inputs, pass) => {
            if (pass.training) pass.assign(drawn, pass.uniform([4], stream));
            return inputs.reshape([-1, 64]).matMul(weights);
          },
        };
      },
    }`;
    await writeModule(folder, drawing, '', 'drawing.mjs');
    const task = openTask({
      variant: smallVariant({
        layers: [
          { kind: 'flatten' },
          ...[0, 1].map(() => ({ kind: 'activation' }) as const),
          { kind: 'dense', units: 3, bias: false },
        ],
      }),
    });
    const [builtIn, session] = [
      await open(task),
      await open(moduleTask({ path: 'drawing.mjs' }, task)),
    ];
    const weights = async (one: Session, name: string) => (await one.save()).tensors[name]!.values;
    expect(await weights(session, 'weights')).to.deep.equal(
      await weights(builtIn, 'layers.3.kernel'),
    );
    const draws = [];
    for (const step of [1, 2]) {
      train(session, step, step);
      draws.push(await weights(session, 'drawn'));
    }
    expect(draws[0]).not.to.deep.equal(draws[1]);
    expect(draws.flatMap((values) => [...values]).every((u) => u >= 0 && u < 1)).to.equal(true);
    builtIn.close();
    session.close();
  });

  const wrong: Readonly<
    Record<string, readonly [exported: string, message: RegExp, before?: string]>
  > = {
    'no create': ['{}', /wrong0\.mjs: expected a default export with a function create/],
    'a create that throws': [
      '{ create() {\n throw new Error("no idea"); } }',
      /variant small: .*wrong1\.mjs:3:8: Error: no idea/,
    ],
    'another syntax': ['{ create: ( }', /wrong2\.mjs:2: SyntaxError/],
    'a network without a forward pass': [
      '{ create: () => ({}) }',
      /expected either forward, or trainStep and evaluate/,
    ],
    'a variable that the loss does not depend on': [
      linear.replace('.add(bias)', ''),
      /every trainable variable, got none that depends on bias/,
    ],
    'shapes that do not fit': [
      linear.replace('[-1, width]', '[-1, 7]'),
      /wrong5\.mjs:\d+:\d+: Error/,
    ],
    'outputs of another shape': [
      linear.replace('.matMul(weights).add(bias)', '.mul(weights.sum()).add(bias.sum())'),
      /forward: expected a tensor of shape \[2, 3\], got float32 of shape \[2, 64\]/,
    ],
    'a layer that does not exist': [
      '{ create: ({ layers }) => layers([{ kind: "dens", units: 3 }]) }',
      /wrong7\.mjs:2:\d+: TypeError: layers\.0\.kind: expected .*dense/,
    ],
    'values read amid a prepared step': [
      linear
        .replace('variables: {', 'compile: true, variables: {')
        .replace('.add(bias)', '.add(bias.dataSync()[0]).add(bias)'),
      testedEngine === 'wasm' ? /^$/ : /reads values in callbacks alone/,
    ],
  };
  for (const [index, [what, [exported, message, before]]] of Object.entries(wrong).entries()) {
    it(`name the file and line, where they have ${what}`, async () => {
      // As in a thread of a trial: mocha keeps whole stacks unless it runs in parallel.
      Error.stackTraceLimit = 10;
      const path = `wrong${index}.mjs`;
      await writeModule(folder, exported, before, path);
      const task = moduleTask({ path }, openTask());
      const inspected = () => inspectModule({ ...task, loadOnly: false, strict: true });
      // The embedded engine prepares nothing.
      if (message.source === '^$') expect(await inspected()).to.deep.equal({ parameters: 195 });
      else await expectError('module', message, inspected);
    });
  }

  it('name a kernel that the embedded engine lacks, where that counts', async () => {
    if (testedEngine !== 'wasm') return;
    const exported = linear.replace('.add(bias)', '.add(bias).mul(fft(tf, weights))');
    await writeModule(folder, exported, "import { fft } from './helper.mjs';", 'fourier.mjs');
    const task = { ...moduleTask({ path: 'fourier.mjs' }, openTask()), loadOnly: false };
    await expectError('module', /helper\.mjs:1:\d+: Error: Kernel '\w+' not registered/, () =>
      inspectModule({ ...task, strict: true }),
    );
    expect(await inspectModule({ ...task, strict: false })).to.deep.equal({ parameters: 195 });
  });

  it('have their options checked by their schema', async () => {
    const options = { activation: 'relu', units: 'many' };
    const task = moduleTask({ path: exampleModule, options }, openTask());
    await expectError('usage', /variants\.small\.options\.units: Invalid input/, () =>
      inspectModule({ ...task, loadOnly: true, strict: true }),
    );
  });
});
