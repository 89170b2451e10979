"""Rows to learn from, and rows to judge by."""

from __future__ import annotations

from typing import Any

from lookalike import _frames, _native
from lookalike._arguments import column_name, number, refuse
from lookalike._parameters import own_names, seed_of, warn


def split(
    X: Any, *, holdout: float = 0.2, by: str | None = None, time: str | None = None, random_state: Any = 0
) -> tuple[Any, Any]:
    """Divide a table into rows to learn from and a holdout to judge by.

    Parameters
    ----------
    X : table or path
        The table.
    holdout : float, default 0.2
        The share of rows that is held out, above 0 and below 1.
    by : str, optional
        The column whose rows of one value stay on one side, such as a patient.
    time : str, optional
        The column that says when: the latest rows are held out.
    random_state : int, None or NumPy generator, default 0
        The seed. The same rows are held out by `lookalike split` with that seed. None for other rows each time.

    Returns
    -------
    train, holdout
        Tables of the kind that was given, with their index.

    Raises
    ------
    ParameterError, DataError
        When arguments are not right, or the table cannot be divided so.

    Examples
    --------
    >>> from lookalike import split
    >>> train, holdout = split({"age": list(range(100))})
    >>> len(train["age"]), len(holdout["age"])
    (80, 20)
    """
    share = number("holdout", holdout, "the share of rows that is held out, above 0 and below 1")
    problems: list[str] = []
    unit, when = column_name("by", by, problems), column_name("time", time, problems)
    refuse(problems)
    table, frame = _frames.read(X)
    with own_names({}):
        train, held, warnings = _native.split(table, share, unit, when, seed_of(random_state))
    warn([*table.warnings, *warnings])
    return tuple(_rows(X, table, frame, memoryview(side).cast("Q").tolist()) for side in (train, held))  # type: ignore[return-value]


def _rows(X: Any, table: _native.Table, frame: _frames.Frame, rows: list[int]) -> Any:
    """Some rows of a table, by its own means where it has them."""
    if hasattr(X, "iloc"):
        return X.iloc[rows]
    if type(X).__module__.partition(".")[0] in ("numpy", "polars") and not hasattr(X, "collect"):
        return X[rows]
    return frame.restore(table.take(rows))
