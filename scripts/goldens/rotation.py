"""Goldens for test/workers/augmentations/rotation.test.ts, from scipy.ndimage.

Usage: python scripts/goldens/rotation.py > test/workers/augmentations/rotation.golden.json

Needs numpy and scipy.
"""

import json

import numpy as np
from scipy import ndimage

MODES = {"edge": "nearest", "reflect": "mirror"}


def rotated(image, degrees, fill):
    """`image` [height, width, channels] about its centre, each pixel interpolated between four."""
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    # From a pixel to the point it comes from: rows count downwards, so this turns counterclockwise.
    matrix = np.array([[cos, sin], [-sin, cos]])
    centre = (np.array(image.shape[:2]) - 1) / 2
    settings = {"offset": centre - matrix @ centre, "order": 1}
    settings |= {"mode": MODES[fill]} if fill in MODES else {"mode": "grid-constant", "cval": fill}
    planes = [ndimage.affine_transform(plane, matrix, **settings) for plane in np.moveaxis(image, 2, 0)]
    return np.stack(planes, axis=2)


random = np.random.default_rng(0)
cases = []
for shape in [(5, 4, 2), (3, 7, 1), (1, 4, 1)]:
    image = random.random(shape).round(3)
    for degrees in [-180, -97.5, 3.25, 45]:
        for fill in [0, 0.7, "edge", "reflect"]:
            cases.append(
                {
                    "shape": shape,
                    "degrees": degrees,
                    "fill": fill,
                    "image": image.ravel().tolist(),
                    "rotated": rotated(image, degrees, fill).round(12).ravel().tolist(),
                }
            )
print(json.dumps(cases))
