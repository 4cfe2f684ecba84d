"""The tutorial's networks in JAX, one jitted function a variant that takes over its parameters' memory."""

import os
from functools import partial

# Read when jax loads.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax
from jax import lax
from jax import numpy as jnp

ALPHA_PRIME, LEARNING_RATE = -1.7580993408473766, 0.025


def configure(cores, share):
    # Its CPU backend takes all the cores that the process may run on.
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[share * cores : (share + 1) * cores])


def build(variant, _mode):
    snn = variant == "snn"
    activation = jax.nn.selu if snn else jax.nn.relu
    gain = 1.0 if snn else 2.0
    shapes = [((5, 5, 1, 32), 25), ((5, 5, 32, 64), 800), ((3136, 1024), 3136), ((1024, 10), 1024)]
    keys = jax.random.split(jax.random.key(1), len(shapes))
    weights = [
        (jax.random.normal(key, shape) * (gain / fan_in) ** 0.5, jnp.zeros(shape[-1]))
        for key, (shape, fan_in) in zip(keys, shapes)
    ]

    def drop(x, key):
        keep = 0.95 if snn else 0.5
        kept = jax.random.uniform(key, x.shape) < keep
        if not snn:
            return jnp.where(kept, x / keep, 0)
        a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
        return a * jnp.where(kept, x, ALPHA_PRIME) - a * (1 - keep) * ALPHA_PRIME

    def logits(weights, images, key=None):
        x = images.reshape(-1, 28, 28, 1)
        for kernel, bias in weights[:2]:
            x = lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            x = lax.reduce_window(activation(x + bias), -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME")
        x = activation(x.reshape(-1, 3136) @ weights[2][0] + weights[2][1])
        return (x if key is None else drop(x, key)) @ weights[3][0] + weights[3][1]

    def loss_of(outputs, labels):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(outputs), labels[:, None], 1))

    def train_loss(weights, images, labels, key):
        return loss_of(logits(weights, images, key), labels)

    @partial(jax.jit, donate_argnums=0)
    def step(weights, images, labels, update):
        key = jax.random.fold_in(jax.random.key(2), update)
        gradients = jax.grad(train_loss)(weights, images, labels, key)
        weights = jax.tree.map(lambda weight, gradient: weight - LEARNING_RATE * gradient, weights, gradients)
        outputs = logits(weights, images)
        return weights, loss_of(outputs, labels), jnp.mean(outputs.argmax(1) == labels)

    state = {"weights": weights, "update": 0}

    def train_step(images, labels):
        state["update"] += 1
        state["weights"], loss, accuracy = step(state["weights"], images, labels, state["update"])
        return float(loss), float(accuracy)

    return train_step
