"""How long one call takes on one image, beside albumentations.

    python benchmarks/images.py

Needs lookalike, NumPy and albumentations 2.0.8 (OpenCV with one thread, as ours has).
"""

import timeit

import albumentations
import cv2
import numpy as np

from lookalike import images

CALLS = {
    "HorizontalFlip": lambda A: A.HorizontalFlip(p=1),
    "Rotate": lambda A: A.Rotate(limit=15, p=1),
    "GaussNoise": lambda A: A.GaussNoise(p=1),
    "RandomBrightnessContrast": lambda A: A.RandomBrightnessContrast(p=1),
    "GaussianBlur": lambda A: A.GaussianBlur(p=1),
}
SHAPES = ((28, 28), (256, 256, 3))


def microseconds(compose, image):
    """The least of several rounds: what disturbs only adds."""
    count = max(20, int(20_000_000 / image.size / 40))
    rounds = timeit.repeat(lambda: compose(image=image), number=min(count, 2000), repeat=7)
    return min(rounds) / min(count, 2000) * 1e6


def main():
    cv2.setNumThreads(1)
    source = np.random.default_rng(1)
    print(f"{'':26}{'shape':>16}{'lookalike':>12}{'albumentations':>16}{'times':>8}")
    for name, step in CALLS.items():
        for shape in SHAPES:
            image = source.integers(0, 256, shape, dtype=np.uint8)
            ours, theirs = (microseconds(A.Compose([step(A)]), image) for A in (images, albumentations))
            print(f"{name:26}{shape!s:>16}{ours:>9.1f} us{theirs:>13.1f} us{theirs / ours:>8.1f}")


if __name__ == "__main__":
    main()
