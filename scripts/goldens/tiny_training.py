"""Goldens for test/workers/training.test.ts: a few steps of two small variants, in plain TensorFlow.

Usage: python scripts/goldens/tiny_training.py > test/workers/training.golden.json

Shares no code with Lockstep. Images, labels and initial weights come from StatelessRandomUniform,
which the test draws as well; everything else is spelled out below. Needs tensorflow.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
import numpy as np
import tensorflow as tf

BATCH = 6
STEPS = 5
CLASSES = 3
IMAGE = [7, 6, 2]
PIXELS = 7 * 6 * 2
MEAN = [0.4 + 0.002 * pixel for pixel in range(PIXELS)]
STD = [0.2 + 0.003 * pixel for pixel in range(PIXELS)]
SHAPES = {
    "layers.0.kernel": [3, 3, 2, 5],
    "layers.0.bias": [5],
    "layers.2.kernel": [2, 2, 5, 4],
    "layers.2.bias": [4],
    "layers.5.kernel": [24, 9],
    "layers.5.bias": [9],
    "layers.7.kernel": [9, CLASSES],
    "layers.7.bias": [CLASSES],
}
VARIANTS = {
    "standard": {"input": "raw", "activation": "relu", "kind": "standard", "rate": 0.4, "momentum": 0.0},
    "alpha": {"input": "standardized", "activation": "selu", "kind": "alpha", "rate": 0.2, "momentum": 0.9},
}
LEARNING_RATE = 0.05
DROPOUT_SEED = -1234567
ALPHA = 1.6732632423543772848170429916717
SCALE = 1.0507009873554804934193349852946
ALPHA_PRIME = -1.7580993408473766


def uniform(shape, seed):
    return tf.raw_ops.StatelessRandomUniform(
        shape=shape, seed=tf.constant(seed, tf.int32), dtype=tf.float32
    )


def selu(x):
    return SCALE * tf.where(x > 0, x, ALPHA * tf.math.expm1(tf.minimum(x, 0.0)))


def drop(x, kind, rate, step, layer):
    kept = tf.cast(uniform(x.shape, [DROPOUT_SEED, step * 64 + layer]) < 1 - rate, tf.float32)
    q = 1 - rate
    if kind == "standard":
        return x * kept / q
    a = (q * ((1 - q) * ALPHA_PRIME**2 + 1)) ** -0.5
    b = -a * (1 - q) * ALPHA_PRIME
    return a * (x * kept + ALPHA_PRIME * (1 - kept)) + b


def logits(x, weights, variant, step=None):
    """conv 3x3x5 SAME, pool 2 SAME, conv 2x2x4 VALID, drop, flatten, dense 9, drop, dense 3."""
    activation = {"relu": tf.nn.relu, "selu": selu}[variant["activation"]]

    def maybe_drop(x, layer):
        return x if step is None else drop(x, variant["kind"], variant["rate"], step, layer)

    x = tf.nn.conv2d(x, weights["layers.0.kernel"], 1, "SAME") + weights["layers.0.bias"]
    x = tf.nn.max_pool2d(activation(x), 2, 2, "SAME")
    x = tf.nn.conv2d(x, weights["layers.2.kernel"], 1, "VALID") + weights["layers.2.bias"]
    x = maybe_drop(activation(x), 0)
    x = tf.reshape(x, [BATCH, -1])
    x = activation(x @ weights["layers.5.kernel"] + weights["layers.5.bias"])
    x = maybe_drop(x, 1)
    return x @ weights["layers.7.kernel"] + weights["layers.7.bias"]


def mean_loss(values, labels):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=values)
    return tf.reduce_mean(losses)


def minibatch(step, scaling):
    pixels = np.floor(256 * uniform([BATCH, PIXELS], [100, step]).numpy()) / 255.0
    if scaling == "standardized":
        pixels = (pixels - np.array(MEAN)) / np.array(STD)
    inputs = tf.constant(pixels.reshape([BATCH, *IMAGE]), tf.float32)
    labels = tf.cast(tf.floor(uniform([BATCH], [200, step]) * CLASSES), tf.int32)
    return inputs, labels


def train(variant):
    weights = {
        name: tf.Variable(uniform(shape, [300, index]) - 0.5)
        for index, (name, shape) in enumerate(SHAPES.items())
    }
    velocities = {name: tf.Variable(tf.zeros_like(weight)) for name, weight in weights.items()}
    steps = []
    for step in range(1, STEPS + 1):
        inputs, labels = minibatch(step, variant["input"])
        with tf.GradientTape() as tape:
            training_loss = mean_loss(logits(inputs, weights, variant, step), labels)
        gradients = tape.gradient(training_loss, weights)
        for name, weight in weights.items():
            velocities[name].assign(variant["momentum"] * velocities[name] + gradients[name])
            weight.assign_sub(LEARNING_RATE * velocities[name])
        values = logits(inputs, weights, variant)
        correct = tf.argmax(values, 1, tf.int32) == labels
        steps.append(
            {
                "trainingLoss": float(training_loss),
                "loss": float(mean_loss(values, labels)),
                "accuracy": float(tf.reduce_mean(tf.cast(correct, tf.float32))),
            }
        )

    def plain(tensors):
        return {name: [float(f"{v:.9g}") for v in tf.reshape(t, [-1]).numpy()] for name, t in tensors.items()}

    return {
        **variant,
        "steps": steps,
        "weights": plain(weights),
        "velocities": plain(velocities) if variant["momentum"] > 0 else {},
    }


json.dump(
    {
        "tensorflow": tf.__version__,
        "batch": BATCH,
        "classes": CLASSES,
        "image": IMAGE,
        "mean": MEAN,
        "std": STD,
        "shapes": SHAPES,
        "learningRate": LEARNING_RATE,
        "dropoutSeed": DROPOUT_SEED,
        "variants": {name: train(variant) for name, variant in VARIANTS.items()},
    },
    sys.stdout,
)
sys.stdout.write("\n")
