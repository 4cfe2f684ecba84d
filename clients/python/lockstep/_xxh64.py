"""XXH64 (https://xxhash.com) with seed 0, the digest that proves which minibatch was trained on."""

from __future__ import annotations

import struct
from typing import Sequence

_MASK = 0xFFFFFFFFFFFFFFFF
_P1 = 0x9E3779B185EBCA87
_P2 = 0xC2B2AE3D27D4EB4F
_P3 = 0x165667B19E3779F9
_P4 = 0x85EBCA77C2B2AE63
_P5 = 0x27D4EB2F165667C5


def _rotate(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & _MASK


def _round(lane: int, word: int) -> int:
    lane = (lane + word * _P2) & _MASK
    return (((lane << 31) | (lane >> 33)) * _P1) & _MASK


def xxh64(data: bytes) -> str:
    """The XXH64 of some bytes with seed 0, as 16 hexadecimal digits."""
    length = len(data)
    stripes = length // 32
    if stripes:
        a, b, c, d = (_P1 + _P2) & _MASK, _P2, 0, (-_P1) & _MASK
        words = struct.unpack_from(f"<{4 * stripes}Q", data)
        for i in range(0, 4 * stripes, 4):
            a = _round(a, words[i])
            b = _round(b, words[i + 1])
            c = _round(c, words[i + 2])
            d = _round(d, words[i + 3])
        # A lane's rotation may carry bits above the 64th, which the masked product drops.
        value = (_rotate(a, 1) + _rotate(b, 7) + _rotate(c, 12) + _rotate(d, 18)) & _MASK
        for lane in (a, b, c, d):
            value = ((value ^ _round(0, lane)) * _P1 + _P4) & _MASK
    else:
        value = _P5
    value = (value + length) & _MASK
    at = 32 * stripes
    while at + 8 <= length:
        (word,) = struct.unpack_from("<Q", data, at)
        value = (_rotate(value ^ _round(0, word), 27) * _P1 + _P4) & _MASK
        at += 8
    if at + 4 <= length:
        (word,) = struct.unpack_from("<I", data, at)
        value = (_rotate(value ^ (word * _P1 & _MASK), 23) * _P2 + _P3) & _MASK
        at += 4
    for byte in data[at:]:
        value = _rotate(value ^ (byte * _P5 & _MASK), 11) * _P1 & _MASK
    value = ((value ^ (value >> 33)) * _P2) & _MASK
    value = ((value ^ (value >> 29)) * _P3) & _MASK
    return f"{value ^ (value >> 32):016x}"


def digest_positions(positions: Sequence[int]) -> str:
    """The digest of positions as little-endian int32: that of the built-in variants."""
    return xxh64(struct.pack(f"<{len(positions)}i", *positions))
