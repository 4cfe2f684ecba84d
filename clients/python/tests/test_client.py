"""Run with `python3 -m unittest discover clients/python/tests`; tests that need NumPy are skipped without it."""

import io
import json
import math
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from lockstep import Client, ProtocolError, digest_positions, philox, stateless_uniform, xxh64

try:
    import numpy as np
except ImportError:
    np = None

HELLO = {
    "type": "hello",
    "protocol": 1,
    "variant": "own",
    "seed": 7,
    "streams": {"data": 1, "init": 2, "dropout": 3},
    "options": {"width": 3},
    "steps": 2,
    "batchSize": 2,
    "feed": "positions",
    "folder": "/tmp",
    "resume": None,
    "initialCheckpoint": None,
    "scaling": None,
}
STEP = {"type": "step", "step": 1, "positions": [0, 1], "learningRate": 0.1, "evaluate": True}


def client_of(*messages):
    sink = io.BytesIO()
    source = io.BytesIO(b"".join(json.dumps(m).encode() + b"\n" for m in messages))
    return Client(source, sink), lambda: [json.loads(line) for line in sink.getvalue().splitlines()]


class Digests(unittest.TestCase):
    def test_are_those_of_the_reference(self):
        # From the xxHash specification's sanity checks and from xxhash-wasm.
        self.assertEqual(xxh64(b""), "ef46db3751d8e999")
        self.assertEqual(xxh64(b"a"), "d24ec4f1a98c6e5b")
        self.assertEqual(xxh64(b"abc"), "44bc2cf5ad770999")
        self.assertEqual(digest_positions([0, 1]), "ca6084df268ea2a9")

    def test_of_every_length_differ(self):
        self.assertEqual(len({xxh64(bytes(n)) for n in range(100)}), 100)


@unittest.skipIf(np is None, "needs NumPy")
class RandomNumbers(unittest.TestCase):
    def test_are_those_of_the_paper(self):
        # Known answers of the authors' Random123: kat_vectors, philox4x32 10.
        self.assertEqual(
            philox([[0, 0, 0, 0]], (0, 0))[0].tolist(), [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
        )
        self.assertEqual(
            philox([[0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344]], (0xA4093822, 0x299F31D0))[0].tolist(),
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        )

    def test_are_those_of_tensorflow(self):
        root = os.path.join(os.path.dirname(__file__), "..", "..", "..")
        with open(os.path.join(root, "test", "random", "uniform.golden.json"), encoding="utf-8") as file:
            golden = json.load(file)
        for case in golden["small"]:
            drawn = stateless_uniform([len(case["values"])], tuple(case["seed"]))
            self.assertEqual(drawn.tolist(), case["values"])

    def test_keep_the_units_that_built_in_networks_keep(self):
        client, _ = client_of(HELLO)
        client.start()
        mask = client.dropout_mask([2, 100], step=5, layer=1, rate=0.25)
        uniform = stateless_uniform([2, 100], (HELLO["streams"]["dropout"], 64 * 5 + 1))
        self.assertEqual(mask.tolist(), (uniform < 0.75).tolist())
        with self.assertRaisesRegex(ValueError, "from 0 to 63"):
            client.dropout_mask([2], step=1, layer=64, rate=0.25)
        with self.assertRaisesRegex(ValueError, "in \\[0, 1\\)"):
            client.dropout_mask([2], step=1, layer=0, rate=1)


class Steps(unittest.TestCase):
    def test_are_answered_with_metrics_and_the_digest(self):
        client, answers = client_of(HELLO, STEP, {"type": "stop"})
        trial = client.start()
        self.assertEqual((trial.seed, trial.options["width"], trial.first_step), (7, 3, 1))
        for _, batch in client.minibatches(parameters=5):
            client.log(loss=math.nan, accuracy=len(batch.positions) / 4)
        ready, step = answers()
        self.assertEqual(ready, {"event": "ready", "protocol": 1, "saves": False, "parameters": 5})
        self.assertEqual(step["metrics"], {"loss": "NaN", "accuracy": 0.5})
        self.assertEqual(step["positionsDigest"], digest_positions([0, 1]))

    def test_end_with_the_input(self):
        client, answers = client_of(HELLO)
        client.start()
        self.assertEqual(list(client.minibatches()), [])
        self.assertEqual(len(answers()), 1)

    def test_need_their_metrics(self):
        client, _ = client_of(HELLO, STEP, STEP)
        client.start()
        with self.assertRaisesRegex(ProtocolError, r"expected lockstep.log\(...\) in step 1"):
            list(client.minibatches())
        with self.assertRaisesRegex(ProtocolError, "expected lockstep.start"):
            Client().minibatches().__next__()


class Requests(unittest.TestCase):
    def test_are_answered_between_steps(self):
        evaluate = {"type": "evaluate", "split": "test", "positions": [4], "examples": 1}
        save = {"type": "save", "step": 1, "folder": "/there"}
        client, answers = client_of(HELLO, evaluate, save)
        client.start()
        folders = []
        client.on_save(folders.append)
        client.on_evaluate(lambda batch: {"loss": batch.positions[0], "accuracy": 1})
        list(client.minibatches())
        _, evaluation, saved = answers()
        self.assertEqual(evaluation, {"event": "evaluate", "metrics": {"loss": 4, "accuracy": 1}})
        self.assertEqual((saved, folders), ({"event": "save", "step": 1}, ["/there"]))


if __name__ == "__main__":
    unittest.main()
