"""What all generators of tables have in common."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lookalike import _frames, _native
from lookalike._model import Fitted
from lookalike._parameters import own_names, plain_value, seed_of, warn
from lookalike._progress import progress
from lookalike.exceptions import DataError, ParameterError

#: Rows that `sample_batches` hands over at a time if it is not said.
BATCH_ROWS = 65_536


class Generator(Fitted):
    """Learns a table and draws others like it.

    The public generators say their parameters themselves; see `lookalike.Forest`.

    Attributes
    ----------
    n_features_in_ : int
        How many columns were learned, without one that was given as `y`.
    feature_names_in_ : list of str
        Their names.
    n_rows_ : int
        How many rows were learned from.
    warnings_ : list of str
        What was done differently from what one may expect.
    """

    # Parameters that every generator has; subclasses set them in `__init__`.
    target: str | None
    unit: str | None
    condition_on: Sequence[str]
    protect: int | None
    constraints: Sequence[Any]
    schema: Any
    columns: Mapping[str, str] | None
    locale: str | None
    keep_format: Sequence[str]
    consistent: Sequence[str]
    random_state: Any
    verbose: bool | None

    def fit(self, X: Any, y: Any = None):
        """Learn a table.

        Parameters
        ----------
        X : table or path
            A pandas or polars DataFrame, a pyarrow Table, a DuckDB relation, anything with Arrow's `__arrow_c_stream__`, a
            dict of columns, a list of dicts, a NumPy array of two dimensions, or the path of a CSV, Parquet, Arrow, JSON lines
            or Excel file.
        y : column, optional
            A further column, as scikit-learn hands over what is to be predicted. It is learned with the others, under its own
            name or `y`, and is the target if no other is named.

        Returns
        -------
        self

        Raises
        ------
        DataError
            When it is no table, or cannot be learned.
        ParameterError
            When parameters are not right; all that is wrong with them is told at once.
        KeyboardInterrupt
            On Ctrl-C, within about a second. The generator is as it was before.
        """
        method = self._method_json()
        fitting = self._fitting()
        extra = None
        if y is not None:
            X, extra = _with_target(X, y)
            fitting.setdefault("target", extra)
        with progress(self.verbose) as listener:
            table, frame = _frames.read(
                X, columns=self.columns, constraints=self.constraints, schema=self.schema, listener=listener
            )
            with own_names(self._own):
                model = self._learn(table, method, json.dumps(fitting), seed_of(self.random_state), listener)
        self._adopt(model, frame)
        if extra is not None:
            # What is to be predicted is no feature, as scikit-learn counts them.
            self.feature_names_in_ = [name for name in self.feature_names_in_ if name != extra]
            self.n_features_in_ = len(self.feature_names_in_)
        self.warnings_ = [*table.warnings, *model.warnings]
        warn(self.warnings_)
        return self

    def _learn(self, table: _native.Table, method: str, fitting: str, seed: int, listener: Any) -> _native.Model:
        return _native.fit(table, method, fitting, seed, listener)

    def _adopt(self, model: _native.Model, frame: _frames.Frame) -> None:
        self._model = model
        self._frame = frame
        self.feature_names_in_ = model.schema.names
        self.n_features_in_ = len(self.feature_names_in_)
        self.n_rows_ = model.n_training_rows
        self.warnings_ = list(model.warnings)

    def _fitting(self) -> dict[str, Any]:
        names = ("target", "unit", "locale", "condition_on", "keep_format", "consistent", "protect")
        return fitting_of(**{name: getattr(self, name) for name in names})

    def sample(
        self,
        n: int | None = None,
        *,
        conditions: Mapping[str, Any] | Sequence[str] | str | None = None,
        random_state: Any = None,
        like: Any = None,
        around: Any = None,
        start: int = 0,
        low_discrepancy: bool = False,
        dials: Sequence[str] = (),
        truth: str | None = None,
    ) -> Any:
        """Draw rows.

        The same seed gives the same rows, on any number of threads; a shorter sample is the beginning of a longer one.

        Parameters
        ----------
        n : int, optional
            How many. As many as were learned from if not given, or as many as `like` or `around` has.
        conditions : dict, list of str or str, optional
            What every row fulfils: a dict says values of columns (`{"sex": "Female"}`, None for missing), texts say more
            (`["age>=65", "income=>50K"]`).
        random_state : int, None or NumPy generator, optional
            The seed; the generator's own if not given.
        like : table or path, optional
            Rows to complete: some of the columns, or empty cells.
        around : table or path, optional
            Rows to draw others around (methods vae and tvae).
        start : int, default 0
            The number of the first row in the endless table that the seed stands for. Rows of `like` come again and again in it.
        low_discrepancy : bool, default False
            Spread rows evenly rather than draw each for itself (method forest).
        dials : list of str, default ()
            Changes of the rows, such as `"missing income 0.05"`.
        truth : str, optional
            Add a column of this name that says which dials changed a row.

        Returns
        -------
        table
            Of the kind, with the types, that `fit` was given. After `load`, a pandas DataFrame where pandas is installed, else
            a polars one, else a dict of lists.
        """
        model, frame = self._fitted()
        given, template = self._given(like, "the rows to complete")
        near, _ = self._given(around, "the rows to draw around")
        count = n
        if count is None:
            given_rows = given if given is not None else near
            count = self.n_rows_ if given_rows is None else given_rows.n_rows
        problems = [
            f"{name} must be a whole number from 0"
            for name, value in (("n", count), ("start", start))
            if not _is_whole(value) or value < 0
        ]
        if problems:
            raise ParameterError("; ".join(problems), problems)
        with progress(self.verbose) as listener:
            table = model.sample(
                int(start),
                int(start) + int(count),
                seed_of(self.random_state if random_state is None else random_state),
                conditions=_conditions(conditions),
                like=given,
                around=near,
                low_discrepancy=bool(low_discrepancy),
                dials=[dials] if isinstance(dials, str) else list(dials),
                truth=truth,
                listener=listener,
            )
        warn(table.warnings)
        # Given rows come again and again, from the one that `start` falls on.
        aligned = given is not None and int(start) % max(given.n_rows, 1) == 0
        same_rows = template is not None and aligned and given.n_rows == table.n_rows
        return frame.restore(table, like if same_rows else None)

    def sample_batches(self, n: int, *, batch_size: int = BATCH_ROWS, **request: Any) -> Iterator[Any]:
        """Draw rows in tables of `batch_size`, so that any number of them fits into memory.

        Together they are what `sample` gives. Takes what `sample` takes.
        """
        if not _is_whole(batch_size) or batch_size < 1:
            raise ParameterError("batch_size must be a whole number of at least 1")
        start = request.pop("start", 0)
        request["random_state"] = seed_of(request.get("random_state", None) or self.random_state)
        for first in range(start, start + n, batch_size):
            yield self.sample(min(batch_size, start + n - first), start=first, **request)

    def log_prob(self, X: Any) -> Any:
        """The logarithm of each row's density, or probability where all columns are of levels.

        Returns
        -------
        numpy.ndarray or list of float
            One for each row, higher for likelier ones, minus infinity for one that the model never draws; a list where NumPy is
            not installed.

        Raises
        ------
        ParameterError
            When the method cannot tell.
        """
        model, _ = self._fitted()
        self._check_width(X)
        table, _ = _frames.read(X, like=model.schema)
        found = model.log_prob(table)
        if found is None:
            raise ParameterError(f"the method {model.method} cannot tell how likely a row is")
        return _doubles(found)

    def score(self, X: Any, y: Any = None) -> float:
        """The mean of `log_prob`, as scikit-learn's density estimators have it.

        It is minus infinity as soon as one row is impossible, and among rows that were not learned from a few mostly are: bounds
        of columns are drawn in to protect the rows at them. To choose parameters by scikit-learn's searches, give them a
        `scoring` of your own, such as the mean over rows that are possible together with their share, or use `Auto`.
        """
        self._check_width(X)
        found = self.log_prob(X if y is None else _with_target(X, y)[0])
        return float(math.fsum(found) / max(len(found), 1))

    def impute(self, X: Any, *, random_state: Any = None) -> Any:
        """Fill gaps: every missing cell is drawn given the other cells of its row. All else stays as it is.

        Returns
        -------
        table
            Of the kind that it was given, with its index.
        """
        model, _ = self._fitted()
        with progress(self.verbose) as listener:
            table, frame = _frames.read(X, like=model.schema, way="incomplete", what="the table with gaps", listener=listener)
            seed = seed_of(self.random_state if random_state is None else random_state)
            filled, _ = model.impute(table, seed, listener)
        warn(filled.warnings)
        return frame.restore(filled, X)

    def _check_width(self, X: Any) -> None:
        """Refuses an array of another number of columns, which have no names to be missed by."""
        shape = getattr(X, "shape", ())
        if len(shape) == 2 and not hasattr(X, "columns"):
            learned = len(self._fitted()[0].schema.names)
            if shape[1] not in (self.n_features_in_, learned):
                raise DataError(
                    f"X has {shape[1]} features, but {type(self).__name__} is expecting {self.n_features_in_} features as input"
                )

    @property
    def metadata_(self) -> dict[str, Any]:
        """What the columns mean, as SDV's metadata of version 2 with an extension of ours."""
        model, _ = self._fitted()
        return json.loads(model.schema.to_json("V2"))

    @classmethod
    def load(cls, path: str | os.PathLike[str]):
        """Read a model that `save`, or the program `lookalike`, has written.

        Raises
        ------
        FileNotFoundError
            When there is no such file.
        ModelFileError
            When it is no model, or one of another method.
        """
        from lookalike._load import generator_of

        return generator_of(_native.Model.load(os.fspath(path)), cls)

    def _given(self, rows: Any, what: str) -> tuple[_native.Table | None, _frames.Frame | None]:
        if rows is None:
            return None, None
        return _frames.read(rows, like=self._fitted()[0].schema, way="partial", what=what)

    def _fitted(self) -> tuple[_native.Model, _frames.Frame]:
        return self._learned(), self._frame

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import InputTags, Tags, TargetTags

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=False),
            input_tags=InputTags(allow_nan=True, string=True, categorical=True),
            non_deterministic=False,
        )


def fitting_of(
    *,
    target: str | None = None,
    unit: str | None = None,
    locale: str | None = None,
    condition_on: Sequence[str] = (),
    keep_format: Sequence[str] = (),
    consistent: Sequence[str] = (),
    protect: int | None = 5,
) -> dict[str, Any]:
    """What to know and to respect while learning, as a plan has it; all that is wrong with it is told at once."""
    problems = []
    fitting: dict[str, Any] = {}
    for name, value in (("target", target), ("unit", unit), ("locale", locale)):
        if value is not None:
            if not isinstance(value, (str, int)):
                problems.append(f"{name} must be the name of a column" if name != "locale" else "locale must be such as 'de_DE'")
            fitting[name] = str(value)
    lists = (("condition_on", condition_on), ("keep_format", keep_format), ("consistent", consistent))
    for name, value in lists:
        names = [value] if isinstance(value, str) else list(value or ())
        fitting[name.replace("_", "-")] = [str(one) for one in names]
    if protect is None or protect == "none":
        fitting["protect"] = "none"
    elif isinstance(protect, bool) or not isinstance(protect, int) or protect < 2:
        problems.append("protect must be a number of units of at least 2, or None")
    else:
        fitting["protect"] = protect
    if problems:
        raise ParameterError("; ".join(problems), problems)
    return fitting


def _is_whole(value: Any) -> bool:
    return not isinstance(value, bool) and hasattr(value, "__index__")


def _conditions(conditions: Any) -> list[str]:
    if conditions is None:
        return []
    if isinstance(conditions, str):
        return [conditions]
    if isinstance(conditions, Mapping):
        return [f"{name}={'' if value is None else plain_value(value)}" for name, value in conditions.items()]
    return list(conditions)


def _doubles(found: bytearray) -> Any:
    try:
        import numpy
    except ImportError:
        return list(memoryview(found).cast("d"))
    return numpy.frombuffer(found, numpy.float64)


def _with_target(X: Any, y: Any) -> tuple[Any, str]:
    """A table with one more column, and that column's name."""
    name = str(getattr(y, "name", None) or "y")
    module = type(X).__module__.partition(".")[0]
    if module == "pandas":
        # By position, whatever the indices are.
        return X.assign(**{name: getattr(y, "array", y)}), name
    if module == "polars":
        import polars

        return X.with_columns(polars.Series(name, y)), name
    if module == "scipy" or (module == "numpy" and (X.ndim != 2 or X.shape[1] == 0)):
        # These are no tables, and this says why.
        _frames.take(X)
    if module == "numpy":
        import numpy

        return _frames.Beside(X, name, numpy.asarray(y)), name
    if isinstance(X, Mapping):
        return {**X, name: list(y)}, name
    if isinstance(X, (list, tuple)) and X and isinstance(X[0], (list, tuple)):
        return {**{f"x{index}": list(column) for index, column in enumerate(zip(*X))}, name: list(y)}, name
    raise ParameterError("y goes with a DataFrame, a dict of columns or a NumPy array: put the column into the table instead")
