"""Goldens for test/workers/model/metrics/metrics.test.ts: metrics as scikit-learn computes them.

Usage: python scripts/goldens/metrics.py > test/workers/model/metrics/metrics.golden.json

Outputs are float32, as those of a network; probabilities and metrics are float64. The expected calibration
error, which scikit-learn lacks, follows Guo et al. 2017, equations 2 to 5.
Needs numpy and scikit-learn.
"""

import json
import warnings

import numpy as np
from sklearn import metrics

rng = np.random.default_rng(18)
# Predictions of classes without examples.
warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def calibration_error(probabilities, labels, bins=15):
    confidence = probabilities.max(axis=1)
    hits = probabilities.argmax(axis=1) == labels
    # Bin m of M is ((m - 1) / M, m / M].
    bin_of = np.digitize(confidence, np.arange(1, bins) / bins, right=True)
    error = 0.0
    for index in range(bins):
        inside = bin_of == index
        if inside.any():
            error += inside.mean() * abs(hits[inside].mean() - confidence[inside].mean())
    return error


def classification(labels, logits):
    classes = np.arange(logits.shape[1])
    wide = logits.astype(np.float64)
    probabilities = softmax(wide)
    answers = wide.argmax(axis=1)
    one_hot = np.eye(len(classes))[labels]
    scores = {
        "loss": metrics.log_loss(labels, probabilities, labels=classes),
        "accuracy": metrics.accuracy_score(labels, answers),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, answers),
        "macroF1": metrics.f1_score(labels, answers, average="macro"),
        "brier": ((probabilities - one_hot) ** 2).sum(axis=1).mean(),
        "ece": calibration_error(probabilities, labels),
    }
    if len(classes) > 5:
        scores["top5Accuracy"] = metrics.top_k_accuracy_score(labels, wide, k=5, labels=classes)
    return scores


def case(objective, targets, outputs, scores):
    return {
        "objective": objective,
        "targets": targets.reshape(-1).tolist(),
        "units": outputs.shape[1],
        "outputs": outputs.reshape(-1).tolist(),
        "scores": {name: float(value) for name, value in scores.items()},
    }


def classes_case(examples, classes, used, sharpness):
    labels = rng.integers(0, used, examples)
    logits = rng.normal(size=(examples, classes))
    logits[np.arange(examples), labels] += 1
    if classes > 2:
        # A class that nothing predicts.
        logits[:, -1] -= 20
    logits = (sharpness * logits).astype(np.float32)
    return case("softmaxCrossEntropy", labels, logits, classification(labels, logits))


print(
    json.dumps(
        {
            "of eight classes": classes_case(60, 8, 8, 1.5),
            "of eight classes of which two have no examples": classes_case(60, 8, 6, 4),
            "of two classes": classes_case(40, 2, 2, 0.5),
        }
    )
)
