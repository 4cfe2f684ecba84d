"""Archives for test/data/formats/npz.test.ts, saved by NumPy.

Usage: python scripts/goldens/npz.py > test/data/formats/npz.golden.json
"""

import base64
import io
import json
import sys

import numpy as np

arrays = {
    "x_train": np.arange(12, dtype=np.float32).reshape(3, 2, 2) / 3,
    "y_train": np.array([0, 2, 1]),
    "x_test": np.ones((1, 2, 2), np.float32),
    "y_test": np.array([2]),
}


def saved(save, names=tuple(arrays)):
    file = io.BytesIO()
    save(file, **{name: arrays[name] for name in names})
    return base64.b64encode(file.getvalue()).decode()


goldens = {
    "stored": saved(np.savez),
    "compressed": saved(np.savez_compressed),
    "trainOnly": saved(np.savez, ("x_train", "y_train")),
    "incomplete": saved(np.savez, ("x_train", "y_train", "x_test")),
    "x_train": arrays["x_train"].ravel().tolist(),
}
json.dump(goldens, sys.stdout)
sys.stdout.write("\n")
