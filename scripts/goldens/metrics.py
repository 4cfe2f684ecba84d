"""Goldens for test/workers/model/metrics/metrics.test.ts: metrics as scikit-learn computes them.

Usage: python scripts/goldens/metrics.py > test/workers/model/metrics/metrics.golden.json

Outputs are float32, as those of a network; probabilities and metrics are float64, from scripts/parity/scores.py.
Needs numpy and scikit-learn.
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from scores import scores_of

rng = np.random.default_rng(18)


def case(objective, targets, outputs):
    scores, _ = scores_of(targets, outputs, {"kind": objective})
    return {
        "objective": objective,
        "targets": targets.reshape(-1).tolist(),
        "units": outputs.shape[1],
        "outputs": outputs.reshape(-1).tolist(),
        "scores": {name: float(value) for name, value in scores.items()},
    }


def labels_case(examples, labels, sharpness):
    targets = (rng.random((examples, labels)) < 0.4).astype(int)
    outputs = sharpness * (rng.normal(size=targets.shape) + targets - 0.4)
    outputs = (np.round(8 * outputs) / 8).astype(np.float32)
    return case("sigmoidCrossEntropy", targets, outputs)


def numbers_case(examples, width, scale, offset):
    targets = (offset + scale * rng.normal(size=(examples, width))).astype(np.float32)
    noise = 0.4 * scale * rng.normal(size=targets.shape)
    outputs = (targets + noise).astype(np.float32)
    return case("meanSquaredError", targets, outputs)


def classes_case(examples, classes, used, sharpness):
    labels = rng.integers(0, used, examples)
    logits = rng.normal(size=(examples, classes))
    logits[np.arange(examples), labels] += 1
    if classes > 2:
        # A class that nothing predicts.
        logits[:, -1] -= 20
    # Halves, quarters and eighths: some are equal.
    logits = (np.round(8 * sharpness * logits) / 8).astype(np.float32)
    return case("softmaxCrossEntropy", labels, logits)


print(
    json.dumps(
        {
            "of eight classes": classes_case(60, 8, 8, 1.5),
            "of eight classes of which two have no examples": classes_case(60, 8, 6, 4),
            "of two classes": classes_case(40, 2, 2, 0.5),
            "of one label": labels_case(40, 1, 1),
            "of five labels": labels_case(30, 5, 2),
            "of numbers": numbers_case(50, 1, 1, 0),
            "of two numbers far from 0": numbers_case(40, 2, 3, 1000),
            "of twelve classes": classes_case(60, 12, 12, 0.5),
        }
    )
)
