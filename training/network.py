"""The embedding network: an EfficientNet-Lite2 backbone, generalised-mean pooling and a projection.

Layer names follow the public efficientnet-lite2 checkpoint (Apache-2.0), so that its state dict can be the start.
Tan & Le, EfficientNet, ICML 2019; Radenovic, Tolias & Chum, Fine-tuning CNN Image Retrieval (GeM), TPAMI 2019.
"""

import torch
import torch.nn.functional as F
from torch import nn

EMBEDDING = 256
FEATURES = 1280
BLOCKS = 23

# kernel, stride, expansion, output channels, repeats
STAGES = [
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 3),
    (5, 2, 6, 48, 3),
    (3, 2, 6, 88, 4),
    (5, 1, 6, 120, 4),
    (5, 2, 6, 208, 5),
    (3, 1, 6, 352, 1),
]


def batch_norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def normalised(convolution, norm, x):
    """The normalisation of a convolution; in one operation where its statistics stand still, as they do in fine-tuning and use."""
    if norm.training:
        return norm(convolution(x))
    filters = convolution
    if isinstance(convolution, nn.Sequential):
        pad, filters = convolution
        x = pad(x)
    factor = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
    weight = filters.weight * factor[:, None, None, None]
    return F.conv2d(x, weight, norm.bias - norm.running_mean * factor, filters.stride, filters.padding, filters.dilation, filters.groups)


def pointwise(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 1, bias=False)


def spatial(inputs, outputs, kernel, stride, groups, uneven):
    """A convolution padded as the checkpoint saw it: one-sided at stride 2 while the side is even, both sides later."""
    padding = (0, 1, 0, 1) if uneven else ((kernel - 1) // 2,) * 4
    return nn.Sequential(nn.ZeroPad2d(padding), nn.Conv2d(inputs, outputs, kernel, stride, 0, groups=groups, bias=False))


class Block(nn.Module):
    """Inverted residual: widen, filter each channel, narrow."""

    def __init__(self, inputs, outputs, kernel, stride, expansion, uneven):
        super().__init__()
        middle = inputs * expansion
        self.widens = expansion > 1
        if self.widens:
            self._expand_conv = pointwise(inputs, middle)
            self._bn0 = batch_norm(middle)
        self._depthwise_conv = spatial(middle, middle, kernel, stride, middle, uneven)
        self._bn1 = batch_norm(middle)
        self._project_conv = pointwise(middle, outputs)
        self._bn2 = batch_norm(outputs)
        self.adds_input = stride == 1 and inputs == outputs

    def forward(self, x):
        y = F.relu6(normalised(self._expand_conv, self._bn0, x)) if self.widens else x
        y = F.relu6(normalised(self._depthwise_conv, self._bn1, y))
        y = normalised(self._project_conv, self._bn2, y)
        return x + y if self.adds_input else y


class Backbone(nn.Module):
    """N×3×H×W, RGB as (value − 127) / 128, H and W multiples of 32, to N×1280×H/32×W/32."""

    def __init__(self):
        super().__init__()
        self._conv_stem = spatial(3, 32, 3, 2, 1, uneven=True)
        self._bn0 = batch_norm(32)
        blocks, channels = [], 32
        for kernel, stride, expansion, outputs, repeats in STAGES:
            for repeat in range(repeats):
                blocks.append(Block(channels, outputs, kernel, stride if repeat == 0 else 1, expansion, uneven=len(blocks) == 1))
                channels = outputs
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = pointwise(channels, FEATURES)
        self._bn1 = batch_norm(FEATURES)

    def early(self, x, blocks):
        """The stem and the first blocks."""
        x = F.relu6(normalised(self._conv_stem, self._bn0, x))
        for block in self._blocks[:blocks]:
            x = block(x)
        return x

    def late(self, x, blocks):
        """What follows the first blocks."""
        for block in self._blocks[blocks:]:
            x = block(x)
        return F.relu6(normalised(self._conv_head, self._bn1, x))

    def forward(self, x):
        return self.late(self.early(x, 0), 0)

    def load_public(self, state):
        """Takes the weights of the public checkpoint; raises KeyError if one is absent."""
        own = self.state_dict()
        taken = {}
        for name, value in own.items():
            if name.endswith("num_batches_tracked"):
                taken[name] = value
                continue
            public = name.replace("_conv.1.weight", "_conv.weight").replace("_conv_stem.1.", "_conv_stem.")
            taken[name] = state[public].float()
        self.load_state_dict(taken)


class Embedder(nn.Module):
    """One pass gives a global embedding N×256 and 13 regional ones N×13×256 (2×2, then 3×3 overlapping windows), each of length 1."""

    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.power = nn.Parameter(torch.tensor(3.0))
        self.project = nn.Linear(FEATURES, EMBEDDING)

    def pooled(self, features, windows=1):
        """Generalised means over windows × windows overlapping parts: N×windows²×1280."""
        raised = features.clamp(min=1e-5).pow(self.power)
        if windows == 1:
            means = raised.mean((2, 3)).unsqueeze(1)
        else:
            spans = [window_spans(size, windows) for size in features.shape[2:]]
            means = torch.stack([raised[:, :, top:bottom, left:right].mean((2, 3)) for top, bottom in spans[0] for left, right in spans[1]], 1)
        return means.pow(1 / self.power)

    def embed(self, features, windows=1):
        return F.normalize(self.project(F.normalize(self.pooled(features, windows), dim=2)), dim=2)

    def forward(self, x):
        features = self.backbone(x)
        return self.embed(features)[:, 0], torch.cat([self.embed(features, 2), self.embed(features, 3)], 1)


def window_spans(size, windows):
    """First and last-but-one cell of overlapping windows along one side."""
    size = int(size)
    width = -(-2 * size // (windows + 1))
    starts = [round(i * (size - width) / (windows - 1)) for i in range(windows)]
    return [(start, start + width) for start in starts]
