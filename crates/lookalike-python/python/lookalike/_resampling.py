"""What all resamplers have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from lookalike import _frames, _native, _rows, _strategy
from lookalike._arguments import is_whole
from lookalike._base import Generator
from lookalike._labels import Labels
from lookalike._numbers import joined, names_array, numpy_or_none, row_numbers
from lookalike._parameters import Parameters, own_names, plain_value, seed_of, warn
from lookalike._progress import progress
from lookalike._strategy import CLEAN, OVER, UNDER
from lookalike._unfitted import not_fitted
from lookalike._words import a
from lookalike.exceptions import DataError, LookalikeError, ParameterError

#: Methods that leave so many rows of a class as they are told.
_LEAVE = frozenset({"random-under", "nearmiss", "instance-hardness", "cluster-centroids"})
#: Methods that decide themselves which rows go.
_DECIDE = frozenset(
    {
        "tomek",
        "enn",
        "repeated-enn",
        "all-knn",
        "condensed-nn",
        "one-sided-selection",
        "neighbourhood-cleaning",
    }
)
#: Methods that look at no column but the target.
_BLIND = frozenset({"random", "random-under"})
#: The parameters that say how many neighbours a row has, and scikit-learn's object that imbalanced-learn makes of each.
_NEIGHBOURS = {"k_neighbors": "nn_k_", "m_neighbors": "nn_m_", "n_neighbors": "nn_"}


class Resampler(Parameters):
    """Balances the classes of a table, as imbalanced-learn's samplers do.

    The public resamplers say their parameters themselves; see `lookalike.over_sampling.SMOTE`.

    Attributes
    ----------
    sampling_strategy_ : OrderedDict
        For each class that is meant, how many rows are added to it, or left of it.
    n_features_in_ : int
        How many columns there were.
    feature_names_in_ : numpy.ndarray of str
        Their names, if they have any; a list where NumPy is not installed.
    sample_indices_ : numpy.ndarray of int
        Of resamplers that make no rows up: the numbers of the rows that the result has, in its order.
    warnings_ : list of str
        What was done differently from what one may expect.
    """

    _estimator_type = "sampler"

    _method: ClassVar[str]
    #: Parameters of the method: Python's name and the library's.
    _own: ClassVar[dict[str, str]] = {}
    #: Parameters whose values are called otherwise here: by name, the words and the values.
    _words: ClassVar[dict[str, dict[str, Any]]] = {}
    #: imbalanced-learn's parameters that cannot be followed, and the values that say what is done anyway.
    _refused: ClassVar[dict[str, tuple]] = {}
    #: Parameters that make another method of this one when they are given: by name, the method and its parameter.
    _turns: ClassVar[dict[str, tuple[str, str]]] = {}
    #: Parameters of what is to be balanced.
    _balance: ClassVar[tuple[str, ...]] = ()
    #: Parameters that are resamplers themselves, one after the other, when any is given.
    _parts: ClassVar[tuple[str, ...]] = ()

    sampling_strategy: Any = "auto"

    @property
    def _sampling_type(self) -> str:
        if self._method in _DECIDE:
            return CLEAN
        return UNDER if self._method in _LEAVE else OVER

    def fit(self, X: Any, y: Any) -> Self:
        """Check a table and find out how many rows each class gets. `fit_resample` does this too.

        Parameters
        ----------
        X : table
            What `fit_resample` takes.
        y : column
            The class of each row.

        Returns
        -------
        self
        """
        self._method_json()
        self._checked(X, y)
        return self

    def fit_resample(self, X: Any, y: Any) -> tuple[Any, Any]:
        """Balance a table.

        Parameters
        ----------
        X : table
            A NumPy array of two dimensions, a pandas or polars DataFrame, a pyarrow Table, a SciPy sparse matrix, a list of rows
            or a dict of columns. Numbers may be missing, but not as a mask says it.
        y : column
            The class of each row: an array, a Series, an Index, a list, a table of one column, or a matrix with a 1 in the
            column of each row's class.

        Returns
        -------
        X_resampled : table
            Of the same kind, with the same columns and types: the rows that stay, as they are and in their order, then new ones.
        y_resampled : column
            Their classes, in the container that `y` is.

        Raises
        ------
        ParameterError
            When parameters are not right; all that is wrong with them is told at once.
        DataError
            When it is no table, or the method cannot balance it.
        KeyboardInterrupt
            On Ctrl-C, within about a second.
        """
        parts = [getattr(self, name) for name in self._parts]
        if any(part is not None for part in parts):
            return self._one_after_the_other(X, y, parts)
        method = self._method_json()
        rows, labels = self._checked(X, y)
        return self._resampled(rows, labels, method)

    def _checked(self, X: Any, y: Any) -> tuple[_rows.Rows, Labels]:
        labels = Labels(y)
        rows = _rows.take(X)
        if rows.n_rows != len(labels):
            raise DataError(f"Found input variables with inconsistent numbers of samples: [{rows.n_rows}, {len(labels)}]")
        if rows.n_rows == 0 or rows.n_columns == 0:
            raise DataError(
                f"Found array with {rows.n_rows} sample(s) and {rows.n_columns} feature(s) while a minimum of 1 is required."
            )
        self.sampling_strategy_ = _strategy.resolved(self.sampling_strategy, self._sampling_type, labels)
        self.n_features_in_ = rows.n_columns
        self.__dict__.pop("feature_names_in_", None)
        if rows.names is not None:
            self.feature_names_in_ = names_array(rows.names)
        return rows, labels

    def _resampled(self, rows: _rows.Rows, labels: Labels, method: str) -> tuple[Any, Any]:
        names, target = _column_names(rows)
        natural = isinstance(self, GenerativeOverSampler)
        if self._is_blind():
            columns, kinds = [], {}
        elif natural:
            columns, kinds = [(name, *column[1:]) for name, column in zip(names, rows.natural())], {}
        else:
            taken = rows.columns(names, self._levels(rows))
            columns, kinds = [column for column, _ in taken], {column[0]: kind for column, kind in taken}
        classes = [_strategy.class_name(number) for number in range(len(labels.classes))]
        columns.append((target, "levels", labels.codes, classes))
        kinds[target] = "categorical"
        wish = {
            "target": target,
            "by": [],
            "within": False,
            "strategy": _strategy.wish(self.sampling_strategy_, self._sampling_type, labels),
            "textbook": bool(getattr(self, "textbook", False)),
            "raw_units": bool(getattr(self, "raw_units", False)),
        }
        seed = _seed_of(getattr(self, "random_state", 0))
        try:
            with own_names(self._own), progress(None) as listener:
                table = self._read(columns, kinds, listener)
                kept, copies, new, warnings = _native.resample(table, method, json.dumps(wish), seed, listener)
        except (DataError, ParameterError) as error:
            raise self._in_these_words(error) from None
        kept, copies = row_numbers(kept), row_numbers(copies)
        only_copies = len(copies) == 0 or min(copies) >= 0
        taken_rows = joined(kept, copies) if only_copies else kept
        self._remember_rows(taken_rows, only_copies)
        made = [] if only_copies else _codes_of(new.column(len(columns) - 1))
        self.warnings_ = [self._spoken(one) for one in (*table.warnings, *warnings)]
        warn(self.warnings_)
        return rows.grown(taken_rows, new if made else None), labels.grown(taken_rows, made)

    def _is_blind(self) -> bool:
        """True when only the target is looked at, and rows are taken or repeated as they are."""
        return self._method in _BLIND and all(getattr(self, name) is None for name in self._turns)

    def _read(self, columns: list[tuple], kinds: dict[str, str], listener: Any) -> _native.Table:
        return _native.read_table(columns, _frames.wishes(columns=kinds), None, "same", "the table", listener)

    def _remember_rows(self, rows: Any, all_of_them: bool) -> None:
        self.__dict__.pop("sample_indices_", None)
        if all_of_them and self._tells_rows():
            self.sample_indices_ = rows

    def _tells_rows(self) -> bool:
        """True when the result has given rows and nothing else, whatever the table."""
        return self._method == "random" or (self._sampling_type != OVER and self._method != "cluster-centroids")

    def _levels(self, rows: _rows.Rows) -> frozenset[int]:
        """The places of the columns that are taken for categories."""
        if self._method == "smoten":
            return frozenset(range(rows.n_columns))
        wanted = getattr(self, "categorical_features", "auto")
        if isinstance(wanted, str) and wanted == "auto":
            return frozenset(rows.categories())
        return _places(wanted, rows)

    def _one_after_the_other(self, X: Any, y: Any, parts: list[Any]) -> tuple[Any, Any]:
        """What the resamplers that were given make of it; those that were not are the usual ones."""
        self._problems()
        self._checked(X, y)
        self.__dict__.pop("sample_indices_", None)
        for part, usual in zip(parts, self._usual_parts()):
            resampler = usual if part is None else _clone(part)
            X, y = resampler.fit_resample(X, y)
        return X, y

    def _usual_parts(self) -> list[Resampler]:
        from lookalike.over_sampling import SMOTE
        from lookalike.under_sampling import EditedNearestNeighbours, TomekLinks

        cleaner = EditedNearestNeighbours if self._method == "smote-enn" else TomekLinks
        shared = {name: getattr(self, name) for name in self._balance}
        smote = SMOTE(
            sampling_strategy=self.sampling_strategy,
            random_state=getattr(self, "random_state", None),
            k_neighbors=getattr(self, "k_neighbors", 5),
            **shared,
        )
        return [smote, cleaner(sampling_strategy="all", **{"raw_units": shared.get("raw_units", False)})]

    def _problems(self) -> tuple[str, dict[str, Any]]:
        """The method and its options; raises all that is wrong with parameters."""
        if not hasattr(type(self), "_method"):
            raise ParameterError(f"{type(self).__name__} is what resamplers have in common: take one of them, such as SMOTE")
        problems = []
        method, options = self._method, {}
        for name, accepted in self._refused.items():
            value = getattr(self, name)
            if not any(value is one or (type(value) is type(one) and value == one) for one in accepted):
                allowed = " or ".join(map(repr, accepted))
                problems.append(f"{name} must be {allowed}: anything else that imbalanced-learn takes has no meaning here")
        for name, theirs in self._own.items():
            try:
                value = self._value(name, getattr(self, name))
            except ParameterError as error:
                problems.extend(error.problems)
                continue
            if value is not None:
                options[theirs] = value
        for name, (other, theirs) in self._turns.items():
            value = getattr(self, name)
            if value is not None:
                method, options = other, {theirs: plain_value(value)}
                if isinstance(value, Mapping):
                    problems.append(f"{name} must be one number for all classes, or None")
        for name in self._balance:
            if not isinstance(getattr(self, name), (bool, *_numpy_bools())):
                problems.append(f"{name} must be True or False")
        if problems:
            raise ParameterError("; ".join(problems), problems)
        return method, options

    def _value(self, name: str, value: Any) -> Any:
        """A parameter as the native module takes it."""
        if name in self._words:
            words = self._words[name]
            if isinstance(value, str):
                if value not in words:
                    raise ParameterError(f"{name} must be one of {', '.join(map(repr, words))}")
                return words[value]
        if name in _NEIGHBOURS or name == "n_neighbors_ver3":
            return _count_of_neighbours(name, value, itself=self._method != "nearmiss")
        if name == "kmeans_estimator" and hasattr(value, "n_clusters"):
            value = value.n_clusters
        value = plain_value(value)
        if value is not None and not isinstance(value, (bool, int, float, str, list, dict)):
            raise ParameterError(f"{name} must be a number or a word, and is {a(value)}")
        return value

    def _method_json(self) -> str:
        method, options = self._problems()
        return json.dumps({method: options})

    def _spoken(self, sentence: str) -> str:
        """What the library says, in the words of this class."""
        for name, theirs in self._own.items():
            sentence = re.sub(rf"\b{theirs}= ?(?=\d)", f"{name}=", sentence)
        for method, resampler in (("random", "RandomOverSampler"), ("smotenc", "SMOTENC")):
            sentence = re.sub(rf"\bmethod= ?{method}\b", resampler, sentence)
        return sentence

    def _in_these_words(self, error: LookalikeError) -> LookalikeError:
        problems = [self._spoken(problem) for problem in error.problems]
        return type(error)("; ".join(problems), problems)

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """The names of the columns that come out, which are those that go in.

        Parameters
        ----------
        input_features : sequence of str, optional
            Their names; those that were seen if not given, or `x0`, `x1` and so on where columns have none.

        Returns
        -------
        numpy.ndarray of str
            A list where NumPy is not installed.
        """
        self._fitted()
        known = getattr(self, "feature_names_in_", None)
        if input_features is None:
            if known is not None:
                return known
            return names_array([f"x{place}" for place in range(self.n_features_in_)])
        given = [str(name) for name in input_features]
        if known is not None and given != list(known):
            raise ParameterError("input_features is not equal to feature_names_in_")
        if len(given) != self.n_features_in_:
            raise ParameterError(
                f"input_features should have length equal to number of features ({self.n_features_in_}), got {len(given)}"
            )
        return names_array(given)

    def _fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            raise not_fitted(f"this {type(self).__name__} has not seen a table yet: call fit_resample first")

    def __sklearn_is_fitted__(self) -> bool:
        return "sampling_strategy_" in self.__dict__

    # Type checkers would take any name for one that is there.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # scikit-learn's objects for neighbours, as imbalanced-learn has them, for those who look at them.
            for parameter, attribute in _NEIGHBOURS.items():
                if name == attribute and parameter in type(self)._own and "sampling_strategy_" in self.__dict__:
                    from sklearn.neighbors import NearestNeighbors

                    itself = self._method != "nearmiss"
                    count = _count_of_neighbours(parameter, getattr(self, parameter), itself)
                    return NearestNeighbors(n_neighbors=count + itself)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __sklearn_tags__(self) -> Any:
        import sys

        from sklearn.utils import InputTags, Tags, TargetTags

        kind: Any = {"estimator_type": "sampler", "target_tags": TargetTags(required=True)}
        inputs: dict[str, Any] = {
            "sparse": True,
            "allow_nan": True,
            "string": self._method in _BLIND or self._method in ("smotenc", "smoten"),
            "categorical": self._method != "smote",
        }
        if "imblearn" not in sys.modules:
            return Tags(**kind, input_tags=InputTags(**inputs))
        from imblearn.utils import _tags as theirs

        sampler = theirs.SamplerTags(sample_indices=self._tells_rows())
        return theirs.Tags(
            **kind,
            transformer_tags=None,
            classifier_tags=None,
            regressor_tags=None,
            input_tags=theirs.InputTags(**inputs, dataframe=True),
            sampler_tags=sampler,
        )


#: Parameters of generators that balancing has no use for.
_WITHOUT_MEANING = ("target", "unit", "condition_on", "locale", "keep_format", "consistent")


class GenerativeOverSampler(Resampler):
    """Oversampling by a generator: it learns the table, and draws rows under the condition that they are of a class.

    The table is learned as the generator's own `fit` does, with its method's parameters, `constraints`, `schema` and `columns`.
    It is learned without protection, whatever `protect` says: the result has the real rows anyway. `random_state` and
    `verbose` of the generator are not used; its other parameters have no meaning here and are refused. New numbers have the
    form that the columns have.

    Parameters
    ----------
    generator : Generator
        Such as `lookalike.Forest()`, with one method: not `Auto`. It is not changed, and need not have learned anything.
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards; see `SMOTE`.
    random_state : int, NumPy generator or None, default=None
        The seed. The same seed gives the same rows on any number of threads; None for another one each time.

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike import Forest
    >>> from lookalike.over_sampling import GenerativeOverSampler
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = GenerativeOverSampler(Forest(), random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 32), ('usual', 32)]
    """

    _method = "generator"

    def __init__(self, generator: Any, *, sampling_strategy: Any = "auto", random_state: Any = None) -> None:
        self.generator = generator
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state

    def _method_json(self) -> str:
        generator = self.generator
        if not isinstance(generator, Generator) or getattr(generator, "_method", "auto") == "auto":
            raise ParameterError(
                "generator must be one of lookalike's generators with a method of its own, such as lookalike.Forest(): Auto "
                "chooses one only when it learns"
            )
        values = {name: getattr(generator, name) for name in _WITHOUT_MEANING}
        said = [name for name, value in values.items() if value is not None and (not hasattr(value, "__len__") or len(value) > 0)]
        if said:
            raise ParameterError(f"generator must be without {', '.join(said)}, of which balancing knows nothing: leave that out")
        return json.dumps({"generator": json.loads(generator._method_json())})

    def _read(self, columns: list[tuple], kinds: dict[str, str], listener: Any) -> _native.Table:
        generator = self.generator
        own = generator.columns or {}
        options = _frames.wishes(
            columns={**own, **kinds} if isinstance(own, Mapping) else own,
            constraints=generator.constraints,
            schema=generator.schema,
        )
        return _native.read_table(columns, options, None, "same", "the table", listener)


def _column_names(rows: _rows.Rows) -> tuple[list[str], str]:
    """Different names for the columns, and one for the target."""
    names = rows.names
    if names is None or len(set(names)) < len(names):
        names = [f"x{place}" for place in range(rows.n_columns)]
    target = "y"
    while target in names:
        target += "_"
    return names, target


def _codes_of(column: tuple) -> list[int]:
    """The numbers of classes in the target's column."""
    if column[0] == "levels":
        numbers = [int(text) for text in column[2]]
        return [numbers[code] for code in memoryview(column[1]).cast("i")]
    return [int(text) for text in column[1]]


def _places(wanted: Any, rows: _rows.Rows) -> frozenset[int]:
    """The places of columns that were given by name, by place or by a mask."""
    wanted = [wanted] if isinstance(wanted, str) or is_whole(wanted) else wanted
    if not isinstance(wanted, Iterable):
        raise ParameterError("categorical_features must be 'auto', names of columns, places of columns, or a mask")
    wanted = [plain_value(one) for one in wanted]
    if wanted and all(isinstance(one, bool) for one in wanted):
        if len(wanted) != rows.n_columns:
            raise ParameterError(f"categorical_features is a mask of {len(wanted)} columns, and there are {rows.n_columns}")
        return frozenset(place for place, one in enumerate(wanted) if one)
    problems, places = [], set()
    for one in wanted:
        if isinstance(one, str):
            if rows.names is None or one not in rows.names:
                problems.append(f"categorical_features names a column {one!r} that there is not")
            else:
                places.add(rows.names.index(one))
        elif is_whole(one) and -rows.n_columns <= one < rows.n_columns:
            places.add(one % rows.n_columns)
        else:
            problems.append("categorical_features must be 'auto', names of columns, places of columns, or a mask")
    if problems:
        raise ParameterError("; ".join(problems), problems)
    return frozenset(places)


def _count_of_neighbours(name: str, value: Any, itself: bool) -> int:
    """A number of neighbours, or that of an object of scikit-learn's, which counts a row as its own neighbour."""
    if hasattr(value, "n_neighbors"):
        metric, power = getattr(value, "metric", "minkowski"), getattr(value, "p", 2)
        if metric not in ("minkowski", "euclidean") or (metric == "minkowski" and power != 2):
            raise ParameterError(f"{name} must be a number, or an object with Euclidean distances")
        value = value.n_neighbors - int(itself)
    value = plain_value(value)
    if not is_whole(value) or value < 1:
        raise ParameterError(f"{name} must be a whole number of at least 1, or an object of scikit-learn's for neighbours")
    return int(value)


def _seed_of(random_state: Any) -> int:
    """As `seed_of`, and None draws from NumPy's numbers for all, as scikit-learn does."""
    numpy = numpy_or_none() if random_state is None else None
    return seed_of(random_state if numpy is None else numpy.random)


def _numpy_bools() -> tuple[type, ...]:
    numpy = numpy_or_none()
    return () if numpy is None else (numpy.bool_,)


def _clone(resampler: Any) -> Any:
    if not hasattr(resampler, "fit_resample") or not hasattr(resampler, "get_params"):
        raise ParameterError(f"{a(resampler)} is no resampler")
    return type(resampler)(**resampler.get_params(deep=False))
