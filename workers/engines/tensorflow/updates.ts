import { tf } from '../../tf.js';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Engine, Update, Updates } from '../engine.js';
import type { Attribute } from './binding.js';
import type { Operations } from './operations.js';

/**
 * {@link Engine.updates} by Lockstep's own operations: none if the binding lacks them.
 * @param descend the engine's, which gradient descent without momentum is
 */
export function chooseUpdates(ops: Operations, descend: Engine['descend']): Engine['updates'] {
  const updates = ownUpdates(ops, descend);
  return ops.has(() => isRight(updates)) ? updates : {};
}

function ownUpdates(ops: Operations, descend: Engine['descend']): Updates {
  /** @param roles of what is kept, in the order of the operation; what a parameter lacks is empty there */
  const run = (
    name: string,
    { parameter, gradient, slots, rate }: Update,
    roles: readonly string[],
    attributes: readonly Attribute[],
  ) => {
    const kept = roles.map((role) => slots[role] ?? tf.zeros([0]));
    const inputs = [parameter, gradient, ...kept, rate];
    const [changed, ...after] = ops.runMany(name, inputs, attributes, 1 + kept.length);
    assign(parameter, changed!);
    for (const [index, role] of roles.entries()) {
      if (slots[role]) assign(slots[role], after[index]!);
    }
  };
  const adam = (
    update: Update,
    { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
  ) => {
    const attributes = { gain1: 1 - beta1, gain2: 1 - beta2, epsilon };
    run('LockstepAdam', update, ['m', 'v'], numbers(attributes));
  };
  const numbers = (values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([name, value]) => ops.number(name, value));
  return {
    adam,
    adamW: adam,
    rmsprop(update, { rho, momentum, epsilon }) {
      const roles = ['meanSquare', 'mean', 'momentum'];
      run('LockstepRmsprop', update, roles, numbers({ rho, gain: 1 - rho, momentum, epsilon }));
    },
    sgd(update, { momentum, nesterov }) {
      if (update.slots.momentum === undefined) {
        descend(update.parameter, update.gradient, update.rate);
        return;
      }
      const attributes = [...numbers({ momentum }), ops.flag('nesterov', nesterov === true)];
      run('LockstepMomentum', update, ['momentum'], attributes);
    },
  };
}

function assign(variable: Variable, value: Tensor): void {
  variable.assign(value);
  value.dispose();
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
    sgd(update, { kind: 'sgd', learningRate: 0.5, momentum: 0.5 });
    return parameter.dataSync()[0] === 1.5 && momentum.dataSync()[0] === 3;
  } finally {
    tf.dispose([parameter, momentum]);
  }
}
