"""A softmax regression in plain NumPy: a variant of a Lockstep comparison, see softmax-numpy.yaml."""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients", "python"))
import lockstep

trial = lockstep.start()
inputs = trial.hello["examples"]["inputs"]["shape"]
classes = trial.options.get("classes", 10)
weights = np.zeros([int(np.prod(inputs)), classes])
bias = np.zeros(classes)
if trial.resume:
    saved = np.load(os.path.join(trial.resume, "weights.npz"))
    weights, bias = saved["weights"], saved["bias"]


def forward(batch):
    x = batch.inputs.reshape(batch.count, -1)
    logits = x @ weights + bias
    logits -= logits.max(axis=1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return x, logs


@lockstep.on_evaluate
def evaluate(batch):
    _, logs = forward(batch)
    right = logs.argmax(axis=1) == batch.targets
    return {"loss": -logs[np.arange(batch.count), batch.targets].mean(), "accuracy": right.mean()}


@lockstep.on_save
def save(folder):
    np.savez(os.path.join(folder, "weights.npz"), weights=weights, bias=bias)


for step, batch in lockstep.minibatches(parameters=weights.size + bias.size):
    x, logs = forward(batch)
    gradient = np.exp(logs)
    gradient[np.arange(batch.count), batch.targets] -= 1
    weights -= batch.learning_rate * x.T @ gradient / batch.count
    bias -= batch.learning_rate * gradient.mean(axis=0)
    lockstep.log(**evaluate(batch))
