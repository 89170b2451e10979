"""Steps from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lookalike.exceptions import ParameterError


def steps_of(steps: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Steps as files have them (`[{"HorizontalFlip": {"p": 1}}]`), as objects.

    Raises
    ------
    ParameterError
        When there is no such step, or it has no such parameter.
    """
    return [_step(step) for step in steps]


def _step(step: Mapping[str, Any]) -> Any:
    from lookalike import images
    from lookalike.images._base import Step

    if not isinstance(step, Mapping) or len(step) != 1:
        raise ParameterError("a step is one name with its parameters, such as {'HorizontalFlip': {'p': 0.5}}")
    ((name, options),) = step.items()
    kind = getattr(images, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Step)) or kind.__dict__.get("_step") != name:
        raise ParameterError(f"there is no transform {name!r}")
    names = [option for option in kind._names() if option != "transforms"] + ["steps"] * hasattr(kind, "__len__")
    unknown = [option for option in options if option not in names]
    if unknown:
        raise ParameterError(f"{name} has no parameter {', '.join(map(repr, unknown))}; it has {', '.join(names)}")
    if "steps" in options:
        others = {option: value for option, value in options.items() if option != "steps"}
        return kind(steps_of(options["steps"]), **others)
    return kind(**options)
