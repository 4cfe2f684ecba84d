"""Trains a variant of a Lockstep comparison in Python: docs/programs.md has the protocol.

    import lockstep

    trial = lockstep.start()
    for step, batch in lockstep.minibatches():
        loss = train(batch.inputs, batch.targets, trial.seed)
        lockstep.log(loss=loss, accuracy=accuracy)

NumPy is needed for `inputs`, `targets`, `initial_weights` and `dropout_mask` only.
"""

from ._client import Batch, Client, ProtocolError, Trial
from ._random import philox, stateless_uniform
from ._xxh64 import digest_positions, xxh64

__all__ = [
    "Batch",
    "Client",
    "ProtocolError",
    "Trial",
    "digest_positions",
    "dropout_mask",
    "initial_weights",
    "log",
    "minibatches",
    "on_evaluate",
    "on_save",
    "philox",
    "start",
    "stateless_uniform",
    "xxh64",
]

_client = Client()
start = _client.start
minibatches = _client.minibatches
log = _client.log
on_evaluate = _client.on_evaluate
on_save = _client.on_save
initial_weights = _client.initial_weights
dropout_mask = _client.dropout_mask
