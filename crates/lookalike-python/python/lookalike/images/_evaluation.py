"""How faithful, useful and private synthetic images are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lookalike import _native
from lookalike._arguments import texts
from lookalike._evaluation import Evaluation
from lookalike._parameters import own_names, seed_of, warn
from lookalike._progress import progress
from lookalike.images._base import table_of


def evaluate(
    real: Any,
    synthetic: Any,
    *,
    holdout: Any = None,
    scores: Sequence[str] | str | None = None,
    show_rows: bool = False,
    random_state: Any = 0,
    verbose: bool | None = None,
) -> Evaluation:
    """Judge synthetic images, whatever made them.

    Parameters
    ----------
    real : array, pair of arrays or path
        What was learned from: images, or images and their labels as `(X, y)`, or a folder or a file of pictures.
    synthetic : array, pair of arrays or path
        The look-alike, such as a generator's `sample` gives it.
    holdout : array, pair of arrays or path, optional
        Images of the same source that nothing was learned from. Without them most questions stay open.
    scores : list of str or 'all', optional
        Which scores to find out; those that tell most if not given.
    show_rows : bool, default=False
        Let the report show some real images.
    random_state : int, None or NumPy generator, default=0
        The seed; None for another one each time.
    verbose : bool, optional
        Show how far it is; if not given, when somebody watches.

    Returns
    -------
    Evaluation
        As `lookalike.evaluate` gives it.

    Raises
    ------
    ParameterError, DataError
        When arguments are not right, or images cannot be compared.
    """
    with progress(verbose) as listener, own_names({}):
        table = _table(real, "real images", None, listener)
        judged = _table(synthetic, "synthetic images", table.schema, listener)
        held = None if holdout is None else _table(holdout, "images of the holdout", table.schema, listener)
        options = {
            "target": None,
            "unit": None,
            "keys": [],
            "sensitive": [],
            "scores": texts("scores", scores, "names of scores, or 'all'"),
            "bootstrap": False,
            "lays_open": "rows" if show_rows else "distributions",
        }
        text = _native.evaluate(json.dumps(options), table, judged, held, [], seed_of(random_state), listener)
    warnings = [sentence for one in (table, judged, held) if one is not None for sentence in one.warnings]
    warn(warnings)
    return Evaluation(text, warnings)


def _table(data: Any, what: str, like: _native.Schema | None, listener: Any) -> _native.Table:
    X, y = data if isinstance(data, tuple) and len(data) == 2 else (data, None)
    return table_of(X, y, what=what, like=like, listener=listener)[0]
