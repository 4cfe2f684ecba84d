"""Goldens for test/workers/model/objectives/objectives.test.ts: losses and gradients of Keras's definitions.

Usage: python scripts/goldens/objectives.py > test/workers/model/objectives/objectives.golden.json

Each loss is Keras's class in float64 with its default reduction, and the gradient is TensorFlow's.
Needs tensorflow, whose Keras is 3.
"""

import json
import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf

keras.backend.set_floatx("float64")
rng = np.random.default_rng(3)
EXAMPLES, OUTPUTS = 6, 4
losses = keras.losses


def case(spec, loss, targets, scale=1.0, weights=None):
    """`targets` as the configuration has them; one-hot for Keras's losses of classes."""
    outputs = (scale * rng.normal(size=(EXAMPLES, OUTPUTS))).astype(np.float32)
    wanted = np.eye(OUTPUTS)[targets] if targets.ndim == 1 else targets
    x = tf.Variable(outputs.astype(np.float64))
    with tf.GradientTape() as tape:
        sample_weight = None if weights is None else np.asarray(weights)[targets]
        value = loss(tf.constant(wanted, tf.float64), x, sample_weight=sample_weight)
    return {
        "objective": spec,
        "outputs": outputs.reshape(-1).tolist(),
        "targets": targets.reshape(-1).tolist(),
        "loss": float(value),
        "gradient": tape.gradient(value, x).numpy().reshape(-1).tolist(),
    }


labels = rng.integers(0, OUTPUTS, EXAMPLES)
bits = (rng.random((EXAMPLES, OUTPUTS)) < 0.5).astype(float)
numbers = rng.normal(size=(EXAMPLES, OUTPUTS)).astype(np.float32).astype(np.float64)
weights = [0.5, 2.0, 0.0, 1.25]


def softmax(**settings):
    return losses.CategoricalCrossentropy(from_logits=True, **settings)


def sigmoid(**settings):
    return losses.BinaryCrossentropy(from_logits=True, **settings)


print(
    json.dumps(
        [
            case({"kind": "softmaxCrossEntropy"}, softmax(), labels),
            case(
                {"kind": "softmaxCrossEntropy", "labelSmoothing": 0.1},
                softmax(label_smoothing=0.1),
                labels,
            ),
            case(
                {"kind": "softmaxCrossEntropy", "classWeights": weights},
                softmax(),
                labels,
                weights=weights,
            ),
            case(
                {"kind": "softmaxCrossEntropy", "labelSmoothing": 0.3, "classWeights": weights},
                softmax(label_smoothing=0.3),
                labels,
                scale=8,
                weights=weights,
            ),
            case({"kind": "sigmoidCrossEntropy"}, sigmoid(), bits, scale=10),
            case(
                {"kind": "sigmoidCrossEntropy", "labelSmoothing": 0.2},
                sigmoid(label_smoothing=0.2),
                bits,
            ),
            case({"kind": "meanSquaredError"}, losses.MeanSquaredError(), numbers),
            case({"kind": "meanAbsoluteError"}, losses.MeanAbsoluteError(), numbers),
            case({"kind": "huber"}, losses.Huber(), numbers, scale=2),
            case({"kind": "huber", "delta": 0.3}, losses.Huber(delta=0.3), numbers),
        ]
    )
)
