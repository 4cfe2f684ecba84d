"""Goldens for test/workers/layers.test.ts: outputs and gradients of single layers, from TensorFlow.

Usage: python scripts/goldens/layer_gradients.py > test/workers/layers.golden.json

Inputs, and the weights r of the scalar sum(r * output) that is differentiated, are drawn with
StatelessRandomUniform, which the test draws as well: the golden holds outputs and gradients alone.
Needs tensorflow.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
import tensorflow as tf

CONVOLUTIONS = [
    # x, filter, strides, padding
    ([2, 6, 6, 3], [3, 3, 3, 8], 1, "SAME"),
    ([2, 7, 5, 4], [3, 3, 4, 5], 1, "VALID"),
    ([1, 7, 7, 2], [5, 5, 2, 9], 1, "SAME"),
    ([2, 9, 8, 1], [5, 5, 1, 4], 2, "SAME"),
    ([2, 8, 9, 3], [3, 3, 3, 16], 2, "VALID"),
    ([1, 6, 6, 2], [2, 2, 2, 3], 1, "SAME"),
    ([1, 7, 6, 2], [4, 4, 2, 3], 3, "SAME"),
    ([1, 5, 5, 2], [1, 1, 2, 3], 2, "SAME"),
    ([3, 5, 5, 8], [5, 5, 8, 8], 1, "VALID"),
]
POOLS = [
    # x, window, strides, padding, values are rounded to so many parts: few, so that ties occur
    ([2, 6, 6, 4], 2, 2, "SAME", 3),
    ([2, 7, 5, 3], 2, 2, "SAME", 2),
    ([2, 7, 7, 6], 3, 2, "VALID", 2),
    ([1, 6, 6, 5], 3, 1, "SAME", 2),
    ([1, 5, 5, 1], 2, 1, "VALID", 1),
]
MATRICES = [([3, 5], [5, 4]), ([4, 600], [600, 3]), ([33, 12], [12, 17])]
ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": tf.nn.relu,
    "selu": tf.nn.selu,
    "elu": tf.nn.elu,
    "leakyRelu": lambda x: tf.nn.leaky_relu(x, alpha=0.2),
    "tanh": tf.nn.tanh,
    "sigmoid": tf.nn.sigmoid,
}


def draw(shape, seed):
    """Uniform in [-1, 1)."""
    uniform = tf.raw_ops.StatelessRandomUniform(
        shape=shape, seed=tf.constant([seed, 0]), dtype=tf.float32
    )
    return 2 * uniform - 1


def plain(tensor):
    return [float(f"{value:.9g}") for value in tf.reshape(tensor, [-1]).numpy()]


def differentiate(function, inputs, r_seed=3):
    with tf.GradientTape() as tape:
        for tensor in inputs:
            tape.watch(tensor)
        output = function(*inputs)
        loss = tf.reduce_sum(output * draw(output.shape, r_seed))
    gradients = tape.gradient(loss, inputs)
    return {
        "shape": output.shape.as_list(),
        "output": plain(output),
        "gradients": [plain(gradient) for gradient in gradients],
    }


def convolution(x, filter, strides, padding):
    case = differentiate(
        lambda a, b: tf.nn.conv2d(a, b, strides, padding), [draw(x, 1), draw(filter, 2)]
    )
    return {"x": x, "filter": filter, "strides": strides, "padding": padding.lower(), **case}


def pool(x, window, strides, padding, parts):
    values = tf.floor(draw(x, 1) * parts)
    case = differentiate(lambda a: tf.nn.max_pool2d(a, window, strides, padding), [values])
    options = {"window": window, "strides": strides, "padding": padding.lower(), "parts": parts}
    return {"x": x, **options, **case}


def matrices(a, b):
    return {"a": a, "b": b, **differentiate(tf.matmul, [draw(a, 1), draw(b, 2)])}


def activation(name):
    shape = [6, 10]
    function = ACTIVATIONS[name]
    # Half of the values are multiples of a half: some sums are 0, where slopes may jump.
    x = 3 * draw(shape, 1)
    halves = tf.range(shape[0]) % 2 == 0
    x = tf.where(halves[:, tf.newaxis], tf.floor(2 * x) / 2, x)
    inputs = [x, tf.floor(2 * draw(shape[-1:], 2)) / 2]
    return {"name": name, "x": shape, **differentiate(lambda x, b: function(x + b), inputs)}


def cross_entropy():
    logits = 8 * draw([5, 4], 1)
    labels = [0, 3, 1, 1, 2]
    with tf.GradientTape() as tape:
        tape.watch(logits)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        loss = tf.reduce_mean(losses)
    gradient = plain(tape.gradient(loss, logits))
    return {"labels": labels, "loss": float(loss), "gradient": gradient}


json.dump(
    {
        "tensorflow": tf.__version__,
        "convolutions": [convolution(*case) for case in CONVOLUTIONS],
        "pools": [pool(*case) for case in POOLS],
        "matrices": [matrices(*case) for case in MATRICES],
        "activations": [activation(name) for name in ACTIVATIONS],
        "crossEntropy": cross_entropy(),
    },
    sys.stdout,
)
sys.stdout.write("\n")
