"""Images for test/data/formats/images.test.ts, and their pixels as Pillow decodes them.

Usage: python scripts/goldens/images.py > test/data/images/images.golden.json

Needs numpy and pillow.
"""

import base64
import io
import json
import sys

import numpy as np
from PIL import Image

random = np.random.default_rng(3)
smooth = np.clip(
    np.add.outer(np.arange(6) * 20, np.arange(5) * 15)[..., None] + [0, 40, 90], 0, 255
).astype(np.uint8)
noise = random.integers(0, 256, (6, 5, 3), np.uint8)
rgb, grey = Image.fromarray(noise), Image.fromarray(noise[..., 0])
alpha = Image.fromarray(np.dstack([noise, np.full((6, 5), 255, np.uint8)]))
images = {
    "rgb.png": rgb,
    "grey.png": grey,
    "alpha.png": alpha,
    "greyAlpha.png": alpha.convert("LA"),
    "palette.png": Image.fromarray(smooth).quantize(4),
    "rgb.jpg": Image.fromarray(smooth),
    "grey.jpg": Image.fromarray(smooth[..., 1]),
}
goldens = {}
for name, image in images.items():
    file = io.BytesIO()
    image.save(file, "PNG" if name.endswith("png") else "JPEG", **({"quality": 95} if name.endswith("jpg") else {}))
    decoded = Image.open(io.BytesIO(file.getvalue()))
    mode = "L" if name.startswith("grey") else "RGB"
    goldens[name] = {
        "file": base64.b64encode(file.getvalue()).decode(),
        "pixels": np.asarray(decoded.convert(mode)).ravel().tolist(),
    }
json.dump(goldens, sys.stdout)
sys.stdout.write("\n")
