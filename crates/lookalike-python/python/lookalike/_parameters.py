"""scikit-learn's manners, without scikit-learn: parameters that are what `__init__` was given."""

from __future__ import annotations

import inspect
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

from lookalike._words import in_python
from lookalike.exceptions import DataError, LookalikeWarning, ParameterError


class Parameters:
    """Has `get_params` and `set_params`, so that scikit-learn can clone it and search its parameters."""

    @classmethod
    def _names(cls) -> list[str]:
        signature = inspect.signature(cls.__init__)
        kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return [name for name, one in signature.parameters.items() if name != "self" and one.kind in kinds]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters, by name.

        Parameters
        ----------
        deep : bool, default True
            Those of parameters that have parameters too, as `outer__inner`.
        """
        params: dict[str, Any] = {}
        for name in self._names():
            value = getattr(self, name)
            params[name] = value
            if deep and hasattr(value, "get_params") and not isinstance(value, type):
                params.update({f"{name}__{inner}": own for inner, own in value.get_params().items()})
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters; `outer__inner` sets one of a parameter's own.

        Parameters
        ----------
        **params
            Values by the parameters' names.

        Returns
        -------
        self

        Raises
        ------
        ParameterError
            When there is none of that name.
        """
        known = self._names()
        unknown = [name for name in params if name.split("__")[0] not in known]
        if unknown:
            names = ", ".join(repr(name) for name in unknown)
            raise ParameterError(
                f"{type(self).__name__} has no parameter {names}; it has {', '.join(known)}"
            )
        for name, value in params.items():
            outer, _, inner = name.partition("__")
            if inner and not hasattr(getattr(self, outer), "set_params"):
                raise ParameterError(f"{outer} of {type(self).__name__} has no parameters of its own, such as {inner!r}")
            if inner:
                getattr(self, outer).set_params(**{inner: value})
            else:
                setattr(self, outer, value)
        return self

    def __repr__(self) -> str:
        signature = inspect.signature(type(self).__init__)
        changed = []
        for name in self._names():
            value, default = getattr(self, name), signature.parameters[name].default
            if value is not default and repr(value) != repr(default):
                changed.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(changed)})"


def seed_of(random_state: Any) -> int:
    """A seed from what scikit-learn calls a random state.

    A whole number is itself. `None` is a number from the operating system, another each time. NumPy's `RandomState`
    and `Generator` are drawn from.
    """
    if random_state is None:
        return int.from_bytes(os.urandom(8), "little")
    if hasattr(random_state, "integers"):
        return int(random_state.integers(0, 2**63))
    if hasattr(random_state, "randint"):
        return int(random_state.randint(0, 2**31 - 1))
    try:
        seed = int(random_state)
        known = seed == random_state and 0 <= seed < 2**64
    except (TypeError, ValueError, OverflowError):
        known = False
    if not known:
        raise ParameterError("random_state must be a whole number from 0 to 2**64 - 1, None, or a NumPy generator")
    return seed


@contextmanager
def own_names(names: Mapping[str, str]) -> Iterator[None]:
    """Errors about options speak of them as Python does: `names` has Python's names and the library's."""
    try:
        yield
    except (DataError, ParameterError) as error:
        problems = [in_python(problem, names) for problem in error.problems]
        raise type(error)("; ".join(problems), problems) from None


def warn(sentences: Sequence[str]) -> None:
    """Pass on what the library warns of, in one warning."""
    sentences = list(dict.fromkeys(sentences))
    if not sentences:
        return
    frame, level = inspect.currentframe(), 1
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "lookalike":
        frame, level = frame.f_back, level + 1
    text = sentences[0]
    if len(sentences) > 1:
        text = f"{len(sentences)} things were done differently from what one may expect:\n- " + "\n- ".join(sentences)
    warnings.warn(text, LookalikeWarning, stacklevel=level)


def plain_value(value: Any) -> Any:
    """A value as JSON has it: NumPy's numbers become Python's, and its arrays lists."""
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        return value.item()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (tuple, list)):
        return [plain_value(one) for one in value]
    return value
