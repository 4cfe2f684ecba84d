"""The tutorial's self-normalizing network in PyTorch: a variant of a Lockstep comparison, see tutorial-pytorch.yaml."""

import os
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients", "python"))
import lockstep

ALPHA_PRIME = -1.7580993408473766

trial = lockstep.start()
torch.set_num_threads(trial.options.get("threads", 1))


class AlphaDropout(nn.Module):
    """Drops the units that Lockstep's own variants drop at this step (Klambauer et al., arXiv:1706.02515, section 3)."""

    def __init__(self, rate, layer):
        super().__init__()
        self.rate, self.layer, self.step = rate, layer, 0
        keep = 1 - rate
        self.a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
        self.b = -self.a * (1 - keep) * ALPHA_PRIME

    def forward(self, x):
        if not self.training or self.rate == 0:
            return x
        kept = lockstep.dropout_mask(x.shape, step=self.step, layer=self.layer, rate=self.rate)
        return self.a * torch.where(torch.from_numpy(kept), x, ALPHA_PRIME) + self.b


class Network(nn.Module):
    def __init__(self, rate):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 5, padding="same")
        self.conv2 = nn.Conv2d(32, 64, 5, padding="same")
        self.dense = nn.Linear(3136, 1024)
        self.dropout = AlphaDropout(rate, layer=0)
        self.logits = nn.Linear(1024, 10)

    def forward(self, x):
        x = F.max_pool2d(F.selu(self.conv1(x)), 2)
        x = F.max_pool2d(F.selu(self.conv2(x)), 2)
        # Lockstep flattens height, width, channels.
        x = x.permute(0, 2, 3, 1).flatten(1)
        return self.logits(self.dropout(F.selu(self.dense(x))))


network = Network(trial.options["dropout"])
parts = {0: network.conv1, 2: network.conv2, 5: network.dense, 7: network.logits}
parameters = sum(parameter.numel() for parameter in network.parameters())


@torch.no_grad()
def take_initial_weights():
    """Kernels are [height, width, in, out] or [in, out] in Lockstep, [out, in, height, width] or [out, in] in PyTorch."""
    weights = lockstep.initial_weights(trial.options["weights"])
    for position, part in parts.items():
        kernel = weights[f"layers.{position}.kernel"] * np.float32(trial.options["gain"])
        order = (3, 2, 0, 1) if kernel.ndim == 4 else (1, 0)
        part.weight.copy_(torch.from_numpy(kernel.transpose(order).copy()))
        part.bias.copy_(torch.from_numpy(weights[f"layers.{position}.bias"]))


def tensors_of(batch):
    images = torch.from_numpy(batch.inputs).permute(0, 3, 1, 2)
    return images, torch.from_numpy(batch.targets.astype(np.int64))


@lockstep.on_evaluate
@torch.no_grad()
def evaluate(batch):
    images, labels = tensors_of(batch)
    network.eval()
    outputs = network(images)
    right = (outputs.argmax(1) == labels).double().mean()
    return {"loss": F.cross_entropy(outputs, labels).item(), "accuracy": right.item()}


@lockstep.on_save
def save(folder):
    # Plain gradient descent has no state, and the masks are a function of the step.
    torch.save(network.state_dict(), os.path.join(folder, "network.pt"))


if trial.resume:
    network.load_state_dict(torch.load(os.path.join(trial.resume, "network.pt"), weights_only=True))

for step, batch in lockstep.minibatches(parameters=parameters):
    if step == 1:
        take_initial_weights()
    images, labels = tensors_of(batch)
    network.train()
    network.dropout.step = step
    network.zero_grad()
    F.cross_entropy(network(images), labels).backward()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter -= batch.learning_rate * parameter.grad
    lockstep.log(**evaluate(batch))
