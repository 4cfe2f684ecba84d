import { tf } from '../../tf.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Engine, Update, Updates } from '../engine.js';
import type { Attribute } from './binding.js';
import type { Operations } from './operations.js';

/** {@link Engine.updates} by Lockstep's own operations: none if the binding lacks them. */
export function chooseUpdates(ops: Operations): Engine['updates'] {
  const updates = ownUpdates(ops);
  return ops.has(() => isRight(updates)) ? updates : {};
}

/** `native/update_operations.cc`. */
function ownUpdates(ops: Operations): Updates {
  /**
   * @param lists of what is kept, by role, in the order of the operation
   * @param singles further inputs
   */
  const run = (
    name: string,
    updates: readonly Update[],
    lists: readonly (readonly Tensor[])[],
    singles: readonly Scalar[],
    attributes: readonly Attribute[],
  ) => {
    const inputs = [
      ...updates.map(({ parameter }) => parameter),
      ...updates.map(({ gradient }) => gradient),
      ...lists.flat(),
      ...singles,
    ];
    ops.runMany(name, inputs, [ops.integers('n', updates.length), ...attributes], 0);
  };
  const kept = (updates: readonly Update[], role: string): readonly Tensor[] =>
    updates.flatMap(({ slots }) => slots[role] ?? []);
  const numbers = (values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([name, value]) => ops.number(name, value));
  const adam = (
    updates: readonly Update[],
    { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
    decay: Scalar | undefined,
  ) => {
    const decays = decay === undefined ? [] : [decay];
    run(
      'LockstepAdam',
      updates,
      [kept(updates, 'm'), kept(updates, 'v')],
      [updates[0]!.rate, ...decays],
      [
        ops.integers('decays', decays.length),
        ...numbers({ gain1: 1 - beta1, gain2: 1 - beta2, epsilon }),
      ],
    );
  };
  return {
    adam,
    adamW: adam,
    rmsprop(updates, { rho, momentum, epsilon }) {
      const [squares, means, velocities] = ['meanSquare', 'mean', 'momentum'].map((role) =>
        kept(updates, role),
      );
      run(
        'LockstepRmsprop',
        updates,
        [squares!, means!, velocities!],
        [updates[0]!.rate],
        [
          ops.integers('means', means!.length),
          ops.integers('velocities', velocities!.length),
          ...numbers({ rho, gain: 1 - rho, momentum, epsilon }),
        ],
      );
    },
    sgd(updates, { momentum, nesterov }) {
      const velocities = kept(updates, 'momentum');
      const { rate } = updates[0]!;
      if (velocities.length === 0) run('LockstepDescend', updates, [], [rate], []);
      else {
        const attributes = [...numbers({ momentum }), ops.flag('nesterov', nesterov === true)];
        run('LockstepMomentum', updates, [velocities], [rate], attributes);
      }
    },
  };
}

/** Whether an update by momentum gives what it must. */
function isRight({ sgd }: Updates): boolean {
  const [parameter, momentum] = [tf.variable(tf.scalar(3)), tf.variable(tf.scalar(4))];
  const update = {
    parameter,
    gradient: tf.scalar(1),
    slots: { momentum },
    rate: tf.scalar(0.5),
  };
  try {
    sgd([update], { kind: 'sgd', learningRate: 0.5, momentum: 0.5 }, undefined);
    return parameter.dataSync()[0] === 1.5 && momentum.dataSync()[0] === 3;
  } finally {
    tf.dispose([parameter, momentum]);
  }
}
