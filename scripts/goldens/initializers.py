"""Goldens for test/workers/model/draw-weights.test.ts: weights by docs/replay.md, orthogonal ones by Keras.

Usage: python scripts/goldens/initializers.py > test/workers/model/draw-weights.golden.json

Keras computes the orthogonal weights from our normal numbers, which take the place of its own.
Needs numpy, safetensors, xxhash and tensorflow (tensorflow-cpu will do).
"""

import json
import math
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np

sys.path.append(str(Path(__file__).parent.parent / "parity"))
from philox import normal, words
from replay_streams import draw_kernel

SEED = 5


def our_normal(shape, *_, **__):
    count = math.prod(shape)
    drawn = normal(words(-(-count // 4) * 4, 0, [0, 0], [SEED, 0]))[:count]
    return keras.ops.convert_to_tensor(drawn.reshape(shape))


keras.src.initializers.random_initializers.random.normal = our_normal


def orthogonal(shape, gain):
    weights = np.array(keras.initializers.Orthogonal(gain=gain, seed=1)(shape, dtype="float64"))
    return {"shape": shape, "gain": gain, "weights": weights.ravel().tolist()}


shapes = [([5, 5], 1), ([9, 4], 1), ([4, 9], 1.4), ([3, 2, 3, 7], 1), ([1, 6], 1), ([6, 1], 1)]
print(
    json.dumps(
        {
            "orthogonal": [orthogonal(*one) for one in shapes],
            "truncatedNormal": {
                "stddev": 0.02,
                "weights": draw_kernel({"kind": "truncatedNormal", "stddev": 0.02}, (1, 399), SEED, 0).ravel().tolist(),
            },
        }
    )
)
