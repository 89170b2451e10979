"""Steps of the networks of TVAE and CTGAN in PyTorch, on rows of the sizes that are given: processor seconds per step as one
line of JSON. Written for this comparison from the paper."""

import json
import sys
import time

import torch
from torch import nn

torch.set_flush_denormal(True)
BATCH = 500


def rows(numbers, spans, generator):
    parts = [torch.rand(BATCH, numbers, generator=generator) * 2 - 1]
    for size in spans:
        codes = torch.randint(size, (BATCH,), generator=generator)
        parts.append(nn.functional.one_hot(codes, size).float())
    return torch.cat(parts, 1)


def tvae(numbers, spans):
    width = numbers + sum(spans)
    encoder = nn.Sequential(nn.Linear(width, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 256))
    decoder = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, width))
    noise = nn.Parameter(torch.full((numbers,), 0.1))
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters(), noise], weight_decay=1e-5)

    def step(batch):
        optimizer.zero_grad(set_to_none=True)
        mean, log_variance = encoder(batch).chunk(2, 1)
        z = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
        out = decoder(z)
        error = batch[:, :numbers] - torch.tanh(out[:, :numbers])
        loss = (error**2 / 2 / noise**2).sum() + BATCH * torch.log(noise).sum()
        start = numbers
        for size in spans:
            wanted = batch[:, start : start + size].argmax(1)
            loss = loss + nn.functional.cross_entropy(out[:, start : start + size], wanted, reduction="sum")
            start += size
        divergence = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum()
        (2 * loss / BATCH + divergence / BATCH).backward()
        optimizer.step()
        with torch.no_grad():
            noise.clamp_(0.01, 1)

    return step


class Residual(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.linear, self.norm = nn.Linear(inputs, units), nn.BatchNorm1d(units)

    def forward(self, x):
        return torch.cat([torch.relu(self.norm(self.linear(x))), x], 1)


def ctgan(numbers, spans, told, pac=10):
    width = numbers + sum(spans)
    generator = nn.Sequential(
        Residual(128 + told, 256), Residual(384 + told, 256), nn.Linear(640 + told, width)
    )
    critic = nn.Sequential(
        nn.Linear((width + told) * pac, 256), nn.LeakyReLU(0.2), nn.Dropout(0.5),
        nn.Linear(256, 256), nn.LeakyReLU(0.2), nn.Dropout(0.5), nn.Linear(256, 1),
    )  # fmt: skip
    options = {"lr": 2e-4, "betas": (0.5, 0.9), "weight_decay": 1e-6}
    ours, theirs = (torch.optim.Adam(network.parameters(), **options) for network in (generator, critic))

    def soften(out):
        parts, start = [torch.tanh(out[:, :numbers])], numbers
        for size in spans:
            parts.append(nn.functional.gumbel_softmax(out[:, start : start + size], tau=0.2))
            start += size
        return torch.cat(parts, 1)

    def telling():
        return nn.functional.one_hot(torch.randint(told, (BATCH,)), told).float()

    def step(batch):
        said = telling()
        made = soften(generator(torch.cat([torch.randn(BATCH, 128), said], 1)))
        real, made = torch.cat([batch, said], 1), torch.cat([made, said], 1)
        packed_real, packed_made = real.view(-1, real.shape[1] * pac), made.detach().view(-1, real.shape[1] * pac)
        share = torch.rand(BATCH // pac, 1)
        between = (share * packed_real + (1 - share) * packed_made).requires_grad_(True)
        slope = torch.autograd.grad(critic(between).sum(), between, create_graph=True)[0]
        penalty = 10 * ((slope.norm(2, 1) - 1) ** 2).mean()
        theirs.zero_grad(set_to_none=True)
        (critic(packed_made).mean() - critic(packed_real).mean() + penalty).backward()
        theirs.step()
        said = telling()
        out = generator(torch.cat([torch.randn(BATCH, 128), said], 1))
        made = torch.cat([soften(out), said], 1)
        wanted = torch.zeros(BATCH, dtype=torch.long)
        entropy = nn.functional.cross_entropy(out[:, numbers : numbers + spans[0]], wanted)
        ours.zero_grad(set_to_none=True)
        (entropy - critic(made.view(-1, made.shape[1] * pac)).mean()).backward()
        ours.step()

    return step


def main():
    sizes = json.loads(sys.argv[1])
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    batches = [rows(sizes["numbers"], sizes["spans"], generator) for _ in range(8)]
    figures = {}
    steps = {
        "tvae": (tvae(sizes["numbers"], sizes["spans"]), 300),
        "ctgan": (ctgan(sizes["numbers"], sizes["spans"], sizes["told"]), 100),
    }
    for name, (step, count) in steps.items():
        for number in range(10):
            step(batches[number % 8])
        begun = time.process_time()
        for number in range(count):
            step(batches[number % 8])
        figures[name] = (time.process_time() - begun) / count
    print(json.dumps(figures))


main()
