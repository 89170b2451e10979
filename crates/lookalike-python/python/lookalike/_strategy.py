"""`sampling_strategy`, as imbalanced-learn has it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from numbers import Real
from typing import Any

from lookalike._labels import Labels
from lookalike._words import a
from lookalike.exceptions import ParameterError

#: What can be done to classes: rows are added, so many are left, or a method decides itself which ones go.
OVER, UNDER, CLEAN = "over-sampling", "under-sampling", "clean-sampling"

NAMES = ("minority", "majority", "not minority", "not majority", "all", "auto")


def resolved(strategy: Any, sampling: str, labels: Labels) -> OrderedDict[Any, int]:
    """For each class that is meant, in their order, how many rows are added to it, or left of it.

    Of classes that are equally large the first is the smallest or largest. Methods that clean decide themselves; there the
    number is that of the smallest class.
    """
    counts = dict(zip(labels.classes, labels.counts))
    if callable(strategy) and not isinstance(strategy, (str, type)):
        strategy = strategy(labels.flat)
        if not isinstance(strategy, Mapping):
            raise ParameterError("a function as sampling_strategy returns a dict of classes and numbers")
    if isinstance(strategy, str):
        meant = _by_name(strategy, sampling, counts)
    elif isinstance(strategy, Mapping):
        meant = _by_count(strategy, sampling, counts)
    elif isinstance(strategy, (list, tuple, set, frozenset)):
        meant = _by_list(list(strategy), sampling, counts)
    elif isinstance(strategy, Real) and not isinstance(strategy, bool):
        meant = _by_ratio(float(strategy), sampling, counts)
    else:
        raise ParameterError(
            f"sampling_strategy should be of type str, float, dict, list or a function, and is {a(strategy)}"
        )
    return OrderedDict((label, meant[label]) for label in labels.classes if label in meant)


def wish(strategy: Mapping[Any, int], sampling: str, labels: Labels) -> dict[str, Any]:
    """The same for the native module, which knows classes by their numbers."""
    place = {label: number for number, label in enumerate(labels.classes)}
    if sampling == CLEAN:
        return {"classes": [class_name(place[label]) for label in strategy]}
    before = labels.counts if sampling == OVER else [0] * len(labels.counts)
    return {"counts": [[class_name(place[label]), before[place[label]] + rows] for label, rows in strategy.items()]}


def class_name(number: int) -> str:
    """A class's name: one whose order as text is that of the numbers."""
    return f"{number:09}"


def _by_name(name: str, sampling: str, counts: dict[Any, int]) -> dict[Any, int]:
    if name not in NAMES:
        raise ParameterError(
            f"When 'sampling_strategy' is a string, it needs to be one of {', '.join(map(repr, NAMES))}. Got {name!r} instead."
        )
    smallest, largest = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    opposite = "majority" if sampling == OVER else "minority"
    if name == opposite:
        kind = "over-sampler" if sampling == OVER else "under-sampler and clean-sampler"
        raise ParameterError(f"'sampling_strategy'='{name}' cannot be used with {kind}.")
    if name == "auto":
        name = "not majority" if sampling == OVER else "not minority"
    meant = {
        "minority": [smallest],
        "majority": [largest],
        "not minority": [label for label in counts if label != smallest],
        "not majority": [label for label in counts if label != largest],
        "all": list(counts),
    }[name]
    if sampling == OVER:
        return {label: counts[largest] - counts[label] for label in meant}
    return dict.fromkeys(meant, counts[smallest])


def _unknown(meant: Any, counts: dict[Any, int]) -> list[str]:
    # These are the caller's own words, not the table's.
    unknown = [repr(label) for label in meant if label not in counts]
    return [f"The {', '.join(unknown)} target class is/are not present in the data."] if unknown else []


def _by_count(wanted: Mapping[Any, Any], sampling: str, counts: dict[Any, int]) -> dict[Any, int]:
    if sampling == CLEAN:
        raise ParameterError(
            "'sampling_strategy' as a dict for cleaning methods is not supported. Please give a list of the classes to be targeted "
            "by the sampling."
        )
    problems = _unknown(wanted, counts)
    meant = {}
    for label, rows in wanted.items():
        if isinstance(rows, bool) or not isinstance(rows, Real) or rows != int(rows):
            problems.append("the number of samples of a class in 'sampling_strategy' must be a whole number")
        elif rows < 0:
            problems.append(
                "The number of samples in a class cannot be negative: 'sampling_strategy' contains some negative value"
            )
        elif label in counts and sampling == OVER and rows < counts[label]:
            problems.append(
                "With over-sampling methods, the number of samples in a class should be greater or equal to the original number of "
                f"samples. Originally, there is {counts[label]} samples and {rows} samples are asked."
            )
        elif label in counts and sampling == UNDER and rows > counts[label]:
            problems.append(
                "With under-sampling methods, the number of samples in a class should be less or equal to the original number of "
                f"samples. Originally, there is {counts[label]} samples and {rows} samples are asked."
            )
        elif label in counts:
            meant[label] = int(rows) - (counts[label] if sampling == OVER else 0)
    if problems:
        raise ParameterError(" ".join(problems), problems)
    return meant


def _by_list(meant: list[Any], sampling: str, counts: dict[Any, int]) -> dict[Any, int]:
    if sampling != CLEAN:
        raise ParameterError("'sampling_strategy' cannot be a list for samplers which are not cleaning methods.")
    problems = _unknown(meant, counts)
    if problems:
        raise ParameterError(problems[0], problems)
    return dict.fromkeys(meant, min(counts.values()))


def _by_ratio(ratio: float, sampling: str, counts: dict[Any, int]) -> dict[Any, int]:
    if not 0 < ratio <= 1:
        raise ParameterError(
            f"When 'sampling_strategy' is a float, it should be in the range (0, 1]. Got {ratio} instead."
        )
    if sampling == CLEAN:
        raise ParameterError("'clean-sampling' methods do not let the user specify the sampling ratio: name classes instead.")
    if len(counts) != 2:
        raise ParameterError(
            '"sampling_strategy" can be a float only when the type of target is binary. For multi-class, use a dict.'
        )
    smallest, largest = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    if sampling == OVER:
        added = {label: int(counts[largest] * ratio - count) for label, count in counts.items() if label != largest}
        if any(rows <= 0 for rows in added.values()):
            raise ParameterError(
                "The specified ratio required to remove samples from the minority class while trying to generate new samples. "
                "Please increase the ratio."
            )
        return added
    left = {label: int(counts[smallest] / ratio) for label in counts if label != smallest}
    if any(rows > counts[label] for label, rows in left.items()):
        raise ParameterError(
            "The specified ratio required to generate new sample in the majority class while trying to remove samples. Please "
            "increase the ratio."
        )
    return left
