"""Goldens for test/workers/model/optimizer.test.ts: parameters after each step, by Keras 3's optimizers.

Usage: python scripts/goldens/optimizers.py > test/workers/model/optimizer.golden.json

Settings have Lockstep's names; `keras_optimizer` says what they are in Keras. An L2 penalty, which Keras has
per layer and not in its optimizers, is part of the loss whose gradient is taken. Needs keras and tensorflow.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf

from keras_schedules import keras_schedule

STEPS = 8
SHAPES = {"kernel": [3, 4], "bias": [5]}
CASES = [
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.0},
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9},
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9, "nesterov": True},
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.05},
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9, "nesterov": True, "weightDecay": 0.05},
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.5, "clipNorm": 0.7},
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.0, "clipValue": 0.2},
    {"kind": "adam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7},
    {"kind": "adam", "learningRate": 0.01, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3, "clipNorm": 0.7},
    {"kind": "adam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "weightDecay": 0.05},
    {"kind": "adamW", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "weightDecay": 0.004},
    {"kind": "adamW", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "weightDecay": 0.5, "clipValue": 0.2},
    {"kind": "rmsprop", "learningRate": 0.01, "rho": 0.9, "momentum": 0.0, "centered": False, "epsilon": 1e-7},
    {"kind": "rmsprop", "learningRate": 0.01, "rho": 0.8, "momentum": 0.9, "centered": False, "epsilon": 1e-7},
    {"kind": "rmsprop", "learningRate": 0.01, "rho": 0.8, "momentum": 0.0, "centered": True, "epsilon": 1e-3},
    {"kind": "rmsprop", "learningRate": 0.01, "rho": 0.9, "momentum": 0.5, "centered": True, "epsilon": 1e-7, "clipNorm": 0.7},
    {"kind": "rmsprop", "learningRate": 0.01, "rho": 0.9, "momentum": 0.0, "centered": False, "epsilon": 1e-7, "weightDecay": 0.05},
    {"kind": "rmsprop", "learningRate": 0.01, "rho": 0.9, "momentum": 0.5, "centered": False, "epsilon": 1e-7, "clipValue": 0.2},
    {"kind": "adam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "clipValue": 0.2},
    {"kind": "adamW", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "weightDecay": 0.5, "clipNorm": 0.7},
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9, "schedule": {"kind": "cosine", "end": 0.1, "warmup": 3}},
    {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9, "nesterov": True, "schedule": {"kind": "step", "factor": 0.5, "at": [2, 4], "warmup": 2}},
    {"kind": "adam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "schedule": {"kind": "linear", "end": 0.2, "warmup": 2}},
    {"kind": "adamW", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "weightDecay": 0.5, "schedule": {"kind": "cosine", "end": 0, "warmup": 2}},
    {"kind": "rmsprop", "learningRate": 0.01, "rho": 0.9, "momentum": 0.5, "centered": True, "epsilon": 1e-7, "schedule": {"kind": "exponential", "factor": 0.5, "every": 3, "warmup": 1}},
    {"kind": "rmsprop", "learningRate": 0.01, "rho": 0.9, "momentum": 0.0, "centered": False, "epsilon": 1e-7, "schedule": {"kind": "constant", "warmup": 4}},
]

random = np.random.default_rng(18)
# Of different sizes; some components are 0, as after ReLU.
GRADIENTS = [
    {
        name: np.where(random.random(shape) < 0.25, 0, random.normal(size=shape) * 10.0 ** -(step % 3)).astype(np.float32)
        for name, shape in SHAPES.items()
    }
    for step in range(STEPS)
]
START = {name: random.normal(size=shape).astype(np.float32) for name, shape in SHAPES.items()}


def keras_optimizer(case):
    names = {"learningRate": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "clipNorm": "global_clipnorm", "clipValue": "clipvalue"}
    kinds = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam, "adamW": keras.optimizers.AdamW, "rmsprop": keras.optimizers.RMSprop}
    own = ("kind", "weightDecay", "schedule")
    settings = {names.get(name, name): value for name, value in case.items() if name not in own}
    if "schedule" in case:
        settings["learning_rate"] = keras_schedule(case["schedule"], case["learningRate"], STEPS)
    if case["kind"] == "adamW":
        settings["weight_decay"] = case["weightDecay"]
    return kinds[case["kind"]](**settings)


def numbers(tensor):
    return [float(f"{value:.9g}") for value in np.asarray(tensor).ravel()]


def train_by_velocity(case):
    """Lockstep's SGD, like PyTorch's, keeps learning rates out of its velocity, and Keras's has them in it.

    They differ where a schedule changes the rate. Then each step is Keras's at rate 1, times the step's rate.
    """
    schedule = keras_schedule(case["schedule"], case["learningRate"], STEPS)
    optimizer = keras_optimizer({key: value for key, value in case.items() if key != "schedule"} | {"learningRate": 1.0})
    moved = {name: keras.Variable(np.zeros_like(value), name=name) for name, value in START.items()}
    values, steps = {name: value.astype(np.float64) for name, value in START.items()}, []
    for step, gradients in enumerate(GRADIENTS):
        before = {name: np.array(variable) for name, variable in moved.items()}
        optimizer.apply([tf.constant(gradients[name]) for name in moved], list(moved.values()))
        for name, variable in moved.items():
            values[name] = values[name] + float(schedule(step)) * (np.array(variable) - before[name])
        steps.append({name: numbers(value) for name, value in values.items()})
    return {"spec": case, "steps": steps}


def train(case):
    if case["kind"] == "sgd" and "schedule" in case:
        return train_by_velocity(case)
    optimizer = keras_optimizer(case)
    variables = {name: keras.Variable(value, name=name) for name, value in START.items()}
    l2 = 0 if case["kind"] == "adamW" else case.get("weightDecay", 0)
    steps = []
    for gradients in GRADIENTS:
        values = [variable.value for variable in variables.values()]
        with tf.GradientTape() as tape:
            loss = sum(tf.reduce_sum(gradients[name] * value) for name, value in zip(variables, values))
            loss += l2 / 2 * sum(tf.reduce_sum(value**2) for value in values)
        optimizer.apply(tape.gradient(loss, values), list(variables.values()))
        steps.append({name: numbers(variable) for name, variable in variables.items()})
    return {"spec": case, "steps": steps}


def named(tensors):
    return {name: numbers(value) for name, value in tensors.items()}


document = {
    "keras": keras.__version__,
    "shapes": SHAPES,
    "start": named(START),
    "gradients": [named(gradients) for gradients in GRADIENTS],
    "cases": [train(case) for case in CASES],
}
json.dump(document, sys.stdout)
sys.stdout.write("\n")
