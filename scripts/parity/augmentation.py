"""What `training.augmentation` does to a minibatch, in NumPy, from docs/replay.md."""

import math

import numpy as np

from philox import normal, words

# Kinds that only move numbers: NumPy gives the same bits.
EXACT = {"horizontalFlip", "shift", "randomCrop", "cutout"}


def augment(values, entries, seed, step):
    """`values` is [batch, ...] float64, unscaled; `entries` the list in the configuration."""
    changed = values.copy()
    for position in range(len(values)):
        for index, entry in enumerate(entries):
            upper, key = [step, index], [seed % 2**32, 0]
            draw = lambda count: words(count, position, upper, key)
            changed[position] = KINDS[entry["kind"]](changed[position], entry, draw)
    return changed


def unit(word):
    return int(word) / 2**32


def below(count, word):
    return math.floor(count * unit(word))


def padded(image, size, fill):
    sides = [(size, size), (size, size), (0, 0)]
    if fill in ("edge", "reflect"):
        return np.pad(image, sides, mode=fill)
    return np.pad(image, sides, constant_values=fill)


def window(image, pad, fill, top, left):
    """The window of the image's size at (top, left) of the image padded by `pad`."""
    height, width = image.shape[:2]
    return padded(image, pad, fill)[top : top + height, left : left + width]


def horizontal_flip(image, entry, draw):
    return image[:, ::-1] if unit(draw(4)[0]) < entry["probability"] else image


def shift(image, entry, draw):
    p = entry["pixels"]
    down, right = (below(2 * p + 1, word) - p for word in draw(4)[:2])
    return window(image, p, entry["fill"], p - down, p - right)


def random_crop(image, entry, draw):
    p = entry["padding"]
    top, left = (below(2 * p + 1, word) for word in draw(4)[:2])
    return window(image, p, entry["fill"], top, left)


def rotation(image, entry, draw):
    height, width = image.shape[:2]
    angle = (2 * unit(draw(4)[0]) - 1) * entry["degrees"] * np.pi / 180
    middle_row, middle_column = (height - 1) / 2, (width - 1) / 2
    r, c = np.meshgrid(np.arange(height) - middle_row, np.arange(width) - middle_column, indexing="ij")
    row = middle_row + np.cos(angle) * r + np.sin(angle) * c
    column = middle_column + np.cos(angle) * c - np.sin(angle) * r
    # No point is further outside than this.
    pad = height + width
    source = padded(image, pad, entry["fill"])
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    v, u = (row - top)[..., None], (column - left)[..., None]
    at = lambda down, right: source[top + pad + down, left + pad + right]
    return (1 - v) * ((1 - u) * at(0, 0) + u * at(0, 1)) + v * ((1 - u) * at(1, 0) + u * at(1, 1))


def cutout(image, entry, draw):
    size = entry["size"]
    top, left = (
        below(count, word) - size // 2 for count, word in zip(image.shape[:2], draw(4)[:2])
    )
    cut = image.copy()
    cut[max(0, top) : max(0, top + size), max(0, left) : max(0, left + size)] = entry["fill"]
    return cut


def noise(image, entry, draw):
    z = normal(draw(-(-image.size // 4) * 4))[: image.size]
    return image + entry["std"] * z.reshape(image.shape)


KINDS = {
    "horizontalFlip": horizontal_flip,
    "shift": shift,
    "randomCrop": random_crop,
    "rotation": rotation,
    "cutout": cutout,
    "noise": noise,
}
