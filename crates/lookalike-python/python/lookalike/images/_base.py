"""What all transforms, and what all generators of images, have in common."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from lookalike import _native
from lookalike._arguments import END, protection, refuse, whole_problems
from lookalike._conditions import each, requested
from lookalike._frames.cells import is_missing
from lookalike._model import Fitted
from lookalike._parameters import Parameters, own_names, plain_value, seed_of, warn
from lookalike._progress import progress
from lookalike.exceptions import DataError, ParameterError
from lookalike.images._arrays import levels_of, numpy
from lookalike.images._labels import Labels

#: What OpenCV's constants, which albumentations takes, are called here.
_INTERPOLATIONS = ("nearest", "linear", "cubic", "area", "lanczos4")
_BORDERS = ("constant", "replicate", "reflect", "wrap", "reflect_101")


class Step(Parameters):
    """Something that is done to images, by itself or in a `Compose`."""

    #: What it is called in files.
    _step: ClassVar[str]

    def _options(self) -> dict[str, Any]:
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """The step as files have it, such as `{"HorizontalFlip": {"p": 0.5}}`."""
        return {self._step: self._options()}

    def __call__(self, **targets: Any) -> dict[str, Any]:
        """Do it to an image and to its masks; see `Compose`, which boxes and points need."""
        from lookalike.images._compose import Compose

        alone = self.__dict__.get("_alone")
        if alone is None or alone[0] != self.get_params(deep=False):
            alone = self._alone = (self.get_params(deep=False), Compose([self]))
        return alone[1](**targets)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_alone"}


class Transform(Step):
    """One transform. The public ones say their parameters themselves; see `lookalike.images.HorizontalFlip`."""

    def _options(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self._names()}
        return {name: _word(name, value) for name, value in values.items() if value is not None}


class Mixing(Transform):
    """A transform that takes several images; see `lookalike.images.mix`."""

    def __call__(self, **targets: Any) -> dict[str, Any]:
        raise ParameterError(f"{type(self).__name__} takes several images: use lookalike.images.mix")


def _word(name: str, value: Any) -> Any:
    """A parameter as files have it: OpenCV's numbers become words."""
    words = _BORDERS if name == "border_mode" else _INTERPOLATIONS if "interpolation" in name else None
    if words is None:
        return plain_value(value)
    if isinstance(value, Mapping):
        return {key: _word(name, one) for key, one in value.items()}
    if isinstance(value, int) and 0 <= value < len(words):
        return words[value]
    return plain_value(value)


#: How the library begins to tell that rows were completed.
_COMPLETED = "rows were completed from given ones"


class ImageGenerator(Fitted):
    """Learns images and draws others like them.

    The public generators say their parameters themselves; see `lookalike.images.Flow`.

    Attributes
    ----------
    classes_ : list
        The labels that were learned; None without labels.
    image_shape_ : tuple of int
        Rows, pixels in a row, and channels where the learned array had an axis of them.
    n_rows_ : int
        How many images were learned from.
    warnings_ : list of str
        What was done differently from what one may expect.
    """

    _under = ("image",)

    # Parameters that every generator has; subclasses set them in `__init__`.
    protect: int | None
    random_state: Any
    verbose: bool | None

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn images.

        Parameters
        ----------
        X : array or path
            Images as an array of three dimensions (images, rows, pixels in a row) or four (and channels: 1, 3 or 4), of
            uint8, or of real numbers from 0 to 1, which are learned as 256 levels and come back as real numbers (after `load`
            as uint8: a model's file does not keep the type). Or the path of a folder of pictures
            or of an IDX, NPY or NPZ file, whose classes are learned too.
        y : array or list, optional
            A label for each image, of any type: images are learned and drawn by it.

        Returns
        -------
        self

        Raises
        ------
        DataError
            When they are no images of one size, or cannot be learned.
        ParameterError
            When parameters are not right; all that is wrong with them is told at once.
        KeyboardInterrupt
            On Ctrl-C, within about a second. The generator is as it was before.
        """
        method = self._method_json()
        problems: list[str] = []
        fitting = json.dumps({"protect": protection(self.protect, "images", problems)})
        refuse(problems)
        with progress(self.verbose) as listener:
            table, kind = table_of(X, y, what="images", listener=listener)
            with own_names(self._own):
                model = _native.fit(table, method, fitting, seed_of(self.random_state), listener)
        self._model = model
        self._kind = kind
        self._tell()
        self.warnings_ = [*table.warnings, *model.warnings]
        warn(self.warnings_)
        return self

    def _tell(self) -> None:
        model = self._model
        shape = model.schema.image_shape
        self.image_shape_ = shape[:2] if self._kind.flat and shape[2] == 1 else shape
        names, labels = _native.image_classes(model), self._kind.labels
        self.classes_ = None if names is None or labels is None else [labels.value(name) for name in names]
        self.n_rows_ = model.n_training_rows
        self.warnings_ = list(model.warnings)

    def _adopt(self, model: _native.Model) -> None:
        """Takes a model from a file."""
        names = _native.image_classes(model)
        self._model = model
        self._kind = Kind(True, None, None if names is None else Labels.of_texts(names))
        self._tell()

    def sample(
        self,
        n: int | None = None,
        *,
        conditions: Mapping[str, Any] | Sequence[str] | str | None = None,
        labels: Any = None,
        random_state: Any = None,
        start: int = 0,
    ) -> Any:
        """Draw images.

        The same seed gives the same images, on any number of threads; a shorter sample is the beginning of a longer
        one.

        Parameters
        ----------
        n : int, optional
            How many. As many as were learned from if not given, or as many as there are `labels`.
        conditions : dict, list of str or str, optional
            What every image fulfils: `{"label": 3}`, `{"label": [3, 5]}` for one of several, or texts (`["label!=3"]`).
        labels : array or list, optional
            The label that each image is to have.
        random_state : int, None or NumPy generator, optional
            The seed; the generator's own if None.
        start : int, default=0
            The number of the first image in the endless row that the seed stands for.

        Returns
        -------
        X : numpy.ndarray
            Images with the dimensions and of the type that `fit` was given.
        y : numpy.ndarray or list
            Their labels, of the type that `fit` was given; only where labels were learned.

        Raises
        ------
        ParameterError, DataError
            When arguments are not right, or the model cannot draw such images.
        """
        model = self._learned()
        like = None
        if labels is not None:
            if self._kind.labels is None:
                raise ParameterError("there are no labels to draw by: fit with y")
            if isinstance(labels, (str, bytes)) or not hasattr(labels, "__len__"):
                raise ParameterError("labels must be a list or an array, a label for each image")
            codes, given = Labels.take(labels, None)
            known = [self._kind.labels.text(value) for value in given.values]
            like = _native.image_table(None, (codes, known), model.schema)
            n = len(codes) if n is None else n
        count = self.n_rows_ if n is None else n
        problems = whole_problems(n=count, start=start)
        if not problems and int(start) + int(count) >= END:
            problems.append("start and n together must be below 2**64, where the images that a seed stands for end")
        refuse(problems)
        seed = seed_of(self.random_state if random_state is None else random_state)
        with progress(self.verbose) as listener:
            table = model.sample(
                int(start),
                int(start) + int(count),
                seed,
                **self._requested(conditions),
                like=like,
                listener=listener,
            )
        # That given labels come back as they are is what was asked for.
        warn([one for one in table.warnings if like is None or not one.startswith(_COMPLETED)])
        return self._kind.restore(table)

    def interpolate(
        self, n: int = 5, steps: int = 9, *, conditions: Any = None, random_state: Any = None
    ) -> Any:
        """Ways from one image to another.

        Parameters
        ----------
        n : int, default=5
            How many ways, at most 1,024.
        steps : int, default=9
            How many images each has, its ends among them.
        conditions, random_state
            As for `sample`.

        Returns
        -------
        numpy.ndarray
            Of shape (n, steps, ...).
        """
        return self._ways(_native.interpolate, n, steps, conditions, random_state)

    def traverse(self, n: int = 8, steps: int = 9, *, conditions: Any = None, random_state: Any = None) -> Any:
        """What each of the first latent numbers of an autoencoder does.

        Parameters
        ----------
        n : int, default=8
            How many latent numbers.
        steps : int, default=9
            How many images for each, as it goes from low to high and the others stay.
        conditions, random_state
            As for `sample`.

        Returns
        -------
        numpy.ndarray
            Of shape (n, steps, ...).

        Raises
        ------
        ParameterError
            When the method has no latent numbers, or not so many.
        """
        return self._ways(_native.traverse, n, steps, conditions, random_state)

    def _ways(self, way: Any, n: int, steps: int, conditions: Any, random_state: Any) -> Any:
        model = self._learned()
        refuse(whole_problems(1, n=n, steps=steps))
        seed = seed_of(self.random_state if random_state is None else random_state)
        with progress(self.verbose) as listener:
            buffer, shape = way(
                model, int(n), int(steps), seed, **self._requested(conditions), listener=listener
            )
        return self._kind.images(buffer, shape)

    def _requested(self, conditions: Any) -> dict[str, Any]:
        """Conditions as the native module takes them, with labels as they are called inside."""
        labels = self._kind.labels
        if isinstance(conditions, Mapping) and labels is not None:
            conditions = {
                name: [one if is_missing(one) else labels.text(one) for one in each(value)]
                for name, value in conditions.items()
            }
        texts, named = requested(conditions, self._learned().schema)
        return {"conditions": texts, "named": named}


class Kind:
    """What arrays of images and labels were, which those that come back are too."""

    def __init__(self, flat: bool, dtype: Any, labels: Labels | None) -> None:
        self.flat = flat
        self.dtype = dtype
        self.labels = labels

    def images(self, buffer: bytearray, shape: tuple) -> Any:
        np = numpy()
        images = np.ndarray(shape, np.uint8, buffer)
        if self.flat and images.shape[-1] == 1:
            images = images[..., 0]
        if self.dtype is None:
            return images
        return (images / self.dtype.type(255)).astype(self.dtype)

    def restore(self, table: _native.Table) -> Any:
        images = self.images(*_native.pictures_of(table))
        found = None if self.labels is None else _native.labels_of(table)
        return images if found is None else (images, self.labels.restore(*found))


def table_of(
    X: Any,
    y: Any = None,
    *,
    what: str,
    like: _native.Schema | None = None,
    listener: Any = None,
) -> tuple[_native.Table, Kind]:
    """Images, and their labels if there are any, as a table."""
    if isinstance(X, (str, os.PathLike)):
        if y is not None:
            raise ParameterError("a folder or a file of pictures has its own classes: leave y out")
        table = _native.read_pictures(os.fspath(X), like=like, listener=listener)
        found = _native.labels_of(table)
        return table, Kind(True, None, None if found is None else Labels.of_texts(found[1]))
    levels = levels_of(X, what)
    labels, codes = None, None
    if y is not None:
        codes, labels = Labels.take(y, len(levels), f"labels of {what}" if what != "images" else "labels")
    shape = tuple(levels.shape)
    if like is not None and like.image_shape != shape[1:]:
        raise DataError(f"{what} have another size or other channels than the real ones")
    given = getattr(X, "dtype", None)
    kind = Kind(getattr(X, "ndim", 3) == 3, given if given is not None and given.kind == "f" else None, labels)
    table = _native.image_table((shape, levels), None if labels is None else (codes, labels.texts), like)
    return table, kind
