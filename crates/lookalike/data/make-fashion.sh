#!/usr/bin/env bash
# Makes fashion-images.idx.zst and fashion-labels.idx, the pictures of the demo, from the files of Fashion-MNIST in the folder
# that is named (Debian's package dataset-fashion-mnist puts them into /usr/share/datasets/fashion-mnist).
# Needs python3 and zstd. The result does not change from run to run; README.md beside this file has its sum.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
from=${1:-/usr/share/datasets/fashion-mnist}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$from" "$work" <<'PYTHON'
import gzip
import struct
import sys

folder, work = sys.argv[1:]
pixels = gzip.open(f"{folder}/train-images-idx3-ubyte.gz").read()[16:]
labels = gzip.open(f"{folder}/train-labels-idx1-ubyte.gz").read()[8:]
seen, chosen = [0] * 10, []
for number, label in enumerate(labels):
    if seen[label] < 200:
        seen[label] += 1
        chosen.append(number)
with open(f"{work}/fashion-images.idx", "wb") as out:
    out.write(struct.pack(">IIII", 0x803, len(chosen), 28, 28))
    out.write(b"".join(pixels[784 * number:784 * (number + 1)] for number in chosen))
with open(f"{work}/fashion-labels.idx", "wb") as out:
    out.write(struct.pack(">II", 0x801, len(chosen)) + bytes(labels[number] for number in chosen))
PYTHON
zstd --quiet --force --ultra -22 --no-progress "$work/fashion-images.idx" -o "$here/fashion-images.idx.zst"
cp "$work/fashion-labels.idx" "$here/fashion-labels.idx"
sha256sum "$work/fashion-images.idx" "$work/fashion-labels.idx" | cut -d' ' -f1
