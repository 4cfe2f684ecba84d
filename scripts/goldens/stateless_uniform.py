"""Goldens for test/random/uniform.test.ts, from TensorFlow's StatelessRandomUniform on one CPU.

Usage: python scripts/goldens/stateless_uniform.py > test/random/uniform.golden.json

Needs tensorflow.
"""

import hashlib
import json
import sys

import numpy as np
import tensorflow as tf

SEEDS = [
    [0, 0],
    [1, 0],
    [0, 1],
    [-1, -1],
    [123456789, 64],
    [-2147483648, 2147483647],
    [2147483647, -2147483648],
    [-987654321, 3265],
]
# More than TensorFlow gives one thread, and not a multiple of the four values of a block.
LARGE = {"seed": [42, -7], "size": 300_003, "positions": [0, 1, 65535, 65536, 299_999, 300_002]}


def draw(size, seed):
    return tf.raw_ops.StatelessRandomUniform(
        shape=[size], seed=tf.constant(seed, tf.int32), dtype=tf.float32
    ).numpy()


def small(seed, size):
    return {"seed": seed, "values": [float(v) for v in draw(size, seed)]}


large = draw(LARGE["size"], LARGE["seed"])
json.dump(
    {
        "tensorflow": tf.__version__,
        "small": [small(seed, 3 + index) for index, seed in enumerate(SEEDS)],
        "large": {
            **LARGE,
            "values": [float(large[p]) for p in LARGE["positions"]],
            "sha256": hashlib.sha256(large.astype("<f4").tobytes()).hexdigest(),
        },
    },
    sys.stdout,
)
sys.stdout.write("\n")
assert large.dtype == np.float32
