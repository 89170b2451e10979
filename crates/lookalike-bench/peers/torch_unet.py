"""Steps of learning of a U-Net in PyTorch, of the sizes that are given: milliseconds of processor time and by the clock as one
line of JSON. Written for this comparison; the layers are those of lookalike's network of the same sizes."""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_flush_denormal(True)


def norm(channels):
    return nn.GroupNorm(channels // 8, channels)


class Block(nn.Module):
    def __init__(self, inputs, outputs, embedding):
        super().__init__()
        self.norm1, self.norm2 = norm(inputs), norm(outputs)
        self.conv1, self.conv2 = nn.Conv2d(inputs, outputs, 3, padding=1), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.told = nn.Linear(embedding, 2 * outputs)
        self.own = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, embedding):
        y = self.norm2(self.conv1(F.silu(self.norm1(x))))
        factor, added = self.told(embedding)[:, :, None, None].chunk(2, 1)
        return self.conv2(F.silu(y * (1 + factor) + added)) + self.own(x)


class UNet(nn.Module):
    def __init__(self, channels, levels, blocks, told, embedding):
        super().__init__()
        self.told = nn.Sequential(nn.Linear(told, embedding), nn.SiLU(), nn.Linear(embedding, embedding), nn.SiLU())
        self.first = nn.Conv2d(channels, levels[0], 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        skipped, width = [levels[0]], levels[0]
        for level, own in enumerate(levels):
            row = nn.ModuleList()
            for _ in range(blocks):
                row.append(Block(width, own, embedding))
                width = own
                skipped.append(width)
            self.down.append(row)
            if level < len(levels) - 1:
                skipped.append(width)
        self.middle = Block(width, width, embedding)
        for own in reversed(levels):
            row = nn.ModuleList()
            for _ in range(blocks + 1):
                row.append(Block(width + skipped.pop(), own, embedding))
                width = own
            self.up.append(row)
        self.norm, self.last = norm(width), nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x, told):
        told = self.told(told)
        x = self.first(x)
        skipped = [x]
        for level, row in enumerate(self.down):
            for block in row:
                x = block(x, told)
                skipped.append(x)
            if level < len(self.down) - 1:
                x = F.avg_pool2d(x, 2)
                skipped.append(x)
        x = self.middle(x, told)
        for level, row in enumerate(self.up):
            for block in row:
                x = block(torch.cat([x, skipped.pop()], 1), told)
            if level < len(self.up) - 1:
                x = F.interpolate(x, scale_factor=2)
        return self.last(F.silu(self.norm(x)))


def measure(network, sizes, layout):
    batch = sizes["batch"]
    x = torch.randn(batch, sizes["channels"], sizes["height"], sizes["width"])
    x = x.contiguous(memory_format=layout)
    network = network.to(memory_format=layout)
    told = torch.randn(batch, sizes["told"])
    optimizer = torch.optim.Adam(network.parameters())

    def step():
        optimizer.zero_grad(set_to_none=True)
        F.mse_loss(network(x, told), x).backward()
        optimizer.step()

    for _ in range(2):
        step()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(sizes["steps"]):
        step()
    times = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return {name: value * 1e3 / sizes["steps"] for name, value in times.items()}


def main():
    sizes = json.loads(sys.argv[1])
    torch.set_num_threads(2)
    network = UNet(sizes["channels"], sizes["levels"], sizes["blocks"], sizes["told"], sizes["embedding"])
    count = sum(parameter.numel() for parameter in network.parameters())
    assert count == sizes["parameters"], f"{count} parameters"
    # Whichever order of the numbers in memory suits PyTorch better.
    found = [measure(network, sizes, layout) for layout in (torch.contiguous_format, torch.channels_last)]
    print(json.dumps(min(found, key=lambda figures: figures["cpu"])))


if __name__ == "__main__":
    main()
