"""Whether synthetic data tells who was learned from."""

from __future__ import annotations

import json
from typing import Any

from lookalike import _frames, _native
from lookalike._arguments import refuse, whole_problems
from lookalike._base import Generator
from lookalike._parameters import own_names, seed_of, warn
from lookalike._progress import progress
from lookalike.exceptions import ParameterError


class Audit:
    """What an audit found. It holds numbers of rows and names of columns, never a cell's value.

    Attributes
    ----------
    beyond_chance : bool
        Whether membership was told beyond chance: of all exact tests together, a false alarm has a probability of at most 5 %.
    findings : list of dict
        What was found for each kind of record, and at last for all together.
    """

    def __init__(self, text: str) -> None:
        self._data = json.loads(text)
        self.beyond_chance: bool = self._data["beyond_chance"]
        self.findings: list[dict[str, Any]] = self._data["findings"]

    def to_dict(self) -> dict[str, Any]:
        """All that was found, as `lookalike audit --json` writes it."""
        return self._data

    def to_frame(self) -> Any:
        """The findings as a DataFrame of pandas, else of polars, else a list of dicts.

        A row for each kind of record and, at last, for all; `auc`, the true positive rate at each rate of false alarms, such as
        `tpr_at_0.01`, both with the ends `_low` and `_high` of a 95 % interval, and `epsilon_at_least_at_0.01`.
        """
        return _frames.frame_of([_flat(one) for one in self.findings])

    def __repr__(self) -> str:
        told = "tells who was learned from" if self.beyond_chance else "no sign beyond chance"
        return f"Audit({self._data['method']}, {self._data['refits']} refits: {told})"


def _flat(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding as a row of single values."""
    row = {
        "kind": finding["kind"] or "all",
        "records": finding["records"],
        "decisions": finding["decisions"],
        "p_value": finding["p_value"],
    }
    bounded = {"auc": finding["auc"]}
    for one in finding["rates"]:
        bounded[f"tpr_at_{one['aimed_at']}"] = one["tpr"]
        row[f"epsilon_at_least_at_{one['aimed_at']}"] = one["epsilon_at_least"]
    for name, share in bounded.items():
        row.update({name: share["value"], f"{name}_low": share["low"], f"{name}_high": share["high"]})
    return row


def audit(
    generator: Generator,
    X: Any,
    *,
    refits: int = 32,
    targets: int = 32,
    rows: int | None = None,
    random_state: Any = 0,
    verbose: bool | None = None,
) -> Audit:
    """Learn a table again and again with chosen records in or out, and let attacks guess from the synthetic rows which were in.

    It finds what its attacks can find, no more: that they find nothing is no guarantee of anything.

    Parameters
    ----------
    generator : Generator
        The method with its parameters; it need not be fitted.
    X : table or path
        The table.
    refits : int, default 32
        How often to learn it: a multiple of 4, at least 16.
    targets : int, default 32
        How many records of each kind to look for.
    rows : int, optional
        How many rows are learned from in every refit, besides the chosen records; all others if not given.
    random_state : int, None or NumPy generator, default 0
        The seed; None for another one each time.
    verbose : bool, optional
        Show how far it is; if not given, when somebody watches.

    Returns
    -------
    Audit

    Raises
    ------
    ParameterError, DataError
        When arguments are not right, or the table has too few rows.

    References
    ----------
    Stadler, T., Oprisanu, B. and Troncoso, C. (2022). Synthetic data: anonymisation groundhog day. USENIX Security.
    https://arxiv.org/abs/2011.07018

    Examples
    --------
    >>> from lookalike import Independent, audit
    >>> table = {"age": [20 + i % 50 for i in range(300)], "town": ["ABC"[i % 3] for i in range(300)]}
    >>> found = audit(Independent(), table, refits=16, targets=4)
    >>> found.beyond_chance
    False
    """
    if not isinstance(generator, Generator) or getattr(generator, "_method", "auto") == "auto":
        raise ParameterError("generator must be a generator of tables with one method, such as lookalike.Forest()")
    problems = whole_problems(refits=refits, targets=targets)
    refuse(problems if rows is None else [*problems, *whole_problems(rows=rows)])
    fitting = json.dumps(generator._fitting())
    with progress(verbose) as listener:
        table, _ = _frames.read(
            X, columns=generator.columns, constraints=generator.constraints, schema=generator.schema, listener=listener
        )
        warn(table.warnings)
        method, most = generator._method_json(), None if rows is None else int(rows)
        with own_names(generator._own):
            text = _native.audit(
                table, method, fitting, int(refits), int(targets), most, seed_of(random_state), listener
            )
    return Audit(text)
