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
    # Where all classes have examples: scikit-learn knows no mean over some of them.
    if len(classes) == 2:
        scores["rocAuc"] = metrics.roc_auc_score(labels, probabilities[:, 1])
    elif len(set(labels)) == len(classes):
        scores["rocAuc"] = metrics.roc_auc_score(labels, probabilities, multi_class="ovr")
    else:
        areas = [
            metrics.roc_auc_score(labels == label, probabilities[:, label])
            for label in sorted(set(labels))
        ]
        scores["rocAuc"] = np.mean(areas)
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


def labels_case(examples, labels, sharpness):
    targets = (rng.random((examples, labels)) < 0.4).astype(int)
    outputs = sharpness * (rng.normal(size=targets.shape) + targets - 0.4)
    outputs = (np.round(8 * outputs) / 8).astype(np.float32)
    answers = (outputs > 0).astype(int)
    probabilities = 1 / (1 + np.exp(-outputs.astype(np.float64)))
    losses = [
        metrics.log_loss(targets[:, label], probabilities[:, label], labels=[0, 1])
        for label in range(labels)
    ]
    scores = {
        "loss": np.mean(losses),
        # scikit-learn's accuracy of labels one by one; of whole rows it is a stricter measure.
        "binaryAccuracy": metrics.accuracy_score(targets.reshape(-1), answers.reshape(-1)),
        "rocAuc": metrics.roc_auc_score(targets, outputs.astype(np.float64)),
        "macroF1": metrics.f1_score(targets, answers, average="macro", zero_division=np.nan)
        if labels > 1
        else metrics.f1_score(targets[:, 0], answers[:, 0]),
    }
    return case("sigmoidCrossEntropy", targets, outputs, scores)


def numbers_case(examples, width, scale, offset):
    targets = (offset + scale * rng.normal(size=(examples, width))).astype(np.float32)
    noise = 0.4 * scale * rng.normal(size=targets.shape)
    outputs = (targets + noise).astype(np.float32)
    truth, guess = targets.astype(np.float64), outputs.astype(np.float64)
    scores = {
        "loss": metrics.mean_squared_error(truth, guess),
        "r2": metrics.r2_score(truth, guess),
        "mse": metrics.mean_squared_error(truth, guess),
        "mae": metrics.mean_absolute_error(truth, guess),
    }
    return case("meanSquaredError", targets, outputs, scores)


def classes_case(examples, classes, used, sharpness):
    labels = rng.integers(0, used, examples)
    logits = rng.normal(size=(examples, classes))
    logits[np.arange(examples), labels] += 1
    if classes > 2:
        # A class that nothing predicts.
        logits[:, -1] -= 20
    # Halves, quarters and eighths: some are equal.
    logits = (np.round(8 * sharpness * logits) / 8).astype(np.float32)
    return case("softmaxCrossEntropy", labels, logits, classification(labels, logits))


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
        }
    )
)
