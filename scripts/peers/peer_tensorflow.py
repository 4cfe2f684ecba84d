"""The tutorial's networks in TensorFlow, in one tf.function a variant; mode `xla` compiles it."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
import tensorflow as tf

ALPHA_PRIME, LEARNING_RATE = -1.7580993408473766, 0.025


def configure(cores, _share):
    tf.config.threading.set_intra_op_parallelism_threads(cores)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def build(variant, mode):
    snn = variant == "snn"
    activation = tf.nn.selu if snn else tf.nn.relu
    gain = 1.0 if snn else 2.0

    def parameters(shape, fan_in, seed):
        kernel = tf.random.stateless_normal(shape, [1, seed], stddev=(gain / fan_in) ** 0.5)
        return tf.Variable(kernel), tf.Variable(tf.zeros(shape[-1]))

    weights = [
        *parameters([5, 5, 1, 32], 25, 0),
        *parameters([5, 5, 32, 64], 800, 1),
        *parameters([3136, 1024], 3136, 2),
        *parameters([1024, 10], 1024, 3),
    ]
    updates = tf.Variable(0)

    def drop(x):
        if not snn:
            return tf.nn.experimental.stateless_dropout(x, 0.5, seed=[1, updates])
        keep = 0.95
        kept = tf.random.stateless_uniform(tf.shape(x), [1, updates]) < keep
        a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
        return a * tf.where(kept, x, ALPHA_PRIME) - a * (1 - keep) * ALPHA_PRIME

    def logits(images, training):
        x = tf.reshape(images, [-1, 28, 28, 1])
        for layer in (0, 2):
            x = activation(tf.nn.bias_add(tf.nn.conv2d(x, weights[layer], 1, "SAME"), weights[layer + 1]))
            x = tf.nn.max_pool2d(x, 2, 2, "SAME")
        x = activation(tf.nn.bias_add(tf.reshape(x, [-1, 3136]) @ weights[4], weights[5]))
        return tf.nn.bias_add((drop(x) if training else x) @ weights[6], weights[7])

    def loss_of(outputs, labels):
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, outputs))

    @tf.function(jit_compile=mode == "xla")
    def step(images, labels):
        updates.assign_add(1)
        with tf.GradientTape() as tape:
            loss = loss_of(logits(images, True), labels)
        for weight, gradient in zip(weights, tape.gradient(loss, weights)):
            weight.assign_sub(LEARNING_RATE * gradient)
        outputs = logits(images, False)
        correct = tf.equal(tf.argmax(outputs, 1, tf.int32), labels)
        return loss_of(outputs, labels), tf.reduce_mean(tf.cast(correct, tf.float32))

    def train_step(images, labels):
        loss, accuracy = step(tf.constant(images), tf.constant(labels))
        return float(loss), float(accuracy)

    return train_step
