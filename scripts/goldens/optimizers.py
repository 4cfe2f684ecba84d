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
    settings = {names.get(name, name): value for name, value in case.items() if name not in ("kind", "weightDecay")}
    if case["kind"] == "adamW":
        settings["weight_decay"] = case["weightDecay"]
    return kinds[case["kind"]](**settings)


def numbers(tensor):
    return [float(f"{value:.9g}") for value in np.asarray(tensor).ravel()]


def train(case):
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
