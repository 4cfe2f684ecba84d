"""A network in JAX, one jitted function a variant that takes over its parameters' memory."""

import math
import os
from functools import partial

# Read when jax loads.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax
from jax import lax
from jax import numpy as jnp

ALPHA_PRIME = -1.7580993408473766
ACTIVATIONS = {"relu": jax.nn.relu, "selu": jax.nn.selu, "linear": lambda x: x}


def configure(cores, share, _device):
    # Its CPU backend takes all the cores that the process may run on.
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[share * cores : (share + 1) * cores])


def kernel_shape(layer, size):
    if layer["kind"] == "conv2d":
        return (*layer["kernelSize"], size[-1], layer["filters"])
    return (size[-1], layer["units"]) if layer["kind"] == "dense" else None


def drop(x, key, layer):
    keep = 1 - layer["rate"]
    kept = jax.random.uniform(key, x.shape) < keep
    if layer["method"] == "standard":
        return jnp.where(kept, x / keep, 0)
    a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
    return a * jnp.where(kept, x, ALPHA_PRIME) - a * (1 - keep) * ALPHA_PRIME


def apply(layer, x, weights, key):
    kind = layer["kind"]
    if kind == "conv2d":
        numbers = ("NHWC", "HWIO", "NHWC")
        y = lax.conv_general_dilated(x, weights[0], layer["strides"], layer["padding"].upper(), dimension_numbers=numbers)
        return ACTIVATIONS[layer["activation"]](y + weights[1])
    if kind == "maxPool":
        window, strides = (1, *layer["poolSize"], 1), (1, *layer["strides"], 1)
        return lax.reduce_window(x, -jnp.inf, lax.max, window, strides, layer["padding"].upper())
    if kind == "flatten":
        return x.reshape(x.shape[0], -1)
    if kind == "dense":
        return ACTIVATIONS[layer["activation"]](x @ weights[0] + weights[1])
    return x if key is None else drop(x, key, layer)


def build(variant, learning_rate, shape, _mode):
    gain = 1.0 if variant["init"] == "lecun" else 2.0
    layers = variant["layers"]
    weights, x = [], jnp.zeros((1, *shape))
    for key, layer in zip(jax.random.split(jax.random.key(1), len(layers)), layers):
        kernel = kernel_shape(layer, x.shape[1:])
        own = ()
        if kernel is not None:
            deviation = (gain / math.prod(kernel[:-1])) ** 0.5
            own = (jax.random.normal(key, kernel) * deviation, jnp.zeros(kernel[-1]))
        weights.append(own)
        x = apply(layer, x, own, None)

    def logits(weights, x, key=None):
        for number, (layer, own) in enumerate(zip(layers, weights)):
            x = apply(layer, x, own, None if key is None else jax.random.fold_in(key, number))
        return x

    def loss_of(outputs, labels):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(outputs), labels[:, None], 1))

    def train_loss(weights, images, labels, key):
        return loss_of(logits(weights, images, key), labels)

    @partial(jax.jit, donate_argnums=0)
    def step(weights, images, labels, update):
        key = jax.random.fold_in(jax.random.key(2), update)
        gradients = jax.grad(train_loss)(weights, images, labels, key)
        weights = jax.tree.map(lambda weight, gradient: weight - learning_rate * gradient, weights, gradients)
        outputs = logits(weights, images)
        return weights, loss_of(outputs, labels), jnp.mean(outputs.argmax(1) == labels)

    state = {"weights": weights, "update": 0}

    def train_step(images, labels):
        state["update"] += 1
        state["weights"], loss, accuracy = step(state["weights"], images, labels, state["update"])
        return float(loss), float(accuracy)

    return train_step
