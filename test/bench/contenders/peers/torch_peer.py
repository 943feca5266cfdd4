"""PyTorch, eager: the same layers, Adam, weighted binary cross-entropy on the logit, channels last in memory; on the
processor, or on a GPU, there also with bfloat16 where PyTorch thinks it safe.

Same-padded windows are padded evenly, PyTorch's own way: strided ones look one pixel further to the left than Keras's
and cost the same.
"""

import torch
from torch import nn

from peer import create_batch, serve

RGB_CHANNELS = 3
ACTIVATIONS = {"linear": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh}


class TorchPeer:
    name = "PyTorch"
    version = f"PyTorch {torch.__version__}"

    def __init__(self, request):
        torch.set_num_threads(request["threads"])
        torch.manual_seed(1)
        self.device = choose_device(request)
        is_bf16 = request.get("precision") == "bf16"
        self.cast = torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=is_bf16)
        images, labels = create_batch(request)
        channels_last = torch.from_numpy(images).permute(0, 3, 1, 2)
        self.images = channels_last.contiguous(memory_format=torch.channels_last).to(self.device)
        self.labels = torch.from_numpy(labels)[:, None].to(self.device)
        self.model = build_layers(request["layers"], RGB_CHANNELS)[0].to(self.device)
        self.model(self.images)
        freeze_given(self.model, request["layers"])
        self.model = self.model.to(memory_format=torch.channels_last)
        self.loss = nn.BCEWithLogitsLoss(weight=torch.ones_like(self.labels))
        trained = [weight for weight in self.model.parameters() if weight.requires_grad]
        self.optimizer = torch.optim.Adam(trained, lr=1e-3)

    def train_step(self):
        self.model.train()
        self.optimizer.zero_grad()
        with self.cast:
            logits = self.model(self.images)
        loss = self.loss(logits.float(), self.labels)
        loss.backward()
        self.optimizer.step()
        loss.item()

    def predict_batch(self):
        self.model.eval()
        with torch.inference_mode(), self.cast:
            self.model(self.images).sum().item()


def choose_device(request):
    if request.get("device") != "gpu":
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise RuntimeError("PyTorch finds no GPU on this machine.")
    return torch.device("cuda")


def freeze_given(modules, layers):
    for module, layer in zip(modules, layers):
        module.requires_grad_("given" not in layer)


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


def build_layers(layers, channels):
    """The modules in a row, and the channels that leave the last of them; None where it leaves flat features."""
    modules = []
    for layer in layers:
        module, channels = build_layer(layer, channels)
        modules.append(module)
    return nn.Sequential(*modules), channels


def build_layer(layer, channels):
    kind = layer["kind"]
    if kind in ("conv2d", "depthwiseConv2d"):
        return build_convolution(layer, channels)
    if kind == "batchNorm":
        norm = nn.LazyBatchNorm1d if channels is None else nn.LazyBatchNorm2d
        return norm(eps=1e-3, momentum=0.1), channels
    if kind == "activation":
        return ACTIVATIONS[layer["activation"]](), channels
    if kind == "maxPool2d":
        return nn.MaxPool2d(layer["sizePx"], layer["stridePx"], padding=same_padding(layer, "sizePx")), channels
    if kind == "avgPool2d":
        padding = same_padding(layer, "sizePx")
        return nn.AvgPool2d(layer["sizePx"], layer["stridePx"], padding, count_include_pad=False), channels
    if kind == "globalAveragePool2d":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), None
    if kind == "flatten":
        return nn.Flatten(), None
    if kind == "dropout":
        return nn.Dropout(layer["rate"]), channels
    if kind == "dense":
        return nn.Sequential(nn.LazyLinear(layer["units"]), ACTIVATIONS[layer["activation"]]()), None
    if kind == "residual":
        body, after = build_layers(layer["body"], channels)
        return Residual(body, build_layers(layer["shortcut"], channels)[0]), after
    raise ValueError(f"The peer has no layer '{kind}'.")


def build_convolution(layer, channels):
    filters = layer["filters"] if layer["kind"] == "conv2d" else channels
    convolution = nn.Conv2d(
        channels,
        filters,
        layer["kernelSizePx"],
        stride=layer["stridePx"],
        padding=same_padding(layer, "kernelSizePx"),
        groups=1 if layer["kind"] == "conv2d" else channels,
        bias=layer["useBias"],
    )
    return nn.Sequential(convolution, ACTIVATIONS[layer["activation"]]()), filters


def same_padding(layer, size_key):
    if layer["padding"] == "valid":
        return 0
    if layer[size_key] % 2 == 0:
        raise ValueError(f"The peer pads odd windows alone, not {layer[size_key]}.")
    return layer[size_key] // 2


if __name__ == "__main__":
    serve(TorchPeer)
