"""The tutorial's networks in PyTorch, channels last; mode `compile` compiles training and evaluation."""

import torch
from torch import nn
from torch.nn import functional as F

ALPHA_PRIME, LEARNING_RATE = -1.7580993408473766, 0.025


def configure(cores, _share):
    torch.set_num_threads(cores)
    torch.manual_seed(1)


class AlphaDropout(nn.Module):
    def forward(self, x):
        if not self.training:
            return x
        keep = 0.95
        a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
        kept = torch.rand_like(x) < keep
        return a * torch.where(kept, x, ALPHA_PRIME) - a * (1 - keep) * ALPHA_PRIME


class Network(nn.Module):
    def __init__(self, snn):
        super().__init__()
        self.activation = F.selu if snn else F.relu
        self.first = nn.Conv2d(1, 32, 5, padding=2)
        self.second = nn.Conv2d(32, 64, 5, padding=2)
        self.dense = nn.Linear(3136, 1024)
        self.drop = AlphaDropout() if snn else nn.Dropout(0.5)
        self.last = nn.Linear(1024, 10)
        for layer in (self.first, self.second, self.dense, self.last):
            fan_in = layer.weight[0].numel()
            nn.init.normal_(layer.weight, std=((1 if snn else 2) / fan_in) ** 0.5)
            nn.init.zeros_(layer.bias)

    def forward(self, images):
        x = F.max_pool2d(self.activation(self.first(images)), 2)
        x = F.max_pool2d(self.activation(self.second(x)), 2)
        return self.last(self.drop(self.activation(self.dense(x.flatten(1)))))


def build(variant, mode):
    network = Network(variant == "snn").to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE)

    def loss_of(images, labels):
        return F.cross_entropy(network(images), labels)

    def evaluate(images, labels):
        outputs = network(images)
        return F.cross_entropy(outputs, labels), (outputs.argmax(1) == labels).float().mean()

    if mode == "compile":
        loss_of, evaluate = torch.compile(loss_of), torch.compile(evaluate)

    def train_step(images, labels):
        inputs = torch.from_numpy(images).view(-1, 1, 28, 28).to(memory_format=torch.channels_last)
        targets = torch.from_numpy(labels).long()
        network.train()
        optimizer.zero_grad()
        loss_of(inputs, targets).backward()
        optimizer.step()
        network.eval()
        with torch.no_grad():
            loss, accuracy = evaluate(inputs, targets)
        return loss.item(), accuracy.item()

    return train_step
