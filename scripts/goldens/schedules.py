"""Goldens for test/model/schedules.test.ts: the learning rate of each step, by Keras 3's schedules.

Usage: python scripts/goldens/schedules.py > test/model/schedules.golden.json

Keras counts steps from 0, so step 1 has what Keras calls `schedule(0)`. Needs keras and tensorflow.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
from keras.optimizers import schedules

STEPS = 40
RATE = 0.5
CASES = [
    ({"kind": "linear", "end": 0, "warmup": 0}, schedules.PolynomialDecay(RATE, STEPS, 0.0)),
    ({"kind": "linear", "end": 0.2, "steps": 25, "warmup": 0}, schedules.PolynomialDecay(RATE, 25, 0.2 * RATE)),
    ({"kind": "cosine", "end": 0, "warmup": 0}, schedules.CosineDecay(RATE, STEPS)),
    ({"kind": "cosine", "end": 0.1, "steps": 25, "warmup": 0}, schedules.CosineDecay(RATE, 25, alpha=0.1)),
    (
        {"kind": "cosine", "end": 0.1, "warmup": 8},
        schedules.CosineDecay(0.0, STEPS - 8, alpha=0.1, warmup_target=RATE, warmup_steps=8),
    ),
    (
        {"kind": "cosine", "end": 0, "steps": 20, "warmup": 5},
        schedules.CosineDecay(0.0, 20, warmup_target=RATE, warmup_steps=5),
    ),
    ({"kind": "exponential", "factor": 0.5, "every": 10, "warmup": 0}, schedules.ExponentialDecay(RATE, 10, 0.5)),
    ({"kind": "step", "factor": 0.5, "every": 10, "warmup": 0}, schedules.ExponentialDecay(RATE, 10, 0.5, staircase=True)),
    # A boundary is the last step, counted from 0, that has the value before it.
    (
        {"kind": "step", "factor": 0.1, "at": [10, 30], "warmup": 0},
        schedules.PiecewiseConstantDecay([9, 29], [RATE, 0.1 * RATE, 0.01 * RATE]),
    ),
]

document = {
    "keras": keras.__version__,
    "steps": STEPS,
    "learningRate": RATE,
    "cases": [
        {"schedule": spec, "rates": [float(f"{float(schedule(step)):.9g}") for step in range(STEPS)]}
        for spec, schedule in CASES
    ],
}
json.dump(document, sys.stdout)
sys.stdout.write("\n")
