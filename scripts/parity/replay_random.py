"""Replays random configurations in TensorFlow for Python: losses of every step, weights at the end, all scores.

Usage: python scripts/parity/replay_random.py FOLDER

FOLDER is what scripts/random-configs.ts wrote. This program shares no code with Lockstep: it takes the
weights of step 0 and the positions of each minibatch, and does everything else itself: augmentation and
scaling in NumPy, and in TensorFlow dropout, gradients, clipping, decay, schedules, updates and moving means,
in float32 on the CPU. It exits with 1 where

- a loss deviates by more than 2e-4, relative to 1 or to the loss, whichever is larger;
- a tensor of weights deviates by more than 1e-5 of its largest, or of 0.1 where all are smaller;
- a score of the whole test split deviates by more than 1e-6, relative to 1 or to the score, whichever is larger,
  from scikit-learn's of the same outputs, or a class's share in it does.

Where a loss or a weight does, it replays in float64, too, and counts as rounding what is no farther from it than
four times what rounding does to TensorFlow: its own float32, or float64 with the outputs of all layers rounded at
random as float32 would, in four tries. Equal maxima of a pool, and signs of what is nearly 0, are decided so.

Needs numpy, safetensors, scikit-learn and tensorflow (tensorflow-cpu will do).
"""

import argparse
import json
import math
import os
import sys
from collections import Counter
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf
from safetensors.numpy import load_file
from sklearn.utils.class_weight import compute_class_weight

from inputs import Inputs
from scores import scores_of

LOSS_LIMIT, WEIGHT_LIMIT, SCORE_LIMIT = 2e-4, 1e-5, 1e-6

ALPHA_PRIME = -1.7580993408473766
STREAMS_A_STEP = 64
ACTIVATIONS = {
    "linear": lambda x, _: x,
    "relu": lambda x, _: tf.nn.relu(x),
    "selu": lambda x, _: tf.nn.selu(x),
    "elu": lambda x, _: tf.nn.elu(x),
    "leakyRelu": lambda x, spec: tf.nn.leaky_relu(x, spec["slope"]),
    "tanh": lambda x, _: tf.nn.tanh(x),
    "sigmoid": lambda x, _: tf.nn.sigmoid(x),
    "softplus": lambda x, _: tf.nn.softplus(x),
    "gelu": lambda x, _: tf.nn.gelu(x, approximate=False),
    "silu": lambda x, _: tf.nn.silu(x),
}


def int32(value):
    return (value + 2**31) % 2**32 - 2**31


def activate(x, spec):
    return ACTIVATIONS[spec["kind"]](x, spec)


def convolve(x, kernel, strides, padding):
    """TensorFlow's gradient writes beyond its memory where strides are longer than the kernel: it gets zeros."""
    paddings, longer = [[0, 0]], []
    for axis, (length, stride) in enumerate(zip(kernel.shape[:2], strides), 1):
        size = x.shape[axis]
        missing = max((-(-size // stride) - 1) * stride + length - size, 0) if padding == "same" else 0
        longer.append([0, max(0, stride - length)])
        paddings.append([missing // 2, missing - missing // 2 + longer[-1][1]])
    x = tf.pad(x, [*paddings, [0, 0]])
    return tf.nn.conv2d(x, tf.pad(kernel, [*longer, [0, 0], [0, 0]]), strides, "VALID")


class Network:
    def __init__(self, layers, tensors, dtype, dropout_seed, rounding):
        self.layers, self.dropout_seed, self.rounding = layers, dropout_seed, rounding
        self.tensors = {name: tf.Variable(value.astype(dtype)) for name, value in tensors.items()}
        moving = ("movingMean", "movingVariance")
        self.trainable = [name for name in self.tensors if not name.endswith(moving)]

    def forward(self, x, step=None):
        """Outputs, and the moving means after a training step; without a step, in inference."""
        self.training, self.step, self.drops, self.moved = step is not None, step, 0, {}
        return self.through(x, self.layers, "")

    def through(self, x, layers, before):
        for index, layer in enumerate(layers):
            kind, name = getattr(self, layer["kind"], None), f"{before}layers.{index}"
            if kind is None:
                raise SystemExit(f"{name}: {layer['kind']} is not among those this program knows")
            own = {
                key.removeprefix(f"{name}."): tensor
                for key, tensor in self.tensors.items()
                if key.startswith(f"{name}.")
            }
            x = kind(x, layer, own, name)
            if self.rounding is not None:
                x = x * (1 + self.rounding.uniform(-(2**-24), 2**-24, x.shape))
        return x

    def residual(self, x, layer, own, name):
        added, kernel = self.through(x, layer["layers"], f"{name}."), own.get("projection.kernel")
        if kernel is None:
            return x + added
        if len(x.shape) == 2:
            return x @ kernel + added
        strides = [math.ceil(x.shape[axis] / added.shape[axis]) for axis in (1, 2)]
        return convolve(x, kernel, strides, "same") + added

    def conv2d(self, x, layer, own, _name):
        (down, across), kernel = layer["dilation"], own["kernel"]
        height, width, inputs, outputs = kernel.shape
        # TensorFlow has no gradient of dilated kernels on CPUs; this is the same kernel with its gaps.
        spread = tf.reshape(kernel, [height, 1, width, 1, inputs, outputs])
        spread = tf.pad(spread, [[0, 0], [0, down - 1], [0, 0], [0, across - 1], [0, 0], [0, 0]])
        spread = tf.reshape(spread, [height * down, width * across, inputs, outputs])
        spread = spread[: (height - 1) * down + 1, : (width - 1) * across + 1]
        parts = zip(tf.split(x, layer["groups"], 3), tf.split(spread, layer["groups"], 3))
        x = tf.concat([convolve(*part, layer["strides"], layer["padding"]) for part in parts], 3)
        return activate(x + own["bias"] if layer["bias"] else x, layer["activation"])

    def dense(self, x, layer, own, _name):
        x = x @ own["kernel"]
        return activate(x + own["bias"] if layer["bias"] else x, layer["activation"])

    def activation(self, x, layer, _own, _name):
        return activate(x, layer["activation"])

    def maxPool(self, x, layer, _own, _name):
        return tf.nn.max_pool2d(x, layer["poolSize"], layer["strides"], layer["padding"].upper())

    def avgPool(self, x, layer, _own, _name):
        return tf.nn.avg_pool2d(x, layer["poolSize"], layer["strides"], layer["padding"].upper())

    def globalAvgPool(self, x, _layer, _own, _name):
        return tf.reduce_mean(x, [1, 2])

    def flatten(self, x, _layer, _own, _name):
        return tf.reshape(x, [x.shape[0], -1])

    def batchNorm(self, x, layer, own, name):
        mean, variance = own["movingMean"], own["movingVariance"]
        if self.training:
            mean, variance = tf.nn.moments(x, list(range(len(x.shape) - 1)))
            for key, value in (("movingMean", mean), ("movingVariance", variance)):
                moved = layer["momentum"] * own[key] + (1 - layer["momentum"]) * value
                self.moved[f"{name}.{key}"] = moved
        return own["gamma"] * (x - mean) / tf.sqrt(variance + layer["epsilon"]) + own["beta"]

    def layerNorm(self, x, layer, own, _name):
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        return own["gamma"] * (x - mean) / tf.sqrt(variance + layer["epsilon"]) + own["beta"]

    def dropout(self, x, layer, _own, _name):
        seed = [self.dropout_seed, int32(STREAMS_A_STEP * (self.step or 0) + self.drops)]
        self.drops += 1
        if not self.training or layer["rate"] == 0:
            return x
        keep = 1 - layer["rate"]
        spatial = layer["method"] == "spatial"
        shape = [x.shape[0], *[1 for _ in x.shape[1:-1]], x.shape[-1]] if spatial else x.shape
        uniform = tf.raw_ops.StatelessRandomUniform(shape=shape, seed=seed, dtype=tf.float32)
        kept = tf.broadcast_to(uniform < tf.constant(keep, tf.float32), x.shape)
        if layer["method"] != "alpha":
            return tf.where(kept, x / keep, tf.zeros_like(x))
        a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
        b = -a * (1 - keep) * ALPHA_PRIME
        return a * tf.where(kept, x, tf.fill(x.shape, tf.constant(ALPHA_PRIME, x.dtype))) + b


def objective(outputs, targets, spec):
    kind = spec["kind"]
    if kind == "softmaxCrossEntropy":
        smoothing, classes = spec.get("labelSmoothing", 0), outputs.shape[1]
        wanted = (1 - smoothing) * tf.one_hot(targets, classes, dtype=outputs.dtype) + smoothing / classes
        losses = tf.nn.softmax_cross_entropy_with_logits(wanted, outputs)
        weights = spec.get("classWeights")
        return tf.reduce_mean(losses if weights is None else losses * np.array(weights)[targets])
    targets = tf.constant(targets, outputs.dtype)
    error = outputs - targets
    if kind == "sigmoidCrossEntropy":
        smoothing = spec.get("labelSmoothing", 0)
        wanted = targets * (1 - smoothing) + smoothing / 2
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(wanted, outputs))
    if kind == "meanSquaredError":
        return tf.reduce_mean(error**2)
    if kind == "meanAbsoluteError":
        return tf.reduce_mean(abs(error))
    size, delta = abs(error), spec["delta"]
    return tf.reduce_mean(tf.where(size <= delta, error**2 / 2, delta * (size - delta / 2)))


def rate(spec, step, steps):
    schedule = spec.get("schedule")
    if schedule is None:
        return spec["learningRate"]
    warmup, kind = schedule["warmup"], schedule["kind"]
    t = step - 1 - warmup
    if t < 0:
        return spec["learningRate"] * (step - 1) / warmup
    progress = min(1, t / (schedule.get("steps") or max(1, steps - warmup)))
    if kind == "constant":
        factor = 1
    elif kind == "linear":
        factor = schedule["end"] + (1 - schedule["end"]) * (1 - progress)
    elif kind == "cosine":
        factor = schedule["end"] + (1 - schedule["end"]) * (1 + math.cos(math.pi * progress)) / 2
    elif kind == "exponential":
        factor = schedule["factor"] ** (t / schedule["every"])
    else:
        times = t // schedule["every"] if "every" in schedule else sum(at <= t for at in schedule["at"])
        factor = schedule["factor"] ** times
    return spec["learningRate"] * factor


class Optimizer:
    def __init__(self, spec):
        self.spec, self.slots = spec, {}

    def slot(self, name, role, like):
        key = (name, role)
        if key not in self.slots:
            self.slots[key] = tf.Variable(tf.zeros_like(like))
        return self.slots[key]

    def update(self, variables, gradients, step, learning_rate):
        spec = self.spec
        if spec.get("clipValue"):
            gradients = [tf.clip_by_value(g, -spec["clipValue"], spec["clipValue"]) for g in gradients]
        if spec.get("clipNorm"):
            gradients, _ = tf.clip_by_global_norm(gradients, spec["clipNorm"])
        decay = spec.get("weightDecay", 0)
        for (name, w), g in zip(variables, gradients):
            if spec["kind"] == "adamW":
                w.assign_sub(learning_rate * decay * w)
            else:
                g = g + decay * w
            slot = lambda role: self.slot(name, role, w)
            w.assign_sub(getattr(self, spec["kind"])(g, slot, step, learning_rate))

    def sgd(self, g, slot, _step, learning_rate):
        momentum = self.spec["momentum"]
        if momentum == 0:
            return learning_rate * g
        v = slot("v")
        v.assign(momentum * v + g)
        return learning_rate * (g + momentum * v if self.spec.get("nesterov") else v)

    def adam(self, g, slot, step, learning_rate):
        beta1, beta2 = self.spec["beta1"], self.spec["beta2"]
        m, v = slot("m"), slot("v")
        m.assign(beta1 * m + (1 - beta1) * g)
        v.assign(beta2 * v + (1 - beta2) * g**2)
        corrected = learning_rate * math.sqrt(1 - beta2**step) / (1 - beta1**step)
        return corrected * m / (tf.sqrt(v) + self.spec["epsilon"])

    adamW = adam

    def rmsprop(self, g, slot, _step, learning_rate):
        rho, square = self.spec["rho"], slot("square")
        square.assign(rho * square + (1 - rho) * g**2)
        spread = square
        if self.spec["centered"]:
            mean = slot("mean")
            mean.assign(rho * mean + (1 - rho) * g)
            spread = tf.maximum(square - mean**2, 0)
        increment = learning_rate * g / tf.sqrt(spread + self.spec["epsilon"])
        if self.spec["momentum"] == 0:
            return increment
        v = slot("v")
        v.assign(self.spec["momentum"] * v + increment)
        return v


def seed_of(stream, name):
    return stream[name] if isinstance(stream, dict) else stream


def replay(case, variant, tensors, images, targets, dtype, rounding=None):
    """The loss of every step after its update, and the weights at the end.

    `rounding` is a generator of what the outputs of layers are rounded by, at random.
    """
    name, config = variant["name"], case["config"]
    first = config["data"]["validationSize"]
    entries = config["training"].get("augmentation") or []
    seed = seed_of(case["streams"].get("augmentation"), name)
    inputs = Inputs(images[first:], variant["input"], entries, seed)
    dropout_seed = seed_of(case["streams"]["dropout"], name)
    network = Network(variant["layers"], tensors, dtype, dropout_seed, rounding)
    optimizer, losses = Optimizer(variant["optimizer"]), []
    variables = [(key, network.tensors[key]) for key in network.trainable]
    for step, indices in enumerate(case["indices"], 1):
        x = inputs.of(indices, step).astype(dtype)
        y = targets[first:][indices]
        learning_rate = rate(variant["optimizer"], step, len(case["indices"]))
        parts = variant["updatesPerStep"]
        for part, (of_x, of_y) in enumerate(zip(np.split(x, parts), np.split(y, parts))):
            number = (step - 1) * parts + part + 1
            with tf.GradientTape() as tape:
                loss = objective(network.forward(tf.constant(of_x), number), of_y, variant["objective"])
            moved = network.moved
            gradients = tape.gradient(loss, [variable for _, variable in variables], unconnected_gradients="zero")
            optimizer.update(variables, gradients, number, learning_rate)
            for key, value in moved.items():
                network.tensors[key].assign(value)
        losses.append(float(objective(network.forward(tf.constant(x)), y, variant["objective"])))
    return losses, {key: tensor.numpy() for key, tensor in network.tensors.items()}


def deviation(losses, expected):
    """The largest, relative to the loss or to 1, whichever is larger."""
    each = [abs(a - b) / max(1, abs(b)) for a, b in zip(losses, expected, strict=True)]
    return max(value if math.isfinite(value) else math.inf for value in each)


def targets_of(data, objective, outputs):
    if objective == "softmaxCrossEntropy":
        return np.array(data["classes"]) % outputs
    key = "labels" if objective == "sigmoidCrossEntropy" else "numbers"
    return np.array(data[key], np.float32).reshape(len(data["classes"]), -1)[:, :outputs]


def score_deviations(evaluated, targets, outputs, spec):
    """Each metric's name and its deviation, and those of the values that it averages."""
    scores, per_class = scores_of(targets, outputs, spec)
    per_class = {f"{metric} of a class": values for metric, values in per_class.items()}
    ours = {f"{metric} of a class": values for metric, values in (evaluated.get("perClass") or {}).items()}
    for expected, got in ((scores, evaluated["scores"]), (per_class, ours)):
        if expected.keys() != got.keys():
            raise SystemExit(f"expected the scores {sorted(expected)}, got {sorted(got)}")
        for metric, value in expected.items():
            # JSON has null for a class without a value.
            pair = np.array([value, got[metric]], np.float64).reshape(2, -1)
            same = np.isnan(pair[0]) & np.isnan(pair[1])
            each = np.where(same, 0, abs(pair[0] - pair[1]) / np.maximum(1, abs(pair[0])))
            yield metric, math.inf if np.isnan(each).any() else float(each.max())


def weight_deviation(weights, expected):
    """The largest of a tensor's, relative to its largest weight."""
    each = [np.abs(weights[key] - value).max() / max(0.1, np.abs(value).max()) for key, value in expected.items()]
    return float(max(value if math.isfinite(value) else math.inf for value in each))


def deviations(ours, theirs):
    """Of losses and weights."""
    return {"loss": deviation(ours[0], theirs[0]), "weights": weight_deviation(ours[1], theirs[1])}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(1)

    data = json.loads((options.folder / "data.json").read_text())
    images = np.array(data["images"], np.uint8).reshape(-1, *data["shape"])
    worst, failed, rounding, diverged, networks, kinds = Counter(), [], [], [], 0, Counter()
    for folder in sorted(path.parent for path in options.folder.glob("*/case.json")):
        case = json.loads((folder / "case.json").read_text())
        kinds.update(entry["kind"] for entry in case["config"]["training"].get("augmentation") or [])
        for variant in case["variants"]:
            name, spec = variant["name"], variant["objective"]
            networks += 1
            kinds.update({layer["kind"] for layer in variant["layers"]})
            kinds.update([variant["optimizer"]["kind"], spec["kind"], variant["input"]])
            kinds.update([variant["optimizer"].get("schedule", {}).get("kind", "no schedule")])
            if variant["updatesPerStep"] > 1:
                kinds.update(["several updates a step"])
            saved = load_file(folder / f"{name}.initial.safetensors")
            tensors = {key: value for key, value in saved.items() if key.startswith("layers.")}
            targets = targets_of(data, spec["kind"], len(case["evaluations"][name]["outputs"]) // len(images))
            rest = (case, variant, tensors, images, targets)
            if spec.get("classWeights") == "balanced":
                classes = targets[case["config"]["data"]["validationSize"] :]
                spec["classWeights"] = compute_class_weight("balanced", classes=np.unique(classes), y=classes)
            theirs = replay(*rest, np.float32)
            ours = case["losses"][name], load_file(folder / f"{name}.final.safetensors")
            if None in ours[0]:
                # Not finite. TensorFlow's must not be either, at most a step sooner or later.
                diverged.append(f"{folder.name} {name}")
                first = ours[0].index(None)
                if all(map(math.isfinite, theirs[0][: first + 2])) or not math.isfinite(sum(theirs[0][: first - 1])):
                    failed.append(f"{folder.name} {name}: diverges at step {first + 1}, TensorFlow has {theirs[0]}")
                continue
            evaluated = case["evaluations"][name]
            outputs = np.array(evaluated["outputs"], np.float32).reshape(len(images), -1)
            for metric, difference in score_deviations(evaluated, targets, outputs, spec):
                worst[metric] = max(worst[metric], difference)
                if not difference <= SCORE_LIMIT:
                    failed.append(f"{folder.name} {name}: {metric} by {difference:.1e}")
            differences = deviations(ours, theirs)
            exact = None
            for what, limit in (("loss", LOSS_LIMIT), ("weights", WEIGHT_LIMIT)):
                difference = differences[what]
                if difference <= limit:
                    worst[f"step {what}"] = max(worst[f"step {what}"], difference)
                    continue
                if exact is None:
                    exact = replay(*rest, np.float64)
                    rounded = [replay(*rest, np.float64, np.random.default_rng(seed)) for seed in range(4)]
                of_tensorflow = max(deviations(one, exact)[what] for one in [theirs, *rounded])
                of_lockstep = deviations(ours, exact)[what]
                text = (
                    f"{folder.name} {name}: {what} by {difference:.1e}, "
                    f"from float64 {of_lockstep:.1e}, rounding {of_tensorflow:.1e}"
                )
                (rounding if of_lockstep <= max(limit, 4 * of_tensorflow) else failed).append(text)
    print(
        f"{networks} networks: losses of steps deviate by at most {worst.pop('step loss', 0):.1e}, "
        f"weights by {worst.pop('step weights', 0):.1e} of a tensor's largest"
    )
    print(f"scores: {', '.join(f'{metric} {value:.1e}' for metric, value in sorted(worst.items()))}")
    print(f"of them: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}")
    for title, lines in (
        ("diverges in TensorFlow, too", diverged),
        ("beyond the limit by rounding", rounding),
        ("DIFFERS", failed),
    ):
        for line in lines:
            print(f"{title}: {line}")
    return 1 if failed or networks == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
