"""Images as NumPy arrays: changed copies of them, and generators that learn them.

>>> import numpy as np
>>> from lookalike.images import Compose, GaussNoise, HorizontalFlip
>>> augment = Compose([HorizontalFlip(p=0.5), GaussNoise(std_range=(0.02, 0.1), p=0.5)], seed=1)
>>> augment(image=np.full((28, 28), 100, np.uint8))["image"].shape
(28, 28)
"""

from lookalike.images import _generators, _transforms
from lookalike.images._base import ImageGenerator, Mixing, Transform
from lookalike.images._boxes import BboxParams, KeypointParams
from lookalike.images._compose import Compose, OneOf, ReplayCompose, Sequential, SomeOf
from lookalike.images._evaluation import evaluate
from lookalike.images._files import Augmented, augment, grid, mix
from lookalike.images._generators import *  # noqa: F403
from lookalike.images._mixing import CutMix, Mosaic, MixUp
from lookalike.images._transforms import *  # noqa: F403

__all__ = [
    "Augmented",
    "BboxParams",
    "Compose",
    "CutMix",
    "ImageGenerator",
    "KeypointParams",
    "MixUp",
    "Mixing",
    "Mosaic",
    "OneOf",
    "ReplayCompose",
    "Sequential",
    "SomeOf",
    "Transform",
    "augment",
    "evaluate",
    "grid",
    "mix",
    *_generators.__all__,
    *_transforms.__all__,
]
