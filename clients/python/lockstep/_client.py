from __future__ import annotations

import base64
import json
import math
import os
import signal
import struct
import sys
import threading
from dataclasses import dataclass
from typing import Any, BinaryIO, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ._random import dropout_mask
from ._xxh64 import digest_positions

PROTOCOL = 1

Metrics = Mapping[str, float]


class ProtocolError(Exception):
    """A call at the wrong time, or a message that this client does not know."""


@dataclass(frozen=True)
class Trial:
    """What Lockstep says of the trial. `hello` is the whole message."""

    variant: str
    seed: int
    """The trial's seed; `streams` has int32 seeds for the order of data, initial weights and dropout."""
    streams: Mapping[str, int]
    options: Mapping[str, Any]
    """`options` of the variant in the configuration."""
    steps: int
    batch_size: int
    feed: str
    folder: str
    """A folder of the variant's own."""
    resume: Optional[str]
    """The folder that `on_save` filled, where the trial goes on; None where it begins."""
    first_step: int
    hello: Mapping[str, Any]


class Batch:
    """Examples to train or evaluate on; with `feed: none` only `count` is known, of an evaluation."""

    def __init__(self, client: "Client", message: Mapping[str, Any], split: str) -> None:
        self._client = client
        self._message = message
        self.split = split
        self.positions: List[int] = message.get("positions", [])
        """Positions of the examples in the split."""
        self.count: int = message.get("examples", len(self.positions))
        self.learning_rate: float = message.get("learningRate", math.nan)
        """Of this step, with its schedule."""
        self.evaluate: bool = message.get("evaluate", False)
        """Whether the metrics are to be those of an evaluation after the update."""

    @property
    def raw_inputs(self) -> Any:
        """The inputs as the data set has them, `[count, ...]`; needs NumPy."""
        return self._column("inputs")

    @property
    def targets(self) -> Any:
        """The classes `[count]`, or other targets `[count, ...]`; needs NumPy."""
        return self._column("targets")

    @property
    def inputs(self) -> Any:
        """The inputs as `input` of the variant scales them, float32 `[count, ...]`; needs NumPy."""
        import numpy as np

        raw = self.raw_inputs
        values = raw / 255.0 if raw.dtype == np.uint8 else raw.astype(np.float64)
        scaling = self._client.hello["scaling"]
        if scaling is not None:
            shape = raw.shape[1:]
            offset = self._client.array(scaling["offset"]).reshape(shape)
            values = (values - offset) / self._client.array(scaling["scale"]).reshape(shape)
        return values.astype(np.float32)

    def _column(self, name: str) -> Any:
        import numpy as np

        if name in self._message:
            kind = self._client.hello["examples"][name]
            values = np.frombuffer(base64.b64decode(self._message[name]), kind["dtype"])
            return values.reshape([-1, *kind["shape"]])
        return self._client.array(self._client.hello["data"][self.split][name])[self.positions]


class Client:
    """Speaks the protocol; the package's functions are those of one client over standard input and output."""

    def __init__(self, source: Optional[BinaryIO] = None, sink: Optional[BinaryIO] = None) -> None:
        self._source = source
        self._sink = sink
        self._hello: Optional[Dict[str, Any]] = None
        self._pending: Optional[Dict[str, Any]] = None
        self._evaluate: Optional[Callable[[Batch], Metrics]] = None
        self._save: Optional[Callable[[str], None]] = None
        self._arrays: Dict[str, Any] = {}

    @property
    def hello(self) -> Mapping[str, Any]:
        if self._hello is None:
            raise ProtocolError("expected lockstep.start() before this")
        return self._hello

    def start(self) -> Trial:
        """Awaits the trial. From here on `print` writes to standard error, which Lockstep keeps."""
        if self._hello is not None:
            raise ProtocolError("expected lockstep.start() once")
        if self._source is None or self._sink is None:
            self._source = sys.stdin.buffer
            # Answers keep the pipe for themselves, whatever the program or its libraries print.
            self._sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
            sys.stdout.flush()
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            _outlive_sigterm()
        hello = self._receive()
        if hello is None or hello.get("type") != "hello":
            raise ProtocolError("expected hello, got no such message: is this run by Lockstep?")
        if hello["protocol"] != PROTOCOL:
            raise ProtocolError(f"expected protocol {PROTOCOL}, got {hello['protocol']}")
        self._hello = hello
        resume = hello["resume"] or {}
        return Trial(
            variant=hello["variant"],
            seed=hello["seed"],
            streams=hello["streams"],
            options=hello["options"],
            steps=hello["steps"],
            batch_size=hello["batchSize"],
            feed=hello["feed"],
            folder=hello["folder"],
            resume=resume.get("folder"),
            first_step=resume.get("step", 0) + 1,
            hello=hello,
        )

    def on_evaluate(self, function: Callable[[Batch], Metrics]) -> Callable[[Batch], Metrics]:
        """Registers what evaluates a batch of a split: it returns means over the batch by metric."""
        self._evaluate = function
        return function

    def on_save(self, function: Callable[[str], None]) -> Callable[[str], None]:
        """Registers what writes all state into a folder. With it an interrupted trial goes on exactly."""
        self._save = function
        return function

    def minibatches(self, parameters: Optional[int] = None) -> Iterator[Tuple[int, Batch]]:
        """Each step and its minibatch; evaluations and saves happen between them.

        Ends when the trial does. `parameters` is the number of trainable numbers, for the report.
        """
        ready: Dict[str, Any] = {"event": "ready", "protocol": PROTOCOL, "saves": self._save is not None}
        if parameters is not None:
            ready["parameters"] = parameters
        self.hello  # Says what is missing where the trial has not started.
        self._send(ready)
        while True:
            message = self._receive()
            if message is None or message["type"] == "stop":
                return
            if message["type"] == "step":
                self._pending = message
                yield message["step"], Batch(self, message, "train")
                if self._pending is not None:
                    raise ProtocolError(f"expected lockstep.log(...) in step {message['step']}")
            elif message["type"] == "evaluate":
                self._answer_evaluation(message)
            elif message["type"] == "save":
                if self._save is not None:
                    self._save(message["folder"])
                self._send({"event": "save", "step": message["step"]})
            else:
                raise ProtocolError(f"expected a message of protocol {PROTOCOL}, got {message['type']}")

    def log(self, **metrics: float) -> None:
        """Answers the step with its metrics, each a mean over the minibatch."""
        message = self._pending
        if message is None:
            raise ProtocolError("expected lockstep.log(...) once in each step of lockstep.minibatches()")
        self._pending = None
        answer = {"event": "step", "step": message["step"], "metrics": _spelled(metrics)}
        positions = message.get("positions")
        if positions is not None:
            answer["positionsDigest"] = digest_positions(positions)
        self._send(answer)

    def initial_weights(self, variant: str) -> Dict[str, Any]:
        """The initial weights of a built-in variant by name, from the first step on; needs NumPy.

        `checkpoint.initial: true` has them written. Kernels are `[height, width, in, out]` or `[in, out]`.
        """
        folder = self.hello["initialCheckpoint"]
        if folder is None:
            raise ProtocolError("expected checkpoint.initial: true in the configuration")
        return read_safetensors(os.path.join(folder, f"{variant}.safetensors"))

    def dropout_mask(self, shape: Sequence[int], *, step: int, layer: int, rate: float) -> Any:
        """Which units a dropout layer keeps at a step: bool `[batch, …]`; needs NumPy.

        It is the mask of the built-in variants that share the stream `dropout`. `layer` counts the network's
        dropout layers from 0.
        """
        seed = self.hello["streams"]["dropout"]
        return dropout_mask(shape, seed=seed, step=step, layer=layer, rate=rate)

    def array(self, file: Mapping[str, Any]) -> Any:
        """A file of `hello`'s as a NumPy array that reads from disk."""
        import numpy as np

        path = file["path"]
        if path not in self._arrays:
            self._arrays[path] = np.load(path, mmap_mode="r")
        return self._arrays[path]

    def _answer_evaluation(self, message: Mapping[str, Any]) -> None:
        if self._evaluate is None:
            raise ProtocolError("expected a function registered with lockstep.on_evaluate")
        metrics = dict(self._evaluate(Batch(self, message, message["split"])))
        answer: Dict[str, Any] = {"event": "evaluate"}
        for key in ("predictions", "confidences"):
            if key in metrics:
                answer[key] = [v.item() if hasattr(v, "item") else v for v in metrics.pop(key)]  # type: ignore
        answer["metrics"] = _spelled(metrics)
        self._send(answer)

    def _receive(self) -> Optional[Dict[str, Any]]:
        assert self._source is not None
        line = self._source.readline()
        return json.loads(line) if line else None

    def _send(self, answer: Mapping[str, Any]) -> None:
        assert self._sink is not None
        self._sink.write(json.dumps(answer, allow_nan=False).encode() + b"\n")
        self._sink.flush()


def _outlive_sigterm() -> None:
    """Engines such as Slurm send it to all processes of a job; Lockstep saves first, and ends this one itself."""
    in_main = threading.current_thread() is threading.main_thread()
    if in_main and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _spelled(metrics: Metrics) -> Dict[str, Any]:
    """JSON has no NaN and no infinities."""
    return {name: _spell(float(value)) for name, value in metrics.items()}


def _spell(value: float) -> Any:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def read_safetensors(path: str) -> Dict[str, Any]:
    """The float32 tensors of a file by name; needs NumPy."""
    import numpy as np

    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy()
    return tensors
