"""A network in TensorFlow, in one tf.function a variant; mode `xla` compiles it."""

import math
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
import tensorflow as tf

ALPHA_PRIME = -1.7580993408473766


def configure(cores, _share, device):
    gpus = tf.config.list_physical_devices("GPU")
    if device == "gpu" and not gpus:
        raise SystemExit("expected a GPU for TensorFlow, got none")
    # Two processes share one GPU.
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.threading.set_intra_op_parallelism_threads(cores)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def build(variant, learning_rate, shape, mode):
    gain = 1.0 if variant["init"] == "lecun" else 2.0
    weights = []
    updates = tf.Variable(0)

    def parameters(*kernel_shape):
        deviation = (gain / math.prod(kernel_shape[:-1])) ** 0.5
        kernel = tf.random.stateless_normal(kernel_shape, [1, len(weights)], stddev=deviation)
        weights.append((tf.Variable(kernel), tf.Variable(tf.zeros(kernel_shape[-1]))))
        return weights[-1]

    activations = {"relu": tf.nn.relu, "selu": tf.nn.selu, "linear": lambda x: x}

    def layer_of(layer, number, size):
        """What the layer computes of `(x, training)`, and the size of that without the examples."""
        kind = layer["kind"]
        if kind == "conv2d":
            kernel, bias = parameters(*layer["kernelSize"], size[-1], layer["filters"])
            strides, padding, activation = layer["strides"], layer["padding"].upper(), activations[layer["activation"]]
            apply = lambda x, _: activation(tf.nn.bias_add(tf.nn.conv2d(x, kernel, strides, padding), bias))
        elif kind == "maxPool":
            apply = lambda x, _: tf.nn.max_pool2d(x, layer["poolSize"], layer["strides"], layer["padding"].upper())
        elif kind == "flatten":
            apply = lambda x, _: tf.reshape(x, [-1, math.prod(size)])
        elif kind == "dense":
            kernel, bias = parameters(size[-1], layer["units"])
            activation = activations[layer["activation"]]
            apply = lambda x, _: activation(tf.nn.bias_add(x @ kernel, bias))
        else:
            apply = lambda x, training: drop(x, number, layer) if training else x
        return apply, apply(tf.zeros([1, *size]), False).shape[1:]

    def drop(x, number, layer):
        keep = 1 - layer["rate"]
        if layer["method"] == "standard":
            return tf.nn.experimental.stateless_dropout(x, 1 - keep, seed=[number, updates])
        kept = tf.random.stateless_uniform(tf.shape(x), [number, updates]) < keep
        a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
        return a * tf.where(kept, x, ALPHA_PRIME) - a * (1 - keep) * ALPHA_PRIME

    layers, size = [], shape
    for number, layer in enumerate(variant["layers"]):
        apply, size = layer_of(layer, number, size)
        layers.append(apply)
    variables = [variable for pair in weights for variable in pair]

    def logits(x, training):
        for apply in layers:
            x = apply(x, training)
        return x

    def loss_of(outputs, labels):
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, outputs))

    @tf.function(jit_compile=mode == "xla")
    def step(images, labels):
        updates.assign_add(1)
        with tf.GradientTape() as tape:
            loss = loss_of(logits(images, True), labels)
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(learning_rate * gradient)
        outputs = logits(images, False)
        correct = tf.equal(tf.argmax(outputs, 1, tf.int32), labels)
        return loss_of(outputs, labels), tf.reduce_mean(tf.cast(correct, tf.float32))

    def train_step(images, labels):
        loss, accuracy = step(tf.constant(images), tf.constant(labels))
        return float(loss), float(accuracy)

    return train_step
