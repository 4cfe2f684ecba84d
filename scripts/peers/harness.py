"""Times the tutorial's paired step in another framework.

Usage: python harness.py FRAMEWORK MODE ARRANGEMENT [--steps N] [--warm-up N] [--cores N] [--data FOLDER]

FRAMEWORK MODE is one of `tensorflow function`, `tensorflow xla`, `pytorch eager`, `pytorch compile`,
`jax jit`. A paired step takes a minibatch of 128 MNIST images from memory, scales it for each variant, trains
both variants on it (SGD) and evaluates loss and accuracy of both on it, which is what `lockstep run tutorial` does.

ARRANGEMENT `in-turn` trains one variant after the other in one process with all cores; `together` trains
each variant in a process of its own with its share of the cores, all at the same time.

Prints one line of JSON: milliseconds a paired step, seconds from the start to the end of the process with
these steps, and the last losses (to see that it trained).
"""

import argparse
import gzip
import json
import subprocess
import sys
import time

BEGAN = time.perf_counter()

import numpy as np

VARIANTS = ("relu", "snn")
BATCH, VALIDATION = 128, 5000


def read_images(folder):
    def read(name, header):
        for path, opener in ((f"{folder}/{name}", open), (f"{folder}/{name}.gz", gzip.open)):
            try:
                with opener(path, "rb") as file:
                    return np.frombuffer(file.read(), np.uint8, offset=header)
            except FileNotFoundError:
                continue
        raise SystemExit(f"expected the file {name} in {folder}")

    images = read("train-images-idx3-ubyte", 16).reshape(-1, 784)[VALIDATION:]
    labels = read("train-labels-idx1-ubyte", 8)[VALIDATION:].astype(np.int32)
    return images, labels


class Minibatches:
    """Minibatches in a random order, scaled as the variant wants them."""

    def __init__(self, folder, variant):
        self.images, self.labels = read_images(folder)
        self.order = np.random.default_rng(1).permutation(len(self.images))
        self.mean, self.scale = np.float32(0), np.float32(1)
        if variant == "snn":
            pixels = self.images.astype(np.float32) / np.float32(255)
            deviation = pixels.std(0, dtype=np.float64)
            self.mean = pixels.mean(0, dtype=np.float64).astype(np.float32)
            self.scale = (1 / np.where(deviation == 0, 1, deviation)).astype(np.float32)

    def take(self, step):
        start = step * BATCH % (len(self.order) - BATCH)
        indices = self.order[start : start + BATCH]
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


def train(options, variants, wait=lambda: None):
    """Milliseconds a step of these variants, one after the other, and their last losses."""
    peer = load(options.framework)
    peer.configure(options.cores, VARIANTS.index(options.variant) if options.variant else 0)
    steps = [peer.build(variant, options.mode) for variant in variants]
    data = [Minibatches(options.data, variant) for variant in variants]
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
    cores = max(1, options.cores // len(VARIANTS))
    command = [sys.executable, __file__, options.framework, options.mode, "in-turn", "--cores", str(cores)]
    command += ["--steps", str(options.steps), "--warm-up", str(options.warm_up), "--data", options.data]
    children = [
        subprocess.Popen([*command, "--variant", variant], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for variant in VARIANTS
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
    parser.add_argument("--variant", choices=VARIANTS)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--cores", type=int, required=True)
    parser.add_argument("--data", required=True)
    options = parser.parse_args()
    if options.variant:
        milliseconds, losses = train(options, [options.variant], ready_and_wait)
    elif options.arrangement == "together":
        milliseconds, losses = together(options)
    else:
        milliseconds, losses = train(options, VARIANTS)
    seconds = time.perf_counter() - BEGAN
    print(json.dumps({"msPerStep": milliseconds, "seconds": seconds, "losses": losses}))


if __name__ == "__main__":
    main()
