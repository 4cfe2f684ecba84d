"""Goldens for test/data/sampler.test.ts: the recipe that src/data/sampler.ts documents, redone.

Philox 4x32-10 is written out from Salmon et al. 2011. Needs nothing but Python.

Usage: python scripts/goldens/permutation.py > test/data/permutation.golden.json
"""

import hashlib
import json
import struct
import sys

MASK = 0xFFFFFFFF


def philox4x32(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(q >> 32) ^ c[1] ^ k[0], q & MASK, (p >> 32) ^ c[3] ^ k[1], p & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


# Known answers of the Random123 library.
assert philox4x32([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert philox4x32([MASK] * 4, [MASK] * 2) == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]


def words(seed, epoch):
    block = 0
    while True:
        yield from philox4x32([block, 0, epoch, 0], [seed & MASK, 0])
        block += 1


def permutation(seed, epoch, size):
    stream = words(seed, epoch)

    def below(bound):
        limit = (1 << 32) // bound * bound
        return next(word for word in stream if word < limit) % bound

    order = list(range(size))
    for i in range(size - 1, 0, -1):
        j = below(i + 1)
        order[i], order[j] = order[j], order[i]
    return order


short = [(0, 0, 8), (1, 0, 8), (1, 1, 8), (-1, 7, 8), (-2147483648, 3, 9)]
full = [(0, 0), (42, 1)]
json.dump(
    {
        "short": [
            {"seed": s, "epoch": e, "order": permutation(s, e, n)} for s, e, n in short
        ],
        "full": [
            {
                "seed": s,
                "epoch": e,
                "size": 55000,
                "sha256": hashlib.sha256(
                    struct.pack("<55000i", *permutation(s, e, 55000))
                ).hexdigest(),
            }
            for s, e in full
        ],
    },
    sys.stdout,
    indent=1,
)
sys.stdout.write("\n")
