"""Goldens for test/model/schedules.test.ts: the learning rate of each step, by Keras 3's schedules.

Usage: python scripts/goldens/schedules.py > test/model/schedules.golden.json

Needs keras and tensorflow.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras

from keras_schedules import keras_schedule

STEPS = 40
RATE = 0.5
CASES = [
    {"kind": "constant", "warmup": 0},
    {"kind": "constant", "warmup": 7},
    {"kind": "linear", "end": 0, "warmup": 0},
    {"kind": "linear", "end": 0.2, "steps": 25, "warmup": 0},
    {"kind": "linear", "end": 0.1, "warmup": 8},
    {"kind": "linear", "end": 0, "steps": 20, "warmup": 5},
    {"kind": "cosine", "end": 0, "warmup": 0},
    {"kind": "cosine", "end": 0.1, "steps": 25, "warmup": 0},
    {"kind": "cosine", "end": 0.1, "warmup": 8},
    {"kind": "cosine", "end": 0, "steps": 20, "warmup": 5},
    {"kind": "exponential", "factor": 0.5, "every": 10, "warmup": 0},
    {"kind": "exponential", "factor": 0.5, "every": 10, "warmup": 6},
    {"kind": "step", "factor": 0.5, "every": 10, "warmup": 0},
    {"kind": "step", "factor": 0.5, "every": 10, "warmup": 6},
    {"kind": "step", "factor": 0.1, "at": [10, 30], "warmup": 0},
    {"kind": "step", "factor": 0.1, "at": [10, 25], "warmup": 6},
]


def rates(spec):
    schedule = keras_schedule(spec, RATE, STEPS)
    return [float(f"{float(schedule(step)):.9g}") for step in range(STEPS)]


document = {
    "keras": keras.__version__,
    "steps": STEPS,
    "learningRate": RATE,
    "cases": [{"schedule": spec, "rates": rates(spec)} for spec in CASES],
}
json.dump(document, sys.stdout)
sys.stdout.write("\n")
