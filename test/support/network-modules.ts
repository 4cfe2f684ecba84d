import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The shipped example as JavaScript, which any Node.js reads. */
export const exampleModule = fileURLToPath(new URL('../../examples/network.js', import.meta.url));

/** Writes a module with a default export. */
export async function writeModule(
  cwd: string,
  exported: string,
  before = '',
  name = 'own.mjs',
): Promise<string> {
  await writeFile(join(cwd, name), `${before}\nexport default ${exported};\n`);
  return `./${name}`;
}

/** Multinomial logistic regression, by itself: its own weights and forward pass. */
export const linear = `{
  create({ tf, inputShape, outputs, random }) {
    const width = inputShape.reduce((a, b) => a * b);
    const weights = tf.variable(random.weights([width, outputs], 'lecun'));
    const bias = tf.variable(tf.zeros([outputs]));
    return {
      variables: { weights, bias },
      forward: (inputs) => inputs.reshape([-1, width]).matMul(weights).add(bias),
    };
  },
}`;

/** The same, trained by itself with momentum that it keeps in a tensor of its own, and noise on its inputs. */
export const selfTaught = `{
  create({ tf, inputShape, outputs, random }) {
    const width = inputShape.reduce((a, b) => a * b);
    const weights = tf.variable(random.weights([width, outputs], 'he'));
    const noise = random.stream();
    let momentum = tf.zeros([width, outputs]);
    const logits = (x) => x.reshape([-1, width]).matMul(weights);
    const lossOf = (targets, out) =>
      tf.losses.softmaxCrossEntropy(tf.oneHot(targets, outputs), out);
    return {
      variables: { weights },
      trainStep({ inputs, targets }, { learningRate, uniform }) {
        const noisy = inputs.add(uniform(inputs.shape, noise).mul(0.01));
        const outputs = logits(inputs);
        const { value, grads } = tf.variableGrads(() => lossOf(targets, logits(noisy)));
        const old = momentum;
        momentum = tf.keep(momentum.mul(0.9).add(grads[weights.name]));
        old.dispose();
        weights.assign(weights.sub(momentum.mul(learningRate)));
        return { loss: value, outputs };
      },
      evaluate: ({ inputs, targets }) => {
        const outputs = logits(inputs);
        return { loss: lossOf(targets, outputs), outputs };
      },
      save: () => ({ momentum }),
      restore: (tensors) => {
        momentum = tensors.momentum;
      },
    };
  },
}`;
