"""The counter-based random numbers of Lockstep's dropout, bit for bit: docs/replay.md has the rules. Needs NumPy."""

from __future__ import annotations

from typing import Any, Sequence, Tuple

_LOW = 0xFFFFFFFF
_ROUNDS = 10
_UNIFORM_KEY = (0x3EC8F720, 0x02461E29)
_LAYERS_A_STEP = 64


def philox(counters: Any, key: Tuple[int, int]) -> Any:
    """Blocks of Philox 4x32-10 (Salmon et al., SC 2011): `counters` [n, 4] gives words [n, 4], uint32."""
    import numpy as np

    x0, x1, x2, x3 = (np.asarray(counters)[:, i].astype(np.uint64) for i in range(4))
    low, shift = np.uint64(_LOW), np.uint64(32)
    for turn in range(_ROUNDS):
        k0 = np.uint64((key[0] + turn * 0x9E3779B9) & _LOW)
        k1 = np.uint64((key[1] + turn * 0xBB67AE85) & _LOW)
        first, second = np.uint64(0xD2511F53) * x0, np.uint64(0xCD9E8D57) * x2
        x0, x1, x2, x3 = (
            (second >> shift) ^ x1 ^ k0,
            second & low,
            (first >> shift) ^ x3 ^ k1,
            first & low,
        )
    return np.stack([x0, x1, x2, x3], axis=1).astype(np.uint32)


def stateless_uniform(shape: Sequence[int], seed: Tuple[int, int]) -> Any:
    """TensorFlow's `StatelessRandomUniform`: float32 in [0, 1) of a shape, from two int32."""
    import numpy as np

    words = [part for number in seed for part in (number & _LOW, _LOW if number < 0 else 0)]
    key = philox([words], _UNIFORM_KEY)[0]
    count = int(np.prod(shape))
    counters = np.zeros([-(-count // 4), 4], np.uint64)
    counters[:, 0] = np.arange(len(counters))
    counters[:, 2:] = key[2:]
    drawn = philox(counters, (int(key[0]), int(key[1]))).ravel()[:count]
    # The 23 bits of a float's mantissa.
    return ((drawn & 0x7FFFFF).astype(np.float32) / np.float32(2**23)).reshape(shape)


def dropout_mask(shape: Sequence[int], *, seed: int, step: int, layer: int, rate: float) -> Any:
    """Which units a dropout layer keeps at a step: bool of a shape whose first axis is the batch.

    `seed` is the int32 seed of the stream `dropout`; `layer` counts the network's dropout layers from 0.
    """
    import numpy as np

    if not 0 <= layer < _LAYERS_A_STEP:
        raise ValueError(f"layer: expected a number from 0 to {_LAYERS_A_STEP - 1}, got {layer}")
    if not 0 <= rate < 1:
        raise ValueError(f"rate: expected a number in [0, 1), got {rate}")
    second = (_LAYERS_A_STEP * step + layer + 2**31) % 2**32 - 2**31
    return stateless_uniform(shape, (seed, second)) < np.float32(1 - rate)
