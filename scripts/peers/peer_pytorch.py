"""A network in PyTorch, channels last; mode `compile` compiles training and evaluation."""

import torch
from torch import nn
from torch.nn import functional as F

ALPHA_PRIME = -1.7580993408473766


DEVICE = torch.device("cpu")


def configure(cores, _share, device):
    global DEVICE
    if device == "gpu":
        if not torch.cuda.is_available():
            raise SystemExit("expected a GPU for PyTorch, got none")
        DEVICE = torch.device("cuda")
    torch.set_num_threads(cores)
    torch.manual_seed(1)


class AlphaDropout(nn.Module):
    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if not self.training:
            return x
        keep = 1 - self.rate
        a = (keep * ((1 - keep) * ALPHA_PRIME**2 + 1)) ** -0.5
        kept = torch.rand_like(x) < keep
        return a * torch.where(kept, x, ALPHA_PRIME) - a * (1 - keep) * ALPHA_PRIME


class Padded(nn.Module):
    """Pads as TensorFlow's `SAME` does (more below and on the right), with what does not count."""

    def __init__(self, inner, kernel, strides, fill):
        super().__init__()
        self.inner, self.kernel, self.strides, self.fill = inner, kernel, strides, fill

    def forward(self, x):
        amounts = []
        for size, kernel, stride in zip(x.shape[:1:-1], self.kernel[::-1], self.strides[::-1]):
            total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
            amounts += [total // 2, total - total // 2]
        return self.inner(F.pad(x, amounts, value=self.fill) if any(amounts) else x)


ACTIVATIONS = {"relu": [nn.ReLU], "selu": [nn.SELU], "linear": []}


def modules_of(layer, size):
    kind = layer["kind"]
    if kind == "flatten":
        return [nn.Flatten()]
    if kind == "dropout":
        return [nn.Dropout(layer["rate"]) if layer["method"] == "standard" else AlphaDropout(layer["rate"])]
    if kind == "dense":
        return [nn.Linear(size[0], layer["units"]), *(make() for make in ACTIVATIONS[layer["activation"]])]
    strides, padded = layer["strides"], layer["padding"] == "same"
    kernel = layer["kernelSize"] if kind == "conv2d" else layer["poolSize"]
    if kind == "maxPool":
        pool = nn.MaxPool2d(kernel, strides)
        return [Padded(pool, kernel, strides, float("-inf")) if padded else pool]
    # One call pads and convolves where that is symmetrical.
    symmetrical = padded and all(stride == 1 and length % 2 == 1 for stride, length in zip(strides, kernel))
    padding = [length // 2 for length in kernel] if symmetrical else 0
    convolution = nn.Conv2d(size[0], layer["filters"], kernel, strides, padding)
    whole = Padded(convolution, kernel, strides, 0.0) if padded and not symmetrical else convolution
    return [whole, *(make() for make in ACTIVATIONS[layer["activation"]])]


def network_of(variant, shape):
    gain = 1 if variant["init"] == "lecun" else 2
    height, width, channels = shape
    x = torch.zeros(1, channels, height, width)
    made = []
    for layer in variant["layers"]:
        for module in modules_of(layer, x.shape[1:]):
            x = module(x)
            made.append(module)
    network = nn.Sequential(*made)
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.normal_(module.weight, std=(gain / module.weight[0].numel()) ** 0.5)
            nn.init.zeros_(module.bias)
    return network.to(DEVICE, memory_format=torch.channels_last)


def build(variant, learning_rate, shape, mode):
    network = network_of(variant, shape)
    optimizer = torch.optim.SGD(network.parameters(), lr=learning_rate)

    def loss_of(images, labels):
        return F.cross_entropy(network(images), labels)

    def evaluate(images, labels):
        outputs = network(images)
        return F.cross_entropy(outputs, labels), (outputs.argmax(1) == labels).float().mean()

    if mode == "compile":
        loss_of, evaluate = torch.compile(loss_of), torch.compile(evaluate)

    def train_step(images, labels):
        # [n, h, w, c] seen as [n, c, h, w] is channels last.
        inputs = torch.from_numpy(images).to(DEVICE).permute(0, 3, 1, 2)
        targets = torch.from_numpy(labels).to(DEVICE).long()
        network.train()
        optimizer.zero_grad()
        loss_of(inputs, targets).backward()
        optimizer.step()
        network.eval()
        with torch.no_grad():
            loss, accuracy = evaluate(inputs, targets)
        return loss.item(), accuracy.item()

    return train_step
