"""Scores of outputs against targets, as scikit-learn computes them, in float64.

Two it lacks, and they follow their definitions: the expected calibration error (Guo et al. 2017, equations 2 to 5, with
15 bins) and Huber's loss. Its log loss takes one class for each example: that of smoothed or weighted targets
is the sum over the classes, weighted by how much of each class is wanted. Needs numpy and scikit-learn.
"""

import warnings

import numpy as np
from sklearn import metrics

# Predictions of classes without examples.
warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
# Classes without examples and predictions, which are NaN here, and do not count.
warnings.filterwarnings("ignore", message="Mean of empty slice")


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


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


def cross_entropy(probabilities, wanted):
    """Mean over the examples; `wanted` is how much of each class, `[examples, classes]`."""
    examples, classes = probabilities.shape
    each = [
        metrics.log_loss(
            np.full(examples, label),
            probabilities,
            labels=np.arange(classes),
            sample_weight=wanted[:, label],
            normalize=False,
        )
        for label in np.flatnonzero(wanted.any(axis=0))
    ]
    return sum(each) / examples


def area(holds, scores):
    return metrics.roc_auc_score(holds, scores) if 0 < holds.sum() < len(holds) else np.nan


def of_classes(labels, logits, spec):
    """Also the values of each class that the means are made of."""
    count = logits.shape[1]
    classes = np.arange(count)
    probabilities = softmax(logits)
    answers = logits.argmax(axis=1)
    one_hot = np.eye(count)[labels]
    smoothing, weights = spec.get("labelSmoothing", 0), spec.get("classWeights", np.ones(count))
    wanted = ((1 - smoothing) * one_hot + smoothing / count) * np.array(weights)[labels][:, None]
    per_class = {
        "balancedAccuracy": metrics.recall_score(
            labels, answers, labels=classes, average=None, zero_division=np.nan
        ),
        "macroF1": metrics.f1_score(labels, answers, labels=classes, average=None, zero_division=np.nan),
        "rocAuc": [
            area(labels == label, probabilities[:, label]) for label in ([1] if count == 2 else classes)
        ],
    }
    scores = {
        "loss": cross_entropy(probabilities, wanted),
        "accuracy": metrics.accuracy_score(labels, answers),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, answers),
        "macroF1": metrics.f1_score(labels, answers, average="macro"),
        "brier": ((probabilities - one_hot) ** 2).sum(axis=1).mean(),
        "ece": calibration_error(probabilities, labels),
    }
    # Where all classes have examples: scikit-learn knows no mean over some of them.
    if count == 2:
        scores["rocAuc"] = metrics.roc_auc_score(labels, probabilities[:, 1])
    elif len(set(labels)) == count:
        scores["rocAuc"] = metrics.roc_auc_score(labels, probabilities, multi_class="ovr")
    else:
        scores["rocAuc"] = np.nanmean(per_class["rocAuc"])
    for k in (2, 3, 5, 10):
        if count > k:
            # Of equal logits Lockstep's first counts first, and scikit-learn's last: it gets them in reverse.
            scores[f"top{k}Accuracy"] = metrics.top_k_accuracy_score(
                count - 1 - labels, logits[:, ::-1], k=k, labels=classes
            )
    return scores, per_class


def of_labels(targets, outputs, spec):
    """Also the values of each label that the means are made of."""
    count = targets.shape[1]
    answers = (outputs > 0).astype(int)
    probabilities, smoothing = sigmoid(outputs), spec.get("labelSmoothing", 0)
    wanted = targets * (1 - smoothing) + smoothing / 2
    of_two = lambda values, label: np.stack([1 - values[:, label], values[:, label]], axis=1)
    losses = [cross_entropy(of_two(probabilities, label), of_two(wanted, label)) for label in range(count)]
    per_class = {
        "macroF1": [
            metrics.f1_score(targets[:, label], answers[:, label], zero_division=np.nan)
            for label in range(count)
        ],
        "rocAuc": [area(targets[:, label], outputs[:, label]) for label in range(count)],
    }
    scores = {
        "loss": np.mean(losses),
        # scikit-learn's accuracy of labels one by one; of whole rows it is a stricter measure.
        "binaryAccuracy": metrics.accuracy_score(targets.reshape(-1), answers.reshape(-1)),
        "rocAuc": metrics.roc_auc_score(targets, outputs),
        "macroF1": metrics.f1_score(targets, answers, average="macro", zero_division=np.nan)
        if count > 1
        else per_class["macroF1"][0],
    }
    return scores, per_class


def of_numbers(targets, outputs, spec):
    squared = metrics.mean_squared_error(targets, outputs)
    absolute = metrics.mean_absolute_error(targets, outputs)
    scores = {"r2": metrics.r2_score(targets, outputs), "mse": squared, "mae": absolute}
    if spec["kind"] == "huber":
        size, delta = abs(targets - outputs), spec["delta"]
        loss = np.where(size <= delta, size**2 / 2, delta * (size - delta / 2)).mean()
    else:
        loss = {"meanSquaredError": squared, "meanAbsoluteError": absolute}[spec["kind"]]
    return {"loss": loss, **scores}, {}


def scores_of(targets, outputs, spec):
    """Every metric, and of each class those that have such values; `spec` are an objective's settings.

    Targets are `[examples]` classes for softmax cross-entropy, `[examples, outputs]` for the others.
    """
    kinds = {"softmaxCrossEntropy": of_classes, "sigmoidCrossEntropy": of_labels}
    outputs = outputs.astype(np.float64)
    if spec["kind"] == "softmaxCrossEntropy":
        return of_classes(targets, outputs, spec)
    return kinds.get(spec["kind"], of_numbers)(targets.astype(np.float64), outputs, spec)
