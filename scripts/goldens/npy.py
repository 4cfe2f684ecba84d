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
for dtype in ["|u1", "|i1", "<i2", "<i4", "<i8", "<f4", "<f8", "<u2", "<u4", "<u8", "<f2", ">i2", ">u2", ">i8", ">f2", ">f4", ">f8"]:
    array = np.array([[0, 1, 2], [100, 77, 3]]).astype(dtype)
    if dtype[1] != "u":
        array[0, 0] = -3
    for version in [(1, 0), (2, 0), (3, 0)] if dtype[0] != ">" else [(1, 0)]:
        cases.append({"dtype": dtype, "version": version[0], "shape": list(array.shape), "values": array.flatten().tolist(), "file": saved(array, version)})
for shape in [(4,), (2, 1, 2), (0, 3), ()]:
    array = np.arange(int(np.prod(shape)), dtype="<f4").reshape(shape)
    cases.append({"dtype": "<f4", "version": 1, "shape": list(shape), "values": array.flatten().tolist(), "file": saved(array)})

for shape, dtype in [((2, 3), "<f4"), ((2, 3, 4), "<i8"), ((3, 2, 2, 2), "|u1"), ((4,), "<f8")]:
    array = np.asfortranarray(np.arange(int(np.prod(shape)), dtype=dtype).reshape(shape))
    cases.append({"dtype": f"{dtype}, Fortran order", "version": 1, "shape": list(shape), "values": array.flatten().tolist(), "file": saved(array)})
halves = np.array([[6.1e-5, 5.9e-8, -0.0], [65504, 1 / 3, -2.5]], "<f2")
cases.append({"dtype": "<f2, small and large", "version": 1, "shape": [2, 3], "values": halves.flatten().tolist(), "file": saved(halves)})
truths = np.array([[True, False], [False, True]])
cases.append({"dtype": "|b1", "version": 1, "shape": [2, 2], "values": truths.astype(int).flatten().tolist(), "file": saved(truths)})

refused = {
    "complex": saved(np.zeros(2, dtype="<c8")),
    "unsigned": saved(np.array([2**31], dtype="<u4")),
    "notFinite": saved(np.array([1, np.inf, np.nan], dtype="<f2")),
    "structured": saved(np.zeros(2, dtype=[("a", "<i4"), ("b", "<f4")])),
    "wide": saved(np.array([1, 2**40], dtype="<i8")),
}
print(json.dumps({"read": cases, "refused": refused}))
