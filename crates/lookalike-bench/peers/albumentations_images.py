"""How many pictures albumentations changes in a CPU second, and how long a folder of JPEG files takes it with two processes.

    albumentations_images.py rates SECONDS
    albumentations_images.py folder IN OUT
"""

import json
import os
import sys
import time
from multiprocessing import Pool
from pathlib import Path

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
import albumentations as A
import cv2
import numpy as np

cv2.setNumThreads(1)

NOISE = 25 / 255
TRANSFORMS = {
    "rotate": A.Rotate(limit=45, p=1),
    "flip": A.HorizontalFlip(p=1),
    "noise": A.GaussNoise(std_range=(NOISE, NOISE), p=1),
    "affine": A.Affine(scale=(0.8, 1.2), rotate=(-15, 15), shear=(-10, 10), p=1),
    "perspective": A.Perspective(p=1),
    "elastic": A.ElasticTransform(alpha=50, sigma=5, p=1),
    "grid distortion": A.GridDistortion(p=1),
    "resize": A.Resize(64, 64, p=1),
    "gaussian blur": A.GaussianBlur(sigma_limit=(1, 1), p=1),
    "median blur": A.MedianBlur(blur_limit=(3, 3), p=1),
    "brightness": A.RandomBrightnessContrast(p=1),
    "color jitter": A.ColorJitter(p=1),
    "clahe": A.CLAHE(p=1),
    "salt and pepper": A.SaltAndPepper(p=1),
    "dropout": A.CoarseDropout(p=1),
    "compression": A.ImageCompression(quality_range=(80, 80), p=1),
}


def rates(seconds):
    random = np.random.default_rng(0)
    figures = {}
    for size, shape in [("28", (28, 28)), ("256", (256, 256, 3))]:
        image = random.integers(0, 256, shape, dtype=np.uint8)
        for name, transform in TRANSFORMS.items():
            if name == "color jitter" and size == "28":
                continue
            for _ in range(10):
                transform(image=image)
            start, count = time.process_time(), 0
            while time.process_time() - start < seconds:
                transform(image=image)
                count += 1
            figures[f"{name} {size}"] = count / (time.process_time() - start)
    return figures


STEPS = A.Compose(
    [
        A.HorizontalFlip(p=0.5),
        A.Rotate(limit=15, border_mode=cv2.BORDER_REFLECT_101, p=1),
        A.RandomBrightnessContrast(p=1),
        A.GaussianBlur(sigma_limit=(0.5, 1.5), p=1),
        A.GaussNoise(std_range=(0.05, 0.1), p=1),
    ],
    seed=7,
)


def one(paths):
    image = cv2.cvtColor(cv2.imread(paths[0]), cv2.COLOR_BGR2RGB)
    image = STEPS(image=image)["image"]
    cv2.imwrite(paths[1], cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 95])


def folder(source, target):
    Path(target).mkdir(parents=True, exist_ok=True)
    files = [(str(p), str(Path(target) / p.name)) for p in sorted(Path(source).glob("*.jpg"))]
    with Pool(2) as pool:
        pool.map(abs, range(2))
        start = time.perf_counter()
        pool.map(one, files, chunksize=16)
        wall = time.perf_counter() - start
    times = os.times()
    return {"wall": wall, "cpu": times.children_user + times.children_system}


print(json.dumps(rates(float(sys.argv[2])) if sys.argv[1] == "rates" else folder(*sys.argv[2:])))
