"""Goldens for test/workers/keras-networks.test.ts: a few steps of networks with normalizations, in Keras 3.

Usage: python scripts/goldens/keras_networks.py > test/workers/keras-networks.golden.json

Shares no code with Lockstep. Images, labels and initial parameters come from StatelessRandomUniform, which
the test draws as well; every layer, the loss and the optimizer are Keras's own. Needs keras and tensorflow.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf
from keras import layers

BATCH = 8
STEPS = 6
CLASSES = 3
IMAGE = [8, 6, 2]
LEARNING_RATE = 0.05


def uniform(shape, seed):
    return tf.raw_ops.StatelessRandomUniform(
        shape=shape, seed=tf.constant(seed, tf.int32), dtype=tf.float32
    ).numpy()


def normalized():
    x = inputs = keras.Input(IMAGE)
    made = []

    def add(name, layer, x):
        made.append((name, layer))
        return layer(x)

    x = add("layers.0", layers.Conv2D(4, 3, padding="same", use_bias=False), x)
    x = add("layers.1", layers.BatchNormalization(momentum=0.9), x)
    x = layers.Activation("relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = add("layers.4", layers.LayerNormalization(), x)
    x = layers.Flatten()(x)
    x = add("layers.6", layers.Dense(7), x)
    x = add("layers.7", layers.BatchNormalization(epsilon=0.01), x)
    x = layers.Activation(lambda v: keras.activations.gelu(v, approximate=False))(x)
    x = add("layers.9", layers.Dense(6), x)
    x = add("layers.10", layers.LayerNormalization(epsilon=1e-5), x)
    x = layers.Activation("silu")(x)
    x = add("layers.12", layers.Dense(CLASSES), x)
    return keras.Model(inputs, x), made


def residual():
    x = inputs = keras.Input(IMAGE)
    made = []

    def add(name, layer, x):
        made.append((name, layer))
        return layer(x)

    def block(at, x, filters, strides):
        shortcut = x
        if strides != 1 or x.shape[-1] != filters:
            projection = layers.Conv2D(filters, 1, strides, padding="same", use_bias=False)
            shortcut = add(f"{at}.projection", projection, x)
        x = add(f"{at}.layers.0", layers.Conv2D(filters, 3, strides, padding="same", use_bias=False), x)
        x = add(f"{at}.layers.1", layers.BatchNormalization(momentum=0.9), x)
        x = layers.Activation("relu")(x)
        x = add(f"{at}.layers.3", layers.Conv2D(filters, 3, padding="same"), x)
        return layers.Add()([x, shortcut])

    x = add("layers.0", layers.Conv2D(4, 3, padding="same"), x)
    x = layers.Activation("relu")(x)
    x = block("layers.1", x, 4, 1)
    x = layers.Activation("relu")(x)
    x = block("layers.3", x, 6, 2)
    x = layers.GlobalAveragePooling2D()(x)
    # A block of dense layers, projected, too.
    shortcut = add("layers.5.projection", layers.Dense(9, use_bias=False), x)
    inner = add("layers.5.layers.0", layers.Dense(9, activation="relu"), x)
    x = layers.Add()([inner, shortcut])
    x = add("layers.6", layers.Dense(CLASSES), x)
    return keras.Model(inputs, x), made


ROLES = {
    "kernel": "kernel",
    "bias": "bias",
    "gamma": "gamma",
    "beta": "beta",
    "moving_mean": "movingMean",
    "moving_variance": "movingVariance",
}


def named(made):
    return [
        (f"{name}.{ROLES[variable.name]}", variable)
        for name, layer in made
        for variable in layer.weights
    ]


def initial(name, shape, index):
    """Kernels, biases and means around 0, scales and variances around 1."""
    drawn = uniform(shape, [300, index])
    return drawn + (0.5 if name.endswith(("gamma", "Variance")) else -0.5)


def plain(values):
    return [float(f"{value:.9g}") for value in np.ravel(values)]


def train(build):
    keras.utils.clear_session()
    model, made = build()
    variables = named(made)
    for index, (name, variable) in enumerate(variables):
        variable.assign(initial(name, variable.shape, index))
    model.compile(
        optimizer=keras.optimizers.SGD(LEARNING_RATE),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    steps = []
    for step in range(1, STEPS + 1):
        bytes_ = np.floor(256 * uniform([BATCH, *IMAGE], [100, step]))
        x = (bytes_.astype(np.float64) / 255).astype(np.float32)
        y = np.floor(CLASSES * uniform([BATCH], [200, step])).astype(np.int32)
        training = float(model.train_on_batch(x, y))
        model.reset_metrics()
        evaluated = float(model.test_on_batch(x, y))
        model.reset_metrics()
        steps.append({"trainingLoss": training, "loss": evaluated})
    return {
        "shapes": {name: list(variable.shape) for name, variable in variables},
        "steps": steps,
        "weights": {name: plain(variable.numpy()) for name, variable in variables},
    }


json.dump(
    {
        "keras": keras.__version__,
        "batch": BATCH,
        "classes": CLASSES,
        "image": IMAGE,
        "learningRate": LEARNING_RATE,
        "networks": {"normalized": train(normalized), "residual": train(residual)},
    },
    sys.stdout,
)
sys.stdout.write("\n")
