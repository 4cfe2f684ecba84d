"""Philox 4x32-10 and the seeds of the streams, from docs/replay.md."""

import hashlib

import numpy as np


def philox(counters, key):
    """`counters` is [n, 4], `key` two words; gives the words of n blocks, [n, 4]."""
    x0, x1, x2, x3 = (np.asarray(word, np.uint64) for word in np.transpose(counters))
    k0, k1 = key
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        product0, product1 = np.uint64(0xD2511F53) * x0, np.uint64(0xCD9E8D57) * x2
        x0, x1, x2, x3 = (
            (product1 >> shift) ^ x1 ^ np.uint64(k0),
            product1 & low,
            (product0 >> shift) ^ x3 ^ np.uint64(k1),
            product0 & low,
        )
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return np.stack([x0, x1, x2, x3], axis=1)


def words(count, second, upper, key):
    """The first `count` words of the blocks [0, second, *upper], [1, second, *upper], …"""
    counters = np.zeros((-(-count // 4), 4), np.uint64)
    counters[:, 0] = np.arange(len(counters))
    counters[:, 1:] = [second, *upper]
    return philox(counters, key).ravel()[:count]


def normal(w):
    """A standard normal number for each of the words, whose count is a multiple of four."""
    u = (w + 0.5) / 2**32
    radius, angle = np.sqrt(-2 * np.log(u[0::2])), 2 * np.pi * u[1::2]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()


def stream_seed(seed, stream, owner=None):
    text = ":".join(["lockstep/1", str(seed), stream] + ([] if owner is None else [owner]))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little", signed=True)
