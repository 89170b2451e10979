"""The method for a table, chosen by rows that are held out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lookalike import _native
from lookalike._arguments import number
from lookalike._base import Generator
from lookalike.exceptions import ParameterError


class Auto(Generator):
    """Try methods from the quickest on, and learn all rows with the one whose rows are hardest to tell from held-out ones.

    Parameters
    ----------
    budget : float, default 60
        How many seconds trying and learning may take. What is chosen can then depend on the speed of the machine.
    target, unit, condition_on, protect, constraints, schema, columns, locale, keep_format, consistent, random_state, verbose
        As in `lookalike.Forest`.

    Attributes
    ----------
    method_ : str
        The method that was chosen.
    trials_ : list of dict
        What was tried: `method`, `score` in [0, 1] with 1 for rows that cannot be told from real ones, `seconds`, `note`.
    reason_ : str
        Why it was chosen, in one sentence.

    Examples
    --------
    >>> from lookalike import Auto
    >>> table = {"age": [20 + i % 50 for i in range(400)], "member": [i % 3 == 0 for i in range(400)]}
    >>> auto = Auto(budget=2).fit(table)
    >>> auto.method_ in ("copula", "forest", "autoregressive")
    True
    """

    _method = "auto"

    def __init__(
        self,
        *,
        budget: float = 60.0,
        target: str | int | None = None,
        unit: str | int | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.budget = budget
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose

    def _method_json(self) -> str:
        number("budget", self.budget, "a number of seconds above 0")
        # There is no method to hand over: it is chosen.
        return ""

    @classmethod
    def _listed(cls, options: dict[str, Any]) -> str:
        raise ParameterError("Auto chooses its method itself: take one of the methods, such as lookalike.Forest")

    def _learn(self, table: _native.Table, method: str, fitting: str, seed: int, listener: Any) -> _native.Model:
        model, trials, self.reason_ = _native.select(table, fitting, float(self.budget), seed, listener)
        self.trials_ = json.loads(trials)
        return model

    # Type checkers would take any name for one that is there.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in ("trials_", "reason_") and self.__dict__.get("_model") is not None:
                raise AttributeError(f"{name} is there after fit, and not after load: a model's file does not keep what was tried")
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _adopt(self, model: _native.Model, frame: Any, target: str | None = None) -> None:
        super()._adopt(model, frame, target)
        self.method_ = model.method
