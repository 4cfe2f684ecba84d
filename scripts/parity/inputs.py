"""Inputs of minibatches as a variant trains on them, from docs/replay.md."""

import math

import numpy as np

from augmentation import augment


class Inputs:
    """`images` is [examples, height, width, channels] uint8, the training split; gives float32."""

    def __init__(self, images, scaling, entries, seed):
        self.images, self.entries, self.seed = images, entries, seed
        self.offset, self.scale = 0, 1
        if scaling == "minmax":
            low, high = images.min(axis=0) / 255, images.max(axis=0) / 255
            self.offset, self.scale = low, np.where(high > low, high - low, 1)
        elif scaling != "raw":
            train = images if scaling == "standardized" else images.reshape(-1, images.shape[-1])
            n, train = len(train), train.astype(np.int64)
            total, squares = train.sum(axis=0), (train**2).sum(axis=0)
            exact = zip(total.ravel().tolist(), squares.ravel().tolist())
            std = [math.sqrt(n * q - s * s) / (255 * n) or 1 for s, q in exact]
            self.offset, self.scale = total / (255 * n), np.array(std).reshape(total.shape)

    def of(self, indices, step):
        values = self.images[indices] / 255
        if self.entries:
            values = augment(values, self.entries, self.seed, step)
        return ((values - self.offset) / self.scale).astype(np.float32)
