import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../src/config/load.js';
import type { Config } from '../src/config/schema.js';
import { mnistFolder } from '../src/data/formats/mnist.js';
import type { LayerSpec } from '../src/model/layers.js';
import { isNetwork } from '../src/model/variant.js';
import { planTrial } from '../src/trial/plan.js';
import { encodeNpy, writeNpyDataset } from '../test/support/npy-writer.js';
import { peersFolder } from './peers.js';

export interface BenchNetwork {
  /** Lockstep's configuration of it. */
  readonly config: string;
  readonly overrides: readonly string[];
  /** Folder of the data. */
  readonly data: string;
  /** The file that tells the peers what to train. */
  readonly description: string;
}

/**
 * Loads a network to measure.
 * @param name a file of scripts/peers/networks, or a shipped configuration
 * @param steps of a run
 * @param folder for what it makes
 */
export async function loadBenchNetwork(
  name: string,
  steps: number,
  folder: string,
): Promise<BenchNetwork> {
  const file = join(peersFolder, 'networks', `${name}.yaml`);
  const config = existsSync(file) ? file : name;
  const colour = join(folder, 'colour');
  const overrides = name.startsWith('cifar') ? [`data.path=${colour}`] : [];
  if (overrides.length > 0) await writeColourImages(colour);
  const loaded = await loadConfig({
    file: config,
    cwd: process.cwd(),
    overrides: [...overrides, `training.steps=${steps}`],
  });
  const description = join(folder, 'network.json');
  await writeFile(description, JSON.stringify(describe(loaded)));
  // Peers evaluate on minibatches alone.
  if (loaded.evaluation.every !== undefined) overrides.push(`evaluation.every=${steps}`);
  return { config, overrides, data: loaded.data.path ?? mnistFolder(), description };
}

/** What the peers train: they know these kinds of layers, and plain SGD. */
function describe(config: Config): unknown {
  const known = new Set(['conv2d', 'maxPool', 'flatten', 'dense', 'dropout']);
  const { variants } = planTrial({ config }, { index: 0, point: {}, seed: 1 });
  const described = variants.filter(isNetwork).map(({ name, input, layers, optimizer }) => {
    const strange = layers.find(({ kind }) => !known.has(kind))?.kind;
    if (strange !== undefined)
      throw new Error(`Expected ${[...known].join(', ')}, got ${strange}.`);
    if (optimizer.kind !== 'sgd' || optimizer.momentum !== 0)
      throw new Error('Expected plain sgd.');
    return [name, { input, init: config.variants[name]!.init, layers: layers.map(layerForPeers) }];
  });
  return {
    batch: config.data.batchSize,
    learningRate: variants[0]!.optimizer.learningRate,
    variants: Object.fromEntries(described) as unknown,
  };
}

function layerForPeers(layer: LayerSpec): unknown {
  if (layer.kind === 'maxPool') {
    const { poolSize, strides } = layer;
    return { ...layer, poolSize: [poolSize, poolSize], strides: [strides, strides] };
  }
  return 'activation' in layer ? { ...layer, activation: layer.activation.kind } : layer;
}

/** Images of CIFAR-10's size, of random pixels: time does not depend on what they show. */
async function writeColourImages(folder: string): Promise<void> {
  const images = (count: number) =>
    encodeNpy('|u1', [count, 32, 32, 3], randomBytes(count * 32 * 32 * 3));
  const classes = (count: number) =>
    encodeNpy(
      '|u1',
      [count],
      randomBytes(count).map((byte) => byte % 10),
    );
  const [train, test] = [7000, 512];
  await writeNpyDataset(folder, {
    x_train: images(train),
    y_train: classes(train),
    x_test: images(test),
    y_test: classes(test),
  });
}
