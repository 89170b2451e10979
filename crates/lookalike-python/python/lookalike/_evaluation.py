"""How faithful, useful and private a synthetic table is."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lookalike import _frames, _native
from lookalike._arguments import column_name, column_names, refuse, texts
from lookalike._parameters import own_names, plain_value, seed_of, warn
from lookalike._progress import progress
from lookalike.exceptions import GateError


class Evaluation:
    """What was found out about a synthetic table.

    Shown as the report in a notebook. It goes by the names of scores, as a dict does: `evaluation["trend"]` is a score's
    value, `"trend" in evaluation` tells whether it was found out, and `list(evaluation)` are the names.
    """

    def __init__(self, text: str, warnings: Sequence[str] = ()) -> None:
        self._text = text
        self._data = json.loads(text)
        self.warnings = list(warnings)

    @property
    def scores(self) -> dict[str, float | None]:
        """Each score's value; None where it has none (`to_dict` says why)."""
        return {one["name"]: one.get("value") for one in self._data["metrics"]}

    def __getitem__(self, score: str) -> float | None:
        try:
            return self.scores[score]
        except KeyError:
            raise KeyError(f"{score!r} was not found out; there are {', '.join(self.scores)}") from None

    def __contains__(self, score: object) -> bool:
        return score in self.scores

    def __iter__(self) -> Iterator[str]:
        return iter(self.scores)

    def __len__(self) -> int:
        return len(self._data["metrics"])

    def keys(self) -> list[str]:
        """The names of the scores that were found out, also of those without a value."""
        return list(self.scores)

    def to_dict(self) -> dict[str, Any]:
        """All that was found out, as `lookalike evaluate --json` writes it."""
        return json.loads(self._text)

    def to_json(self) -> str:
        """The same as text."""
        return self._text

    def to_frame(self) -> Any:
        """A row for each score: its value, interval, floor, baseline and family.

        Returns
        -------
        DataFrame
            Of pandas where it is installed, else of polars, else a list of dicts.
        """
        rows = []
        for one in self._data["metrics"]:
            interval = one.get("interval") or {}
            floor = one.get("floor")
            rows.append(
                {
                    "score": one["name"],
                    "family": one.get("family"),
                    "value": one.get("value"),
                    "low": interval.get("low"),
                    "high": interval.get("high"),
                    "floor": floor,
                    "baseline": one.get("baseline"),
                    "skipped": one.get("skipped"),
                }
            )
        return _frames.frame_of(rows)

    def report(self, path: str | os.PathLike[str] | None = None, *, shareable: bool = False) -> str | None:
        """Write the report, one HTML file that needs nothing else; without a path, return its text.

        Parameters
        ----------
        path : str or path, optional
            Where to.
        shareable : bool, default False
            Leave out how real values are spread.

        Returns
        -------
        str or None
            The page's text, where no path was given.
        """
        text = _native.render(self._text, shareable)
        if path is None:
            return text
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return None

    def check(self, *, min: Mapping[str, float] | None = None, max: Mapping[str, float] | None = None) -> Evaluation:
        """Demand bounds of scores. A bound is kept only where the whole interval keeps it.

        Parameters
        ----------
        min : dict, optional
            What scores must reach at least, by their names, such as `{"trend": 0.9}`.
        max : dict, optional
            What scores may reach at most.

        Returns
        -------
        Evaluation
            This one, with its `gates`.

        Raises
        ------
        GateError
            When a score misses its bound; `problems` has a sentence for each.
        ParameterError
            When there is no such score, or a bound is no number.
        """
        gates = {"min": _bounds("min", min), "max": _bounds("max", max)}
        self._text = _native.check(self._text, json.dumps(gates))
        self._data = json.loads(self._text)
        missed = [_sentence(gate) for gate in self.gates if not gate["passed"]]
        if missed:
            raise GateError("; ".join(missed), missed)
        return self

    @property
    def gates(self) -> list[dict[str, Any]]:
        """What `check` found."""
        return self._data.get("gates", [])

    def _repr_html_(self) -> str:
        page = html.escape(self.report() or "", quote=True)
        return f'<iframe srcdoc="{page}" style="width:100%;height:720px;border:0" sandbox="allow-scripts"></iframe>'

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value:.3f}" for name, value in self.scores.items() if value is not None)
        return f"Evaluation({shown})"


def _bounds(name: str, bounds: Any) -> dict[str, float]:
    """Bounds of scores by their names."""
    bounds = {} if bounds is None else bounds
    if isinstance(bounds, Mapping):
        known = {score: plain_value(bound) for score, bound in bounds.items()}
        if all(isinstance(one, str) for one in known) and all(_is_number(bound) for bound in known.values()):
            return known
    refuse([f"{name} must be a dict of scores and numbers, such as {{'trend': 0.9}}"])
    return {}


def _is_number(bound: Any) -> bool:
    return isinstance(bound, (int, float)) and not isinstance(bound, bool) and abs(bound) < float("inf")


def _sentence(gate: Mapping[str, Any]) -> str:
    (word, bound), value = next(iter(gate["bound"].items())), gate.get("value")
    asked = f"{gate['score']} must be at {'least' if word == 'min' else 'most'} {bound:g}"
    if value is None:
        return f"{asked}, and has no value"
    if gate.get("verdict") == "too-few-rows":
        low, high = gate["interval"]
        return f"{asked}; it is {value:.4g}, and with so few rows may lie from {low:.4g} to {high:.4g}"
    return f"{asked}, and is {value:.4g}"


def evaluate(
    real: Any,
    synthetic: Any,
    *,
    holdout: Any = None,
    further: Sequence[Any] = (),
    target: str | int | None = None,
    unit: str | int | None = None,
    keys: Sequence[str] = (),
    sensitive: Sequence[str] = (),
    scores: Sequence[str] | str | None = None,
    constraints: Sequence[Any] = (),
    schema: Any = None,
    columns: Mapping[str, str] | None = None,
    bootstrap: bool = False,
    show_rows: bool = False,
    random_state: Any = 0,
    verbose: bool | None = None,
) -> Evaluation:
    """Judge a synthetic table, whatever made it.

    Parameters
    ----------
    real : table or path
        What was learned from.
    synthetic : table or path
        The look-alike. Columns are matched by name.
    holdout : table or path, optional
        Rows of the same source that nothing was learned from. Without them most questions stay open.
    further : list of tables, default ()
        More tables of the same generator, drawn with other seeds, for the two-sample tests and for intervals; a single one
        need not stand in a list.
    target : str, optional
        The column that one wants to predict: adds scores of usefulness.
    unit : str, optional
        The column that names whom rows belong to.
    keys : str or list of str, default ()
        Columns that an attacker may know of a person.
    sensitive : str or list of str, default ()
        Columns whose groups are to fare alike: adds scores of fairness.
    scores : list of str or 'all', optional
        Which scores to find out; those that tell most if not given.
    constraints, schema, columns
        What must hold in every row, and what columns mean, as in `lookalike.Forest`.
    bootstrap : bool, default False
        Find out too what a bootstrap of the real rows reaches, a tool that only copies.
    show_rows : bool, default False
        Let the report show some real rows.
    random_state : int, None or NumPy generator, default 0
        The seed; None for another one each time.
    verbose : bool, optional
        Show how far it is; if not given, when somebody watches.

    Returns
    -------
    Evaluation

    Raises
    ------
    ParameterError, DataError
        When arguments are not right, or tables cannot be compared.

    Examples
    --------
    >>> from lookalike import Forest, evaluate
    >>> rows = {"age": [20 + i % 50 for i in range(600)], "member": [i % 3 == 0 for i in range(600)]}
    >>> forest = Forest().fit(rows)
    >>> evaluation = evaluate(rows, forest.sample(600))
    >>> evaluation["shape"] > 0.9
    True
    """
    problems: list[str] = []
    options = {
        "target": column_name("target", target, problems),
        "unit": column_name("unit", unit, problems),
        "keys": column_names("keys", keys, problems),
        "sensitive": column_names("sensitive", sensitive, problems),
        "scores": texts("scores", scores, "names of scores, or 'all'"),
        "bootstrap": bool(bootstrap),
        "lays_open": "rows" if show_rows else "distributions",
    }
    refuse(problems)
    # Any iterable of tables but what is itself one.
    further = list(further) if isinstance(further, (list, tuple, Iterator)) else [further]
    with progress(verbose) as listener, own_names({}):
        table, _ = _frames.read(real, constraints=constraints, schema=schema, columns=columns, listener=listener)

        def read(data: Any, what: str) -> _native.Table:
            return _frames.read(data, like=table.schema, way="common", what=what, listener=listener)[0]

        others = [read(one, "a further table") for one in further]
        judged = read(synthetic, "the synthetic table")
        held = None if holdout is None else read(holdout, "the holdout")
        text = _native.evaluate(json.dumps(options), table, judged, held, others, seed_of(random_state), listener)
    warnings = [sentence for one in (table, judged, held, *others) if one is not None for sentence in one.warnings]
    warn(warnings)
    return Evaluation(text, warnings)
