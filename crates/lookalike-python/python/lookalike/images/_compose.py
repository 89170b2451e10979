"""Several steps, done to an image and to all that belongs to it."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from lookalike import _native
from lookalike._parameters import plain_value, seed_of, warn
from lookalike.exceptions import DataError, ParameterError
from lookalike.images._arrays import array_of, numpy
from lookalike.images._base import Mixing, Step
from lookalike.images._boxes import BboxParams, KeypointParams
from lookalike.images._masks import Mask
from lookalike.images._steps import steps_of

#: What a target can be.
TARGETS = ("image", "images", "mask", "masks", "bboxes", "keypoints")


class Compose(Step):
    """Steps done one after the other to an image, and to the masks, boxes and points that belong to it.

    Parameters
    ----------
    transforms : list of transforms
        What is done, such as `[HorizontalFlip(p=0.5), Rotate(limit=15)]`.
    bbox_params : BboxParams, optional
        How boxes are given.
    keypoint_params : KeypointParams, optional
        How points are given.
    additional_targets : dict, optional
        Further arguments and what they are, such as `{"image2": "image", "depth": "mask"}`: the same is done to them.
    seed : int, optional
        Where chance comes from: the same seed gives the same first call, the same second one, and so on. Without it
        each call, and each process, draws anew.
    p : float, default=1.0
        How likely anything is done, 0 to 1.
    return_params : bool, default=False
        Add `params` to what comes back: all that was drawn, which `replay` does again.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Compose, HorizontalFlip
    >>> image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    >>> Compose([HorizontalFlip(p=1)])(image=image, mask=image)["mask"]
    array([[2, 1, 0],
           [5, 4, 3]], dtype=uint8)
    """

    _step = "Sequential"
    _native = None

    def __init__(
        self,
        transforms: Sequence[Step],
        *,
        bbox_params: BboxParams | Mapping[str, Any] | None = None,
        keypoint_params: KeypointParams | Mapping[str, Any] | None = None,
        additional_targets: Mapping[str, str] | None = None,
        seed: int | None = None,
        p: float = 1.0,
        return_params: bool = False,
    ) -> None:
        self.transforms = transforms
        self.bbox_params = bbox_params
        self.keypoint_params = keypoint_params
        self.additional_targets = additional_targets
        self.seed = seed
        self.p = p
        self.return_params = return_params

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        # What was made from parameters before is not right any longer.
        if not name.startswith("_"):
            self.__dict__.pop("_native", None)

    def __call__(self, *images: Any, **targets: Any) -> dict[str, Any]:
        """Do it.

        Parameters
        ----------
        image : array
            Of shape (rows, pixels in a row) or with a third axis of 1, 3 or 4 channels; of uint8, uint16, or float32
            from 0 to 1.
        mask, masks : array, list of arrays or array, optional
            What pixels belong to: of the size of the image and of any number of channels.
        images : list of arrays or array, optional
            More images to do the same to.
        bboxes, keypoints : list of lists or array, optional
            Boxes and points in the format that `bbox_params` and `keypoint_params` say.
        **targets
            `additional_targets`, the label fields of boxes and points, and anything else, which comes back as it is.

        Returns
        -------
        dict
            What was given, changed.

        Raises
        ------
        DataError
            When a target is not as it must be.
        ParameterError
            When the steps are not right; all that is wrong is told at once.
        """
        native = self._native or self._built()
        if len(targets) == 1 and "image" in targets and not images and not self.return_params:
            buffer, shape, code = native.run(targets["image"])
            targets["image"] = self._array(shape, self._types[code], buffer)
            return targets
        if images:
            raise ParameterError("targets are given by name: call it with image=...")
        if "image" not in targets:
            raise ParameterError("image is missing: call it with image=...")
        record = native.draw(targets["image"])
        done = self._done(record, targets)
        if self.return_params:
            done["params"] = json.loads(record.to_json())
        return done

    def replay(self, params: Mapping[str, Any], **targets: Any) -> dict[str, Any]:
        """Do again what was drawn before.

        Parameters
        ----------
        params : dict
            What came back as `params`, or the `record` in a line of the `manifest.jsonl` that `augment` writes.
        **targets
            As for a call.

        Returns
        -------
        dict
            What was given, changed. The same images give the same bytes.
        """
        self._native or self._built()
        if "image" not in targets:
            raise ParameterError("image is missing: call it with image=...")
        return self._done(_native.Record(json.dumps(params)), targets)

    def set_random_seed(self, seed: int | None) -> None:
        """Begin anew with this seed.

        Parameters
        ----------
        seed : int or None
            As `Compose` takes it.
        """
        self.seed = seed

    def __len__(self) -> int:
        return len(self.transforms)

    def __getitem__(self, number: int) -> Step:
        return self.transforms[number]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.transforms)

    def to_dict(self) -> dict[str, Any]:
        """All parameters, as JSON has them; `from_dict` makes the same from them."""
        made: dict[str, Any] = {"pipeline": self._pipeline()}
        for name in ("bbox_params", "keypoint_params"):
            params = getattr(self, name)
            if params is not None:
                made[name] = dict(params) if isinstance(params, Mapping) else params.get_params()
        for name in ("additional_targets", "seed"):
            if getattr(self, name) is not None:
                made[name] = plain_value(getattr(self, name))
        if self.return_params:
            made["return_params"] = True
        return made

    @classmethod
    def from_dict(cls, made: Mapping[str, Any]) -> Self:
        """What `to_dict` has said, or a pipeline as the program reads it (`{"steps": [{"HorizontalFlip": {}}]}`).

        Parameters
        ----------
        made : dict
            Either of them.

        Returns
        -------
        Compose

        Raises
        ------
        ParameterError
            When it is neither.
        """
        if "pipeline" not in made and {"steps", "mix"} & set(made):
            made = {"pipeline": made}
        unknown = set(made) - {"pipeline", *cls._names()} | ({"transforms", "p"} & set(made))
        if unknown or "pipeline" not in made:
            raise ParameterError("this is not what to_dict of Compose gives, nor a pipeline")
        pipeline, others = dict(made["pipeline"]), {name: made[name] for name in made if name != "pipeline"}
        for name, kind in (("bbox_params", BboxParams), ("keypoint_params", KeypointParams)):
            if isinstance(others.get(name), Mapping):
                others[name] = kind(**others[name])
        keeping = pipeline.get("keeping") or {}
        bounds = {name: keeping[name] for name in ("min_area", "min_visibility") if keeping.get(name)}
        if bounds and "bbox_params" not in others:
            others["bbox_params"] = BboxParams("pascal_voc", **bounds)
        steps = [*pipeline.get("steps", ()), *pipeline.get("mix", ())]
        return cls(steps_of(steps), **others)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file: TOML if its name ends with `.toml`, JSON otherwise.

        JSON has all of it. TOML has the steps and which boxes and points are kept, as the program's `augment --pipeline`
        reads it; what is left out is warned of.

        Parameters
        ----------
        path : str or path
            The file. One that is there is replaced.

        Raises
        ------
        ParameterError
            When the steps are not right, or it is to be YAML.
        OSError
            When there cannot be such a file.
        """
        if _is_toml(path):
            text = self._checked().to_toml()
            left_out = self._beside_steps()
            if left_out:
                warn([f"a TOML file has no place for {', '.join(left_out)}: JSON has all of it"])
        else:
            text = json.dumps(self.to_dict(), indent=2) + "\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` has written, or a pipeline that was written by hand.

        Parameters
        ----------
        path : str or path
            A file of TOML if its name ends with `.toml`, of JSON otherwise.

        Returns
        -------
        Compose

        Raises
        ------
        FileNotFoundError
            When there is no such file.
        ParameterError
            When it is no pipeline.
        """
        if _is_toml(path):
            return cls.from_dict(json.loads(_native.Pipeline.read_toml(os.fspath(path))))
        with open(path, encoding="utf-8") as file:
            try:
                made = json.load(file)
            except ValueError:
                made = None
        if not isinstance(made, Mapping):
            raise ParameterError("the file is no JSON of a Compose")
        return cls.from_dict(made)

    def _options(self) -> dict[str, Any]:
        """As a step of another one."""
        return {"steps": [_nested(step) for step in steps_in(self)], "p": self.p}

    def _beside_steps(self) -> list[str]:
        """The parameters that are set and belong to no step."""
        kept = {
            "bbox_params": {"format", "min_area", "min_visibility"},
            "keypoint_params": {"format", "remove_invisible"},
        }
        names = ["seed"] if self.seed is not None else []
        for name, params in zip(kept, self._params()):
            if params is not None:
                names.append(f"the format in {name}")
                usual = {key: one.default for key, one in inspect.signature(type(params)).parameters.items()}
                given = params.get_params()
                names += [f"{key} in {name}" for key in given if key not in kept[name] and given[key] != usual[key]]
        return names + [name for name in ("additional_targets", "return_params") if getattr(self, name)]

    def _pipeline(self) -> dict[str, Any]:
        steps = steps_in(self)
        made: dict[str, Any] = {"steps": [_nested(step) for step in steps if not isinstance(step, Mixing)]}
        mixing = [step.to_dict() for step in steps if isinstance(step, Mixing)]
        if mixing:
            made["mix"] = mixing
        if self.p != 1:
            made["steps"] = [{"Sequential": {"steps": made["steps"], "p": self.p}}]
        boxes, points = self._params()
        keeping = {}
        if boxes is not None:
            keeping.update(min_area=boxes.min_area, min_visibility=boxes.min_visibility)
        if points is not None:
            keeping["remove_invisible"] = points.remove_invisible
        if keeping:
            made["keeping"] = keeping
        return made

    def _params(self) -> tuple[BboxParams | None, KeypointParams | None]:
        boxes, points = self.bbox_params, self.keypoint_params
        boxes = BboxParams(**boxes) if isinstance(boxes, Mapping) else boxes
        points = KeypointParams(**points) if isinstance(points, Mapping) else points
        return boxes, points

    def _checked(self) -> _native.Pipeline:
        boxes, points = self._params()
        problems = [problem for one in (boxes, points) if one is not None for problem in one._problems()]
        for name, kind in (self.additional_targets or {}).items():
            if kind not in TARGETS or name in TARGETS:
                problems.append(f"additional_targets: {name!r} must be another name for one of {', '.join(TARGETS)}")
        if problems:
            raise ParameterError("; ".join(problems), problems)
        fixed = self.seed is not None
        return _native.Pipeline(json.dumps(self._pipeline()), seed_of(self.seed), fixed)

    def _built(self) -> _native.Pipeline:
        np = numpy()
        native = self._checked()
        if any(isinstance(step, Mixing) for step in steps_in(self)):
            raise ParameterError("steps that take several images go with augment, or lookalike.images.mix")
        self._array, self._types = np.ndarray, (np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.float32))
        self._boxes, self._points = self._params()
        self._kinds = {**{name: name for name in TARGETS}, **(self.additional_targets or {})}
        self._native = native
        return native

    def _done(self, record: _native.Record, targets: dict[str, Any]) -> dict[str, Any]:
        """Does what was drawn to all targets."""
        done = dict(targets)
        image = targets["image"]
        # What has no such shape is refused where the image is taken.
        height, width = image.shape[:2] if getattr(image, "ndim", 0) >= 2 else (1, 1)
        present = {name: self._kinds[name] for name in targets if name in self._kinds and targets[name] is not None}
        masks = {}
        for name, kind in present.items():
            if kind == "mask":
                masks[name] = [Mask(targets[name], name)]
            elif kind == "masks":
                masks[name] = [Mask(one, f"{name}[{number}]") for number, one in enumerate(targets[name])]
        planes = [plane for each in masks.values() for mask in each for plane in mask.planes]
        taken, edges, places = self._marks("bboxes", "keypoints", targets, height, width)
        picture, moved, boxes, points = record.apply(image, planes, edges, places)
        done["image"] = array_of(picture)
        size = picture[1][:2]
        arrays = iter(moved)
        for name, each in masks.items():
            restored = [mask.restore([array_of(next(arrays)) for _ in mask.planes]) for mask in each]
            if present[name] == "mask":
                done[name] = restored[0]
            else:
                done[name] = restored if not hasattr(targets[name], "dtype") else numpy().stack(restored)
        self._restore("bboxes", "keypoints", targets, done, (taken, boxes, points), size)
        for name, kind in present.items():
            if kind == "image" and name != "image":
                done[name] = self._further(record, targets[name], name, (height, width))
            elif kind == "images":
                each = [
                    self._further(record, one, f"{name}[{number}]", (height, width))
                    for number, one in enumerate(targets[name])
                ]
                done[name] = each if not hasattr(targets[name], "dtype") else numpy().stack(each)
            elif kind in ("bboxes", "keypoints") and name != kind:
                names = (name, None) if kind == "bboxes" else (None, name)
                taken, edges, places = self._marks(*names, targets, height, width)
                boxes, points = record.travel((height, width), edges, places)
                self._restore(*names, targets, done, (taken, boxes, points), size)
        return done

    def _further(self, record: _native.Record, image: Any, name: str, size: tuple[int, int]) -> Any:
        if getattr(image, "shape", size)[:2] != size:
            raise DataError(f"{name} and image must be of one size")
        return array_of(record.apply(image, what=name)[0])

    def _marks(
        self, boxes: str | None, points: str | None, targets: dict[str, Any], height: int, width: int
    ) -> tuple[list[int], list[tuple], list[tuple]]:
        taken, edges, places = [], [], []
        if boxes is not None and targets.get(boxes) is not None:
            if self._boxes is None:
                raise ParameterError(f"{boxes} need bbox_params=BboxParams(format=...), which says how they are given")
            _same_counts(self._boxes.label_fields, targets, boxes)
            taken, edges = self._boxes._edges(targets[boxes], height, width, boxes)
        if points is not None and targets.get(points) is not None:
            if self._points is None:
                raise ParameterError(
                    f"{points} need keypoint_params=KeypointParams(format=...), which says how they are given"
                )
            _same_counts(self._points.label_fields, targets, points)
            places = self._points._places(targets[points], points)
        return taken, edges, places

    def _restore(
        self,
        boxes: str | None,
        points: str | None,
        targets: dict[str, Any],
        done: dict[str, Any],
        moved: tuple[list[int], list[tuple], list[tuple]],
        size: Sequence[int],
    ) -> None:
        taken, left_boxes, left_points = moved
        height, width = size
        if boxes is not None and targets.get(boxes) is not None:
            done[boxes], kept = self._boxes._restore(left_boxes, taken, targets[boxes], height, width)
            _keep(self._boxes.label_fields if boxes == "bboxes" else None, targets, done, kept)
        if points is not None and targets.get(points) is not None:
            done[points], kept = self._points._restore(left_points, targets[points])
            _keep(self._points.label_fields if points == "keypoints" else None, targets, done, kept)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name in self._names()}


class ReplayCompose(Compose):
    """A `Compose` whose results say under `replay` what was drawn, and whose `replay` needs nothing but that.

    Parameters
    ----------
    transforms, bbox_params, keypoint_params, additional_targets, seed, p
        As for `Compose`.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import HorizontalFlip, ReplayCompose
    >>> image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    >>> once = ReplayCompose([HorizontalFlip()])(image=image)
    >>> again = ReplayCompose.replay(once["replay"], image=image)
    >>> bool((again["image"] == once["image"]).all())
    True
    """

    def __init__(
        self,
        transforms: Sequence[Step],
        *,
        bbox_params: BboxParams | Mapping[str, Any] | None = None,
        keypoint_params: KeypointParams | Mapping[str, Any] | None = None,
        additional_targets: Mapping[str, str] | None = None,
        seed: int | None = None,
        p: float = 1.0,
    ) -> None:
        super().__init__(
            transforms,
            bbox_params=bbox_params,
            keypoint_params=keypoint_params,
            additional_targets=additional_targets,
            seed=seed,
            p=p,
            return_params=True,
        )

    def __call__(self, *images: Any, **targets: Any) -> dict[str, Any]:
        """As `Compose` does it; see there."""
        done = super().__call__(*images, **targets)
        done["replay"] = {**self.to_dict(), "params": done.pop("params")}
        return done

    @staticmethod
    def replay(replay: Mapping[str, Any], **targets: Any) -> dict[str, Any]:  # type: ignore[override]
        """Do again what was drawn before.

        Parameters
        ----------
        replay : dict
            What came back as `replay`.
        **targets
            As for a call.
        """
        made = {name: value for name, value in replay.items() if name not in ("params", "return_params")}
        return Compose.from_dict(made).replay(replay["params"], **targets)


class _Choice(Step):
    """Several steps of which some are done."""

    transforms: Sequence[Step]
    p: float

    def _options(self) -> dict[str, Any]:
        return {"steps": [_nested(step) for step in steps_in(self)], "p": self.p}

    def __len__(self) -> int:
        return len(self.transforms)

    def __getitem__(self, number: int) -> Step:
        return self.transforms[number]


class OneOf(_Choice):
    """One of several transforms, each as likely as its `p` says beside those of the others. It is done for certain.

    Parameters
    ----------
    transforms : list of transforms
        At least one.
    p : float, default=0.5
        How likely any of it is done, 0 to 1.
    """

    _step = "OneOf"

    def __init__(self, transforms: Sequence[Step], p: float = 0.5) -> None:
        self.transforms = transforms
        self.p = p


class SomeOf(_Choice):
    """`n` of several transforms, in their order, each then with its own probability.

    Parameters
    ----------
    transforms : list of transforms
        At least one.
    n : int, default=1
        How many.
    replace : bool, default=False
        The same one may be chosen again.
    p : float, default=1.0
        How likely any of it is done, 0 to 1.
    """

    _step = "SomeOf"

    def __init__(self, transforms: Sequence[Step], n: int = 1, replace: bool = False, p: float = 1.0) -> None:
        self.transforms = transforms
        self.n = n
        self.replace = replace
        self.p = p

    def _options(self) -> dict[str, Any]:
        return {**super()._options(), "n": self.n, "replace": self.replace}


class Sequential(_Choice):
    """All of several transforms, each with its own probability, or none of them.

    Parameters
    ----------
    transforms : list of transforms
        At least one.
    p : float, default=0.5
        How likely any of it is done, 0 to 1.
    """

    _step = "Sequential"

    def __init__(self, transforms: Sequence[Step], p: float = 0.5) -> None:
        self.transforms = transforms
        self.p = p


def steps_in(whole: Compose | _Choice) -> list[Step]:
    """The steps that something is made of."""
    steps = whole.transforms
    if not isinstance(steps, Iterable) or isinstance(steps, Step) or not all(isinstance(step, Step) for step in steps):
        raise ParameterError("transforms must be a list of transforms, such as [HorizontalFlip()]")
    return list(steps)


def _is_toml(path: str | os.PathLike[str]) -> bool:
    ending = os.path.splitext(os.fspath(path))[1].lower()
    if ending in (".yaml", ".yml"):
        raise ParameterError(
            "pipelines are files of JSON or TOML, not of YAML: name it so that it ends with .json or .toml"
        )
    return ending == ".toml"


def _nested(step: Step) -> dict[str, Any]:
    """A step within others. A `Compose` there is a `Sequential`: boxes and seeds are the outermost one's."""
    if isinstance(step, Mixing):
        raise ParameterError("steps that take several images cannot be within others")
    return {step._step: step._options()}


def _same_counts(fields: Sequence[str] | None, targets: dict[str, Any], name: str) -> None:
    for field in fields or ():
        if field not in targets:
            raise ParameterError(f"{field} is missing, which label_fields names")
        if name in ("bboxes", "keypoints") and len(targets[field]) != len(targets[name]):
            raise DataError(f"there are {len(targets[name])} {name} and {len(targets[field])} {field}")


def _keep(fields: Sequence[str] | None, targets: dict[str, Any], done: dict[str, Any], kept: list[int]) -> None:
    for field in fields or ():
        values = targets[field]
        done[field] = values[kept] if hasattr(values, "dtype") else [values[number] for number in kept]
