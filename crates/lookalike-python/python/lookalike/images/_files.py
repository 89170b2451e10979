"""Folders and files of pictures, and pictures side by side."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lookalike import _native
from lookalike._arguments import refuse, whole_problems
from lookalike._parameters import own_names, seed_of, warn
from lookalike._paths import writable
from lookalike._progress import progress
from lookalike.exceptions import ParameterError
from lookalike.images._arrays import array_of
from lookalike.images._base import Mixing, Step, table_of
from lookalike.images._compose import Compose


@dataclass(frozen=True)
class Augmented:
    """What `augment` has made. Each parameter is an attribute.

    Parameters
    ----------
    written : int
        Pictures that were written, originals included.
    classes : dict
        How many of each class.
    refused : list of dict
        Files that were left out, and why.
    manifest : str
        The file that says what was done to each; `Compose.replay` does it again.
    """

    written: int
    classes: dict[str, int]
    refused: list[dict[str, str]]
    manifest: str


def augment(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    pipeline: Step | Sequence[Step] | str | os.PathLike[str],
    *,
    copies: int = 1,
    balance: bool = False,
    originals: bool = False,
    format: str | None = None,
    quality: int = 95,
    labels: str | os.PathLike[str] | None = None,
    annotations: str | os.PathLike[str] | None = None,
    masks: str | os.PathLike[str] | None = None,
    preview: str | os.PathLike[str] | None = None,
    strict: bool = False,
    max_side: int = 16_384,
    random_state: Any = 0,
    verbose: bool | None = None,
) -> Augmented:
    """Make changed copies of the pictures in a folder or a file, on all processors.

    What is drawn for a picture depends on the seed, its name and the number of the copy only: `lookalike augment` makes
    the same bytes.

    Parameters
    ----------
    source : path
        A folder of PNG, JPEG, WebP, BMP or TIFF files, whose sub-folders are classes, or an IDX, NPY, NPZ or CSV file.
    out : path
        A folder, or a file whose name ends in `.npy`, `.idx` or `ubyte`, also with `.gz`.
    pipeline : transform, list of transforms, Compose or path
        What is done; or a file of it, JSON or TOML.
    copies : int, default=1
        How many of each.
    balance : bool, default=False
        Instead, as many of each class as bring it to the count of the largest one, the originals included.
    originals : bool, default=False
        Write the originals too.
    format : {'png', 'jpeg', 'webp', 'bmp', 'tiff'}, optional
        Of the new files; that of the original if not given.
    quality : int, default=95
        JPEG's quality, 1 to 100.
    labels : path, optional
        A file of classes.
    annotations : path, optional
        A COCO file, or a folder of YOLO files: boxes and points that move with the pictures.
    masks : path, optional
        A folder of masks, named as the pictures are.
    preview : path, optional
        Write the first new pictures side by side, as a PNG file.
    strict : bool, default=False
        Stop at the first file that cannot be used, instead of leaving it out with a warning.
    max_side : int, default=16384
        Refuse pictures that are wider or higher.
    random_state : int, None or NumPy generator, default=0
        The seed; None for other copies each time.
    verbose : bool, optional
        Show how far it is; if not given, when somebody watches.

    Returns
    -------
    Augmented

    Raises
    ------
    ParameterError, DataError
        When arguments are not right, or pictures cannot be used.
    FileNotFoundError
        When there is no such folder or file.
    """
    if isinstance(pipeline, (str, os.PathLike)):
        pipeline = Compose.load(pipeline)
    elif not isinstance(pipeline, Compose):
        pipeline = Compose([pipeline] if isinstance(pipeline, Step) else pipeline)
    problems = whole_problems(1, copies=copies, quality=quality, max_side=max_side)
    if not problems and quality > 100:
        problems.append("quality must be within 1 to 100")
    if balance and copies != 1:
        problems.append("copies goes without balance, which decides how many there are")
    refuse(problems)
    wish = {
        "copies": None if balance else int(copies),
        "originals": bool(originals),
        "format": format,
        "quality": int(quality),
        "strict": bool(strict),
        "max_side": int(max_side),
    }
    paths = {"labels": labels, "annotations": annotations, "masks": masks, "preview": preview}
    wish.update({name: None if path is None else os.fspath(path) for name, path in paths.items()})
    steps = json.dumps(pipeline._pipeline())
    with progress(verbose) as listener, own_names({}):
        told, left_out = _native.augment(
            os.fspath(source), os.fspath(out), steps, json.dumps(wish), seed_of(random_state), listener
        )
    warn(left_out)
    return Augmented(**json.loads(told))


def grid(X: Any, path: str | os.PathLike[str] | None = None, *, columns: int | None = None) -> Any:
    """Images side by side, small ones enlarged by whole factors.

    Parameters
    ----------
    X : array
        Images as a generator's `sample` gives them, or in rows as `interpolate` does.
    path : str or path, optional
        A PNG file to write.
    columns : int, optional
        How many in a row; about as many as there are rows if not given.

    Returns
    -------
    numpy.ndarray or None
        The picture, (rows, pixels in a row, 3) of uint8; None where it is written to a file.

    Raises
    ------
    ParameterError, DataError
        When arguments are not right, or there are no images.
    OSError
        When there cannot be such a file.
    """
    shape, steps = getattr(X, "shape", ()), None
    if len(shape) == 5 or (len(shape) == 4 and shape[3] not in (1, 3, 4)):
        steps = shape[1]
        X = X.reshape(-1, *shape[2:])
    table, _ = table_of(X, what="images")
    if columns is None:
        columns = steps or max(1, int(table.n_rows**0.5))
    refuse(whole_problems(1, columns=columns))
    if path is None:
        return array_of(_native.grid(table, int(columns)))
    _native.write_grid(table, int(columns), writable(path))
    return None


def mix(
    step: Mixing,
    images: Sequence[Any],
    labels: Sequence[Any] | None = None,
    *,
    masks: Sequence[Any] = (),
    random_state: Any = None,
) -> dict[str, Any]:
    """Bring several images together.

    Parameters
    ----------
    step : MixUp, CutMix or Mosaic
        How.
    images : list of arrays
        The image to begin with, and those that are mixed into it: one for `MixUp` and `CutMix`, three for `Mosaic`.
    labels : list, optional
        Their labels.
    masks : list of arrays, optional
        Their masks.
    random_state : int, None or NumPy generator, optional
        The seed; another each time if not given.

    Returns
    -------
    dict
        `image`, `mask` where masks were given, and `shares`: how much of each label it is, or, without labels, how much
        of each image by its number. They sum to one.
    """
    if not isinstance(step, Mixing):
        raise ParameterError("step must be one that takes several images: MixUp, CutMix or Mosaic")
    if labels is not None and len(labels) != len(images):
        raise ParameterError(f"there are {len(images)} images and {len(labels)} labels")
    seed = seed_of(random_state)
    image, mask, shares = _native.mix(json.dumps(step.to_dict()), list(images), list(masks), seed)
    done = {"image": array_of(image)}
    if mask is not None:
        done["mask"] = array_of(mask)
    of_label: dict[Any, float] = {}
    for number, share in shares:
        label = number if labels is None else labels[number]
        label = label.item() if hasattr(label, "item") else label
        of_label[label] = of_label.get(label, 0.0) + share
    return {**done, "shares": of_label}
