"""Writes test/data/formats/npy.golden.json: arrays as NumPy saves them, in base64, with their values.

Run with any NumPy: python scripts/goldens/npy.py > test/data/formats/npy.golden.json
"""

import base64
import io
import json

import numpy as np


def saved(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return base64.b64encode(file.getvalue()).decode()


cases = []
for dtype in ["|u1", "|i1", "<i2", "<i4", "<i8", "<f4", "<f8"]:
    array = np.array([[0, 1, 2], [100, 77, 3]]).astype(dtype)
    if dtype[1] != "u":
        array[0, 0] = -3
    for version in [(1, 0), (2, 0), (3, 0)]:
        cases.append({"dtype": dtype, "version": version[0], "shape": list(array.shape), "values": array.flatten().tolist(), "file": saved(array, version)})
for shape in [(4,), (2, 1, 2), (0, 3), ()]:
    array = np.arange(int(np.prod(shape)), dtype="<f4").reshape(shape)
    cases.append({"dtype": "<f4", "version": 1, "shape": list(shape), "values": array.flatten().tolist(), "file": saved(array)})

refused = {
    "big": saved(np.arange(3, dtype=">f4")),
    "unsigned": saved(np.arange(3, dtype="<u4")),
    "boolean": saved(np.array([True])),
    "fortran": saved(np.asfortranarray(np.arange(6, dtype="<f4").reshape(2, 3))),
    "structured": saved(np.zeros(2, dtype=[("a", "<i4"), ("b", "<f4")])),
    "wide": saved(np.array([1, 2**40], dtype="<i8")),
}
print(json.dumps({"read": cases, "refused": refused}))
