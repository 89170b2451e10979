"""What arguments must be; all that is wrong with them is told at once."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lookalike._parameters import plain_value
from lookalike.exceptions import ParameterError

#: Where the numbers of rows end, and seeds.
END = 2**64


def refuse(problems: Sequence[str]) -> None:
    """Raise if there are problems."""
    if problems:
        raise ParameterError("; ".join(problems), list(problems))


def is_whole(value: Any) -> bool:
    """True for whole numbers, those of NumPy too, and not for truth values."""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return False
    try:
        operator.index(value)
    except TypeError:
        return False
    return True


def whole_problems(least: int = 0, **values: Any) -> list[str]:
    """What is wrong with values that must be whole numbers of at least `least`."""
    wanted = "from 0" if least == 0 else f"of at least {least}"
    return [
        f"{name} must be a whole number {wanted}" + (" and below 2**64" if is_whole(value) and value >= END else "")
        for name, value in values.items()
        if not is_whole(value) or not least <= value < END
    ]


def number(name: str, value: Any, wanted: str) -> float:
    """A number that has a fraction or not; `wanted` says what it must be."""
    value = plain_value(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise ParameterError(f"{name} must be {wanted}")
    return float(value)


def is_name(value: Any) -> bool:
    """True for what can be the name of a column: a text, or a whole number as pandas has them."""
    return isinstance(value, str) or is_whole(value)


def column_name(name: str, value: Any, problems: list[str]) -> str | None:
    """The column that an argument names, if it names one."""
    if value is None:
        return None
    if not is_name(value):
        problems.append(f"{name} must be the name of a column")
    return str(value)


def column_names(name: str, value: Any, problems: list[str]) -> list[str]:
    """The columns that an argument names; a single one need not stand in a list."""
    if value is None:
        return []
    names = [value] if is_name(value) else _listed(value)
    if names is None or not all(map(is_name, names)):
        problems.append(f"{name} must be a list of names of columns")
        return []
    return [str(one) for one in names]


def texts(name: str, value: Any, wanted: str) -> list[str]:
    """Texts that an argument lists; a single one need not stand in a list. `wanted` says what they must be."""
    if value is None:
        return []
    found = [value] if isinstance(value, str) else _listed(value)
    if found is None or not all(isinstance(one, str) for one in found):
        raise ParameterError(f"{name} must be {wanted}")
    return found


def _listed(value: Any) -> list[Any] | None:
    """What can be gone through, but for dicts, whose values would be left out, and tables."""
    if isinstance(value, Mapping) or not isinstance(value, Iterable) or hasattr(value, "columns"):
        return None
    return list(value)


def dials_of(dials: Any) -> list[str]:
    """Changes of rows, as texts."""
    return texts("dials", dials, "texts such as 'missing income 0.05'")


def fitting_of(
    *,
    target: Any = None,
    unit: Any = None,
    locale: str | None = None,
    condition_on: Any = (),
    keep_format: Any = (),
    consistent: Any = (),
    protect: Any = 5,
) -> dict[str, Any]:
    """What to know and to respect while learning, as a plan has it."""
    problems: list[str] = []
    fitting: dict[str, Any] = {}
    for name, value in (("target", target), ("unit", unit)):
        named = column_name(name, value, problems)
        if named is not None:
            fitting[name] = named
    if locale is not None:
        if not isinstance(locale, str):
            problems.append("locale must be such as 'de_DE'")
        fitting["locale"] = locale
    for name, value in (("condition_on", condition_on), ("keep_format", keep_format), ("consistent", consistent)):
        fitting[name.replace("_", "-")] = column_names(name, value, problems)
    fitting["protect"] = protection(protect, "units", problems)
    refuse(problems)
    return fitting


def protection(protect: Any, what: str, problems: list[str]) -> int | str:
    """How many of `what` must share a value, as a plan has it."""
    if protect is None or (isinstance(protect, str) and protect == "none"):
        return "none"
    if not is_whole(protect) or not 2 <= protect < END:
        problems.append(f"protect must be a number of {what} of at least 2, or None")
        return "none"
    return int(protect)
