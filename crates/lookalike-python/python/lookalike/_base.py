"""What all generators of tables have in common."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from lookalike import _frames, _native
from lookalike._arguments import END, dials_of, fitting_of, refuse, whole_problems
from lookalike._conditions import requested
from lookalike._model import Fitted
from lookalike._numbers import names_array
from lookalike._parameters import own_names, seed_of, warn
from lookalike._progress import progress
from lookalike._target import with_target
from lookalike._words import in_python
from lookalike.exceptions import DataError, ParameterError

#: Rows that `sample_batches` hands over at a time if it is not said.
BATCH_ROWS = 65_536


@dataclass(frozen=True)
class _Request:
    """Rows that are to be drawn, checked."""

    model: _native.Model
    frame: _frames.Frame
    start: int
    count: int
    seed: int
    like: Any
    given: _native.Table | None
    #: What else the model is asked for.
    wishes: dict[str, Any]


class Generator(Fitted):
    """Learns a table and draws others like it.

    The public generators say their parameters themselves; see `lookalike.Forest`.

    Attributes
    ----------
    n_features_in_ : int
        How many columns were learned, without one that was given as `y`.
    feature_names_in_ : numpy.ndarray of str
        Their names, as scikit-learn has them: only where columns have names, which those of arrays have not. A list where
        NumPy is not installed.
    n_rows_ : int
        How many rows were learned from.
    warnings_ : list of str
        What was done differently from what one may expect.
    """

    # Parameters that every generator has; subclasses set them in `__init__`.
    target: str | int | None
    unit: str | int | None
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

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn a table.

        Parameters
        ----------
        X : table or path
            A pandas or polars DataFrame or Series, a pyarrow Table, a DuckDB relation, anything with Arrow's
            `__arrow_c_stream__`, a dict of columns (lists or NumPy arrays), a list of dicts, of lists or of tuples, a NumPy
            array of two dimensions, or a structured one, or the path of a CSV, Parquet, Arrow, JSON lines or Excel file. What
            a mask covers is missing.
        y : column, optional
            A further column, as scikit-learn hands over what is to be predicted, of which no column of `X` may have the name.
            It is learned with the others, under its own name or `y`, and is the target if no other is named.

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
        method, fitting = self._checked()
        extra = None
        if y is not None:
            X, extra = with_target(X, y)
            fitting.setdefault("target", extra)
        with progress(self.verbose) as listener:
            table, frame = _frames.read(
                X, columns=self.columns, constraints=self.constraints, schema=self.schema, listener=listener
            )
            with own_names(self._own):
                model = self._learn(table, method, json.dumps(fitting), seed_of(self.random_state), listener)
        self._adopt(model, frame, extra)
        self.warnings_ = [*table.warnings, *model.warnings]
        warn(self.warnings_)
        return self

    def _checked(self) -> tuple[str, dict[str, Any]]:
        """The method, and what to respect while learning; all that is wrong, as far as it shows without a table, is told at once."""
        self._check_method()
        problems: list[str] = []
        method, fitting = "", {"locale": self.locale} if isinstance(self.locale, str) else {}
        try:
            method = self._method_json()
        except ParameterError as error:
            problems += error.problems
        try:
            fitting = self._fitting()
        except ParameterError as error:
            problems += error.problems
        reading = "{}"
        try:
            reading = _frames.wishes(columns=self.columns, constraints=self.constraints, schema=self.schema)
        except ParameterError as error:
            problems += error.problems
        found = _native.problems(method, json.dumps(fitting), reading)
        refuse([*problems, *(in_python(problem, self._own) for problem in found)])
        return method, fitting

    def _learn(self, table: _native.Table, method: str, fitting: str, seed: int, listener: Any) -> _native.Model:
        return _native.fit(table, method, fitting, seed, listener)

    def _adopt(self, model: _native.Model, frame: _frames.Frame, target: str | None = None) -> None:
        self._model = model
        self._frame = frame
        # What is to be predicted is no feature, as scikit-learn counts them.
        names = [name for name in model.schema.names if name != target]
        self.n_features_in_ = len(names)
        self.__dict__.pop("feature_names_in_", None)
        if frame.named:
            self.feature_names_in_ = names_array(names)
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
            What every row fulfils. A dict says values of columns (`{"sex": "Female"}`); None, NaN, NA and NaT mean missing, and a
            list means one of several. Texts say more (`["age>=65", "income=>50K"]`). Dates and times without an offset are
            those of the column's time zone.
        random_state : int, None or NumPy generator, optional
            The seed; the generator's own if None.
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
            Of the kind, with the types, that `fit` was given. A type that lists its categories (pandas' categorical, polars'
            Enum) lists further ones at its end where rare levels were merged into another, which is called `other`; texts of
            NumPy become as long as they have to be, and a recarray is a structured array. After `load`, a pandas DataFrame
            where pandas is installed, else a polars one, else a dict of lists.

        Raises
        ------
        ParameterError
            When arguments are not right.
        DataError
            When the model cannot draw such rows.
        """
        request = self._request(n, conditions, random_state, like, around, start, low_discrepancy, dials, truth)
        return self._drawn(request, request.start, request.count)

    def sample_batches(
        self,
        n: int | None = None,
        *,
        batch_size: int = BATCH_ROWS,
        conditions: Mapping[str, Any] | Sequence[str] | str | None = None,
        random_state: Any = None,
        like: Any = None,
        around: Any = None,
        start: int = 0,
        low_discrepancy: bool = False,
        dials: Sequence[str] = (),
        truth: str | None = None,
    ) -> Iterator[Any]:
        """Draw rows in tables of `batch_size`, so that any number of them fits into memory.

        Parameters
        ----------
        n : int, optional
            How many rows in all.
        batch_size : int, default 65536
            How many rows a table has; the last one may have fewer.
        conditions, random_state, like, around, start, low_discrepancy, dials, truth
            As for `sample`.

        Returns
        -------
        iterator of tables
            Together they are what `sample` gives. Arguments are checked at once, and rows drawn when a table is asked for.

        Raises
        ------
        ParameterError, DataError
            As `sample` does.
        """
        refuse(whole_problems(1, batch_size=batch_size))
        request = self._request(n, conditions, random_state, like, around, start, low_discrepancy, dials, truth)
        end = request.start + request.count
        firsts = range(request.start, end, int(batch_size))
        return (self._drawn(request, first, min(int(batch_size), end - first)) for first in firsts)

    def _request(
        self,
        n: int | None,
        conditions: Any,
        random_state: Any,
        like: Any,
        around: Any,
        start: int,
        low_discrepancy: bool,
        dials: Any,
        truth: str | None,
    ) -> _Request:
        model, frame = self._fitted()
        given = self._given(like, "the rows to complete")
        near = self._given(around, "the rows to draw around")
        count: Any = n
        if count is None:
            given_rows = given if given is not None else near
            count = self.n_rows_ if given_rows is None else given_rows.n_rows
        problems = whole_problems(n=count, start=start)
        if not problems and int(start) + int(count) >= END:
            problems.append("start and n together must be below 2**64, where the table that a seed stands for ends")
        if truth is not None and not isinstance(truth, str):
            problems.append("truth must be the name of a new column")
        refuse(problems)
        texts, named = requested(conditions, model.schema, frame)
        wishes = {
            "conditions": texts,
            "named": named,
            "like": given,
            "around": near,
            "low_discrepancy": bool(low_discrepancy),
            "dials": dials_of(dials),
            "truth": truth,
        }
        seed = seed_of(self.random_state if random_state is None else random_state)
        return _Request(model, frame, int(start), int(count), seed, like, given, wishes)

    def _drawn(self, request: _Request, start: int, count: int) -> Any:
        """Some of the rows of a request."""
        with progress(self.verbose) as listener, own_names(self._own):
            table = request.model.sample(start, start + count, request.seed, **request.wishes, listener=listener)
        warn(table.warnings)
        # Given rows come again and again, from the one that `start` falls on.
        given = request.given
        same_rows = given is not None and start % max(given.n_rows, 1) == 0 and given.n_rows == table.n_rows
        return request.frame.restore(table, request.like if same_rows else None)

    def log_prob(self, X: Any) -> Any:
        """The logarithm of each row's density, or probability where all columns are of levels.

        Parameters
        ----------
        X : table or path
            Rows with the columns that were learned.

        Returns
        -------
        numpy.ndarray or list of float
            One for each row, higher for likelier ones, minus infinity for one that the model never draws; a list where NumPy is
            not installed.

        Raises
        ------
        ParameterError
            When the method cannot tell.
        DataError
            When the columns are others.
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

        Parameters
        ----------
        X : table or path
            Rows with the columns that were learned.
        y : column, optional
            A further one, as `fit` takes it.

        Returns
        -------
        float
            The mean over the rows.
        """
        self._check_width(X)
        found = self.log_prob(X if y is None else with_target(X, y)[0])
        return float(math.fsum(found) / max(len(found), 1))

    def impute(self, X: Any, *, random_state: Any = None) -> Any:
        """Fill gaps: every missing cell is drawn given the other cells of its row. All else stays as it is.

        Parameters
        ----------
        X : table or path
            Rows with some or all of the columns that were learned, and any others.
        random_state : int, None or NumPy generator, optional
            The seed; the generator's own if None.

        Returns
        -------
        table
            Of the kind that it was given, with its index.

        Raises
        ------
        DataError
            When the table is not right.
        """
        model, _ = self._fitted()
        with progress(self.verbose) as listener, own_names(self._own):
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

    def _given(self, rows: Any, what: str) -> _native.Table | None:
        return None if rows is None else _frames.read(rows, like=self._fitted()[0].schema, way="partial", what=what)[0]

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


def _doubles(found: bytearray) -> Any:
    try:
        import numpy
    except ImportError:
        return list(memoryview(found).cast("d"))
    return numpy.frombuffer(found, numpy.float64)
