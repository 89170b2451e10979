"""Data from a schema alone."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from typing import Any

from lookalike import _frames, _native
from lookalike._arguments import dials_of, fitting_of, refuse, whole_problems
from lookalike._parameters import own_names, seed_of, warn
from lookalike._progress import progress
from lookalike._words import a
from lookalike.exceptions import ParameterError


def simulate(
    schema: str | os.PathLike[str],
    n: int | None = None,
    *,
    dials: Sequence[str] = (),
    truth: str | None = None,
    random_state: Any = 0,
    verbose: bool | None = None,
) -> Any:
    """Draw rows from a schema, without any real data.

    Parameters
    ----------
    schema : str or path
        The path of a TOML file, or its text: columns with their distributions, what hangs on what, rules, scenario dials.
    n : int, optional
        How many rows; what the schema says if not given. Of several tables, how many of those that have no parent.
    dials : list of str, default ()
        Changes of the rows, such as `"missing income 0.05"`.
    truth : str, optional
        Add a column of this name that says which dials changed a row.
    random_state : int, None or NumPy generator, default 0
        The seed; None for other rows each time.
    verbose : bool, optional
        Show how far it is; if not given, when somebody watches.

    Returns
    -------
    DataFrame, or dict of DataFrames by the tables' names where there are several
        Of pandas where it is installed, else of polars, else dicts of lists.

    Raises
    ------
    ParameterError
        With all that is wrong with the schema, each with its line and the cure; or when arguments are not right.
    FileNotFoundError
        When there is no such file.

    Examples
    --------
    >>> rows = simulate('''
    ... [columns.age]
    ... type = "uniform-integer"
    ... low = 18
    ... high = 90
    ... ''', 5)
    >>> len(rows["age"])
    5
    """
    if not isinstance(schema, (str, os.PathLike)) or not os.fspath(schema):
        raise ParameterError(f"schema must be the path of a TOML file, or its text, and is {a(schema) if schema else 'empty'}")
    problems = [] if n is None else whole_problems(n=n)
    if truth is not None and not isinstance(truth, str):
        problems.append("truth must be the name of a new column")
    refuse(problems)
    text = os.fspath(schema)
    if "\n" not in text and "=" not in text:
        with open(text, encoding="utf-8") as file:
            text = file.read()
    with progress(verbose) as listener:
        rows = None if n is None else int(n)
        tables = _native.simulate(text, rows, seed_of(random_state), dials_of(dials), truth, listener)
    made = {name: _frames.preferred(table) for name, table in tables}
    return made if len(made) > 1 else next(iter(made.values()))


def emit_schema(X: Any, *, protect: int | None = 5, unit: str | int | None = None, random_state: Any = 0) -> str:
    """A schema for `simulate` that makes tables like this one.

    Parameters
    ----------
    X : table or path
        The table.
    protect : int or None, default 5
        How many units must share what the schema names.
    unit : str, optional
        The column that names whom protection counts.
    random_state : int, None or NumPy generator, default 0
        The seed; None for another one each time.

    Returns
    -------
    str
        TOML, to be read, edited and kept. What can stand in it is told by the page "Rows from a schema alone" of the
        documentation.
    """
    fitting = json.dumps(fitting_of(protect=protect, unit=unit))
    table, _ = _frames.read(X)
    with own_names({}):
        text, warnings = _native.emit_schema(table, fitting, seed_of(random_state))
    warn([*table.warnings, *warnings])
    return text


def suggest_constraints(X: Any) -> list[str]:
    """Constraints that a table keeps and that are hardly chance, to be read and then given to a generator.

    Parameters
    ----------
    X : table or path
        The table.

    Returns
    -------
    list of str
        Such as `"admitted <= discharged"`.

    Examples
    --------
    >>> table = {"low": [i * 37 % 100 for i in range(500)], "high": [i * 37 % 100 + i % 7 for i in range(500)]}
    >>> suggest_constraints(table)
    ['low <= high']
    """
    table, _ = _frames.read(X)
    return [text for text, _, _ in _native.suggest_constraints(table)]


def demo_table() -> Any:
    """The table that examples use: UCI Adult (Becker & Kohavi 1996, https://doi.org/10.24432/C5XW20, CC BY 4.0).

    Returns
    -------
    DataFrame
        Of pandas where it is installed, else of polars, else a dict of lists.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "adult.csv")
        _native.write_demo_table(path)
        return _frames.preferred(_frames.read(path)[0])
