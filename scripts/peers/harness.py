"""Times the paired step of a network in another framework.

Usage: python harness.py FRAMEWORK MODE ARRANGEMENT --network FILE [--steps N] [--warm-up N] [--cores N] [--data FOLDER]

FRAMEWORK MODE is one of `tensorflow function`, `tensorflow xla`, `pytorch eager`, `pytorch compile`,
`jax jit`. FILE is what scripts/bench-peers.ts writes of Lockstep's own configuration: batch size, learning rate, and
of each variant its input, init and layers. A paired step takes a minibatch from memory, scales it for each variant,
trains both variants on it (SGD) and evaluates loss and accuracy of both on it, which is what `lockstep run` does.

ARRANGEMENT `in-turn` trains one variant after the other in one process with all cores; `together` trains
each variant in a process of its own with its share of the cores, all at the same time.
`--device gpu` ends with an error where the framework sees no GPU.

Prints one line of JSON: milliseconds a paired step, seconds from the start to the end of the process with
these steps, and the last losses (to see that it trained).
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import time

BEGAN = time.perf_counter()

import numpy as np

VALIDATION = 5000
"""The first images are the validation split."""


def read_images(folder):
    def read(name, header):
        for path, opener in ((f"{folder}/{name}", open), (f"{folder}/{name}.gz", gzip.open)):
            try:
                with opener(path, "rb") as file:
                    return np.frombuffer(file.read(), np.uint8, offset=header)
            except FileNotFoundError:
                continue
        raise SystemExit(f"expected the file {name} in {folder}")

    if os.path.exists(f"{folder}/x_train.npy"):
        images, labels = (np.load(f"{folder}/{letter}_train.npy") for letter in "xy")
    else:
        images = read("train-images-idx3-ubyte", 16).reshape(-1, 28, 28, 1)
        labels = read("train-labels-idx1-ubyte", 8)
    return images[VALIDATION:], labels[VALIDATION:].astype(np.int32)


class Minibatches:
    """Minibatches in a random order, scaled as the variant wants them."""

    def __init__(self, folder, batch, variant):
        self.images, self.labels = read_images(folder)
        self.batch = batch
        self.order = np.random.default_rng(1).permutation(len(self.images))
        self.mean, self.scale = np.float32(0), np.float32(1)
        if variant["input"] == "standardized":
            pixels = self.images.astype(np.float32) / np.float32(255)
            deviation = pixels.std(0, dtype=np.float64)
            self.mean = pixels.mean(0, dtype=np.float64).astype(np.float32)
            self.scale = (1 / np.where(deviation == 0, 1, deviation)).astype(np.float32)

    @property
    def shape(self):
        return self.images.shape[1:]

    def take(self, step):
        start = step * self.batch % (len(self.order) - self.batch)
        indices = self.order[start : start + self.batch]
        pixels = self.images[indices].astype(np.float32) / np.float32(255)
        return (pixels - self.mean) * self.scale, self.labels[indices]


def load(framework):
    if framework == "tensorflow":
        import peer_tensorflow as peer
    elif framework == "pytorch":
        import peer_pytorch as peer
    else:
        import peer_jax as peer
    return peer


def read_network(options):
    with open(options.network, encoding="utf-8") as file:
        return json.load(file)


def train(options, wait=lambda: None):
    """Milliseconds a step of the variants, one after the other, and their last losses."""
    peer = load(options.framework)
    network = read_network(options)
    names = list(network["variants"])
    peer.configure(options.cores, names.index(options.variant) if options.variant else 0, options.device)
    chosen = [network["variants"][name] for name in ([options.variant] if options.variant else names)]
    data = [Minibatches(options.data, network["batch"], variant) for variant in chosen]
    rate = network["learningRate"]
    steps = [peer.build(variant, rate, batches.shape, options.mode) for variant, batches in zip(chosen, data)]
    losses = []
    for step in range(options.warm_up + options.steps):
        if step == options.warm_up:
            wait()
            start = time.perf_counter()
        losses = [train_step(*batches.take(step))[0] for train_step, batches in zip(steps, data)]
    return (time.perf_counter() - start) * 1000 / options.steps, losses


def ready_and_wait():
    print("ready", flush=True)
    sys.stdin.readline()


def together(options):
    names = list(read_network(options)["variants"])
    cores = max(1, options.cores // len(names))
    command = [sys.executable, __file__, options.framework, options.mode, "in-turn", "--cores", str(cores)]
    command += ["--steps", str(options.steps), "--warm-up", str(options.warm_up), "--data", options.data]
    command += ["--network", options.network, "--device", options.device]
    children = [
        subprocess.Popen([*command, "--variant", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in names
    ]
    for child in children:
        if child.stdout.readline() != "ready\n":
            raise SystemExit("a peer's process ended before it was ready")
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    results = [json.loads(child.communicate()[0]) for child in children]
    return max(result["msPerStep"] for result in results), [loss for result in results for loss in result["losses"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("framework", choices=["tensorflow", "pytorch", "jax"])
    parser.add_argument("mode", choices=["function", "xla", "eager", "compile", "jit"])
    parser.add_argument("arrangement", choices=["in-turn", "together"])
    parser.add_argument("--network", required=True)
    parser.add_argument("--variant")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--cores", type=int, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--device", choices=["cpu", "gpu"], default="cpu")
    options = parser.parse_args()
    if options.variant:
        milliseconds, losses = train(options, ready_and_wait)
    elif options.arrangement == "together":
        milliseconds, losses = together(options)
    else:
        milliseconds, losses = train(options)
    seconds = time.perf_counter() - BEGAN
    finite = [loss if np.isfinite(loss) else None for loss in losses]
    print(json.dumps({"msPerStep": milliseconds, "seconds": seconds, "losses": finite}))


if __name__ == "__main__":
    main()
