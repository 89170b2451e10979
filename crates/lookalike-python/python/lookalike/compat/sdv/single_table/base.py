"""What all synthesizers have in common."""

from __future__ import annotations

import copy
import datetime
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from lookalike import __version__, evaluate
from lookalike._words import a
from lookalike.compat.sdv.errors import (
    ConstraintsNotMetError,
    InvalidDataError,
    SamplingError,
    SynthesizerFileError,
    SynthesizerInputError,
    SynthesizerProcessingError,
    UnfittedError,
    _by_these_names,
)
from lookalike.compat.sdv.metadata import Metadata, SingleTableMetadata
from lookalike.compat.sdv.metadata._schema import schema_of
from lookalike.compat.sdv.sampling import Condition, DataFrameCondition
from lookalike.compat.sdv.single_table import _saved
from lookalike.compat.sdv.single_table._engine import Engine
from lookalike.compat.sdv.single_table._rules import rules_of
from lookalike.exceptions import LookalikeWarning

__all__ = ["BaseSingleTableSynthesizer"]

#: The locale that SDV takes if none is said; then ours is guessed from the rows.
_LOCALES = ["en_US"]


class BaseSingleTableSynthesizer:
    """Learns a table and draws others like it, by SDV's calls.

    The synthesizers say their parameters themselves; see `GaussianCopulaSynthesizer`.
    """

    _method: ClassVar[str]
    #: SDV's default of each parameter that the library has, and the library's name. One that stands at SDV's default is
    #: left to the library, whose own default is better tried.
    _own: ClassVar[dict[str, tuple[Any, str]]] = {}
    #: Parameters without meaning here, with SDV's defaults, and why.
    _idle: ClassVar[dict[str, tuple[Any, str]]] = {}

    def _set_up(self, metadata: Any, random_state: int, parameters: Mapping[str, Any]) -> None:
        self._set_metadata(metadata)
        self.random_state = random_state
        self._parameters = dict(parameters)
        for name, value in self._parameters.items():
            setattr(self, name, value)
        self._rules: list[Any] = []
        self._constraints: list[Any] = []
        self._engine: Engine | None = None
        self._keyed = False
        self._types: dict[str, str] = {}
        self._drawn = 0
        self._created = _today()
        self._fitted_on: str | None = None
        problems = self._problems()
        if problems:
            raise SynthesizerInputError("; ".join(problems), problems)
        for name, (default, why) in self._idle.items():
            if name in self._parameters and self._parameters[name] != default:
                _warn(f"{name} is not used: {why}")

    def _set_metadata(self, metadata: Any) -> None:
        if isinstance(metadata, SingleTableMetadata):
            table, self._named = metadata, Metadata()
            self._named.tables["table"] = table
        elif isinstance(metadata, Metadata):
            if len(metadata.tables) != 1:
                raise SynthesizerInputError(
                    f"the metadata describe {len(metadata.tables)} tables, and a synthesizer learns one: lookalike "
                    "keeps no ties between tables"
                )
            table, self._named = metadata.get_table_metadata(), metadata
        else:
            raise SynthesizerInputError(
                f"{a(metadata)} is no metadata: give lookalike.compat.sdv.metadata.Metadata"
            )
        if table.sequence_key:
            raise SynthesizerInputError(
                "the metadata have a sequence key, and rows of a sequence are not learned as such here: "
                "metadata.remove_sequence_key() if they may be drawn each for itself"
            )
        metadata.validate()
        self.metadata = metadata
        self._table = table

    def _problems(self) -> list[str]:
        problems = []
        locales = self._parameters.get("locales")
        if locales is not None and (isinstance(locales, str) or not all(isinstance(one, str) for one in locales)):
            problems.append("locales must be a list such as ['de_DE']")
        for name in ("enforce_min_max_values", "enforce_rounding", "verbose"):
            if not isinstance(self._parameters.get(name, True), bool):
                problems.append(f"{name} must be True or False")
        return problems

    def _options(self) -> dict[str, Any]:
        options = {}
        for name, (default, theirs) in self._own.items():
            value = self._parameters[name]
            if value is not None and _listed(value) != _listed(default):
                options[theirs] = _listed(value)
        return options

    def _locale(self) -> str | None:
        locales = list(self._parameters.get("locales") or _LOCALES)
        if locales == _LOCALES:
            return None
        if len(locales) > 1:
            _warn("of several locales the first one is taken")
        return locales[0]

    def fit(self, data: Any) -> None:
        """Learn a table.

        Parameters
        ----------
        data : pandas.DataFrame, or dict of one by its table's name
            After a dict, `sample` gives one too, as SDV 2.0 does.

        Raises
        ------
        InvalidDataError
            When the table does not fit the metadata, or cannot be learned.
        SynthesizerInputError
            When parameters are not right; all that is wrong with them is told at once.
        """
        self._keyed = isinstance(data, Mapping)
        table = self._one(data)
        self._table.validate_data(table)
        engine = Engine(
            method=self._method,
            options=self._options(),
            names={name: theirs for name, (_, theirs) in self._own.items()},
            locale=self._locale(),
            schema=schema_of(self._table, self._rules),
            random_state=self.random_state,
        )
        engine.verbose = True if self._parameters.get("verbose") else None
        with _by_these_names():
            engine.fit(table)
        self._engine, self._types = engine, _saved.types_of(table)
        self._drawn, self._fitted_on = 0, _today()

    def fit_processed_data(self, processed_data: Any) -> None:
        """The same as `fit`: rows are learned as they are, and `preprocess` leaves them so."""
        self.fit(processed_data)

    def preprocess(self, data: Any) -> Any:
        """Check a table against the metadata, and give it back as it is: nothing has to be prepared."""
        self._table.validate_data(self._one(data))
        return data

    def validate(self, data: Any) -> None:
        """Raise if a table does not fit the metadata."""
        self._table.validate_data(self._one(data))

    def _one(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        if len(data) != 1 or next(iter(data)) not in self._named.tables:
            raise InvalidDataError(f"the dict must hold one table, {next(iter(self._named.tables))!r}")
        return next(iter(data.values()))

    def _ready(self) -> Engine:
        if self._engine is None:
            raise UnfittedError(f"this {type(self).__name__} has not been fitted: call fit first")
        return self._engine

    def sample(
        self,
        num_rows: int,
        max_tries_per_batch: int = 100,
        batch_size: int | None = None,
        output_file_path: str | os.PathLike[str] | None = None,
        *,
        main_table_name: str | None = None,
        output_folder_path: str | os.PathLike[str] | None = None,
    ) -> Any:
        """Draw rows. Another call draws others, until `reset_sampling`.

        Parameters
        ----------
        num_rows : int
        max_tries_per_batch, batch_size : int, optional
            Not needed: no row is thrown away, and rows do not depend on batches.
        output_file_path : path, optional
            A CSV file to write them to as well. There must be none of that name.
        main_table_name : str, optional
            As SDV 2.0 has it: the table, of which there is one.
        output_folder_path : path, optional
            As SDV 2.0 has it: a folder for a CSV file that is named like the table.

        Returns
        -------
        pandas.DataFrame, or dict of one after `fit` with a dict
            With the columns and types of the table that was learned.
        """
        path = self._output(output_file_path, output_folder_path)
        engine = self._ready()
        if isinstance(num_rows, bool) or not hasattr(num_rows, "__index__") or num_rows < 0:
            raise SynthesizerInputError("num_rows must be a whole number from 0")
        with _by_these_names(SamplingError):
            rows = engine.sample(num_rows, random_state=self.random_state, start=self._drawn)
        self._drawn += len(rows)
        return self._out(rows, path)

    def sample_from_conditions(
        self,
        conditions: Sequence[Any],
        max_tries_per_batch: int = 100,
        batch_size: int | None = None,
        output_file_path: str | os.PathLike[str] | None = None,
        *,
        output_folder_path: str | os.PathLike[str] | None = None,
    ) -> Any:
        """Draw rows that fulfil conditions, as many as each says, in their order.

        Parameters
        ----------
        conditions : list of Condition or DataFrameCondition
        max_tries_per_batch, batch_size : int, optional
            Not needed: conditions are fulfilled by construction.
        output_file_path : path, optional
            A CSV file to write them to as well.
        output_folder_path : path, optional
            As SDV 2.0 has it: a folder for a CSV file that is named like the table.

        Raises
        ------
        SamplingError
            When there are no such rows to draw, such as of a value that the model does not know.
        SynthesizerInputError
            When conditions are none, or name columns that are not there.
        """
        import pandas as pd

        path = self._output(output_file_path, output_folder_path)
        engine = self._ready()
        conditions = [conditions] if isinstance(conditions, (Condition, DataFrameCondition)) else list(conditions)
        if not conditions:
            raise SynthesizerInputError("there are no conditions")
        self._check(conditions)
        parts = []
        for one in conditions:
            if isinstance(one, DataFrameCondition):
                parts.append(self._completed(engine, one.dataframe))
                continue
            values = {name: self._spelled(name, value) for name, value in one.get_column_values().items()}
            if any(sign in name for name in values for sign in "=<>!"):
                # Names that a condition's text cannot hold.
                parts.append(self._completed(engine, pd.DataFrame([one.get_column_values()] * one.get_num_rows())))
                continue
            with _by_these_names(SamplingError):
                rows = engine.sample(
                    one.get_num_rows(), conditions=values, random_state=self.random_state, start=self._drawn
                )
            self._drawn += len(rows)
            parts.append(rows)
        rows = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0].reset_index(drop=True)
        return self._out(rows, path)

    def sample_remaining_columns(
        self,
        known_columns: Any,
        max_tries_per_batch: int = 100,
        batch_size: int | None = None,
        output_file_path: str | os.PathLike[str] | None = None,
        *,
        output_folder_path: str | os.PathLike[str] | None = None,
    ) -> Any:
        """Complete rows of which some columns are known. What is known stays as it is.

        Parameters
        ----------
        known_columns : pandas.DataFrame
            A row for each that is to be made, with its index.
        max_tries_per_batch, batch_size : int, optional
            Not needed.
        output_file_path : path, optional
            A CSV file to write them to as well.
        output_folder_path : path, optional
            As SDV 2.0 has it: a folder for a CSV file that is named like the table.
        """
        path = self._output(output_file_path, output_folder_path)
        engine = self._ready()
        known = self._one(known_columns) if isinstance(known_columns, Mapping) else known_columns
        self._check([DataFrameCondition(known)])
        return self._out(self._completed(engine, known), path)

    def _completed(self, engine: Engine, known: Any) -> Any:
        # Given rows come again and again in the endless table: the first of them, where they begin anew.
        count = max(len(known), 1)
        start = -(-self._drawn // count) * count
        with _by_these_names(SamplingError):
            rows = engine.given(known, self.random_state, start)
        self._drawn = start + len(rows)
        return rows

    def _check(self, conditions: Sequence[Any]) -> None:
        """That conditions are some, of columns that are there."""
        problems = []
        for number, one in enumerate(conditions, 1):
            if not isinstance(one, (Condition, DataFrameCondition)):
                problems.append(f"condition {number} is {a(one)}: give a Condition")
                continue
            names = one.column_values if isinstance(one, Condition) else one.dataframe.columns
            problems += [
                f"condition {number}: there is no column {name!r}" for name in names if name not in self._table.columns
            ]
        if problems:
            raise SynthesizerInputError("; ".join(problems), problems)

    def _spelled(self, name: str, value: Any) -> Any:
        """A condition's value as the column writes it."""
        pattern = self._table.columns[name].get("datetime_format")
        if value is None or value != value:
            return None
        if hasattr(value, "strftime"):
            return value.strftime(pattern) if pattern and "%" in pattern else str(value)
        return value

    def _out(self, rows: Any, path: str | None) -> Any:
        if path is not None:
            rows.to_csv(path, index=False)
        return {next(iter(self._named.tables)): rows} if self._keyed else rows

    def _output(self, path: Any, folder: Any) -> str | None:
        """The CSV file to write, which must not be there."""
        if path is None and folder is None:
            return None
        if path is None:
            os.makedirs(folder, exist_ok=True)
            path = os.path.join(folder, f"{next(iter(self._named.tables))}.csv")
        if os.path.exists(path):
            raise SynthesizerInputError("there is an output file of that name already: name another")
        return os.fspath(path)

    def reset_sampling(self) -> None:
        """Draw from the beginning again: the same calls give the same rows as after `fit`."""
        self._drawn = 0

    def add_constraints(self, constraints: Sequence[Any]) -> None:
        """Demand what must hold in every row, beside what was demanded before. Fit then.

        Parameters
        ----------
        constraints : list
            Constraints of `lookalike.compat.sdv.cag`; dicts with `constraint_class` and `constraint_parameters`, as
            SDV 1.x has them; texts such as `"total = price * quantity"`.
        """
        self._rules += rules_of(constraints, self._table.columns)
        self._constraints += copy.deepcopy(list(constraints))
        if self._engine is not None:
            _warn("the constraints count from the next fit on")

    def get_constraints(self, filepath: str | os.PathLike[str] | None = None) -> list[Any]:
        """What was handed to `add_constraints`; also written to a JSON file, if one is named."""
        if filepath is not None:
            with open(filepath, "x", encoding="utf-8") as file:
                json.dump(self._rules, file, indent=4)
        return copy.deepcopy(self._constraints)

    def set_constraints(self, filepath: str | os.PathLike[str]) -> None:
        """`add_constraints` with those of a JSON file, in the place of those that were demanded before."""
        from lookalike.compat.sdv.utils import load_constraints

        listed = load_constraints(filepath)
        rules_of(listed, self._table.columns)
        self._rules, self._constraints = [], []
        self.add_constraints(listed)

    def validate_constraints(self, synthetic_data: Any) -> None:
        """Raise if rows break a constraint.

        Raises
        ------
        ConstraintsNotMetError
            With a sentence for each that is broken.
        """
        rules = schema_of(self._table, self._rules).get("constraints", [])
        if not rules:
            return
        rows = self._one(synthetic_data)
        schema = schema_of(self._table, self._rules)
        with _by_these_names():
            found = evaluate(rows, rows, schema=schema, scores=["constraint-adherence"], verbose=False)
        scores = found.to_dict()["metrics"]
        parts = next(one for one in scores if one["name"] == "constraint-adherence").get("parts") or []
        broken = [f"{one['measure']}: {1 - one['value']:.2%} of the rows break it" for one in parts if one["value"] < 1]
        if broken:
            raise ConstraintsNotMetError("; ".join(broken), broken)

    def load_custom_constraint_classes(self, filepath: Any, class_names: Any) -> None:
        """Refused: a model file holds no code."""
        raise SynthesizerInputError(
            "classes of your own cannot be loaded: a model file holds no code. Write the rule as a text, such as "
            "\"if type = 'cash' then card is missing\", and hand it to add_constraints"
        )

    def auto_assign_transformers(self, data: Any) -> None:
        """Check a table against the metadata. There are no transformers to assign: rows are learned as they are."""
        self._table.validate_data(self._one(data))

    def get_transformers(self, table_name: str | None = None) -> dict[str, None]:
        """None for each column: there are no transformers."""
        return dict.fromkeys(self._table.columns)

    def update_transformers(self, column_name_to_transformer: Mapping[str, Any], table_name: str | None = None) -> None:
        """Refused, unless it takes transformers away: there are none. What a column is, its `sdtype` says."""
        named = [name for name, one in column_name_to_transformer.items() if one is not None]
        if named:
            raise SynthesizerProcessingError(
                f"there are no transformers that could be set for {', '.join(map(repr, named))}: say in the metadata what "
                "a column is, with update_column(column_name=…, sdtype=…)"
            )

    def set_address_columns(self, column_names: Sequence[str], anonymization_level: str = "full") -> None:
        """Say that columns are the parts of addresses. Stand-ins of one row belong together anyway."""
        unknown = [name for name in column_names if name not in self._table.columns]
        if unknown:
            raise SynthesizerInputError(f"there is no column {', '.join(map(repr, unknown))}")

    def get_parameters(self) -> dict[str, Any]:
        """The parameters, by name, without the metadata."""
        return {**copy.deepcopy(self._parameters), "random_state": self.random_state}

    def get_metadata(self, version: str | None = None) -> Any:
        """The metadata.

        Parameters
        ----------
        version : {'original'}, optional
            All versions that SDV knows are the same here.
        """
        return copy.deepcopy(self._named)

    def get_info(self) -> dict[str, Any]:
        """When the synthesizer was made and fitted, and by which version of the library."""
        fitted = self._engine is not None
        return {
            "class_name": type(self).__name__,
            "creation_date": self._created,
            "is_fit": fitted,
            "last_fit_date": self._fitted_on,
            "fitted_sdv_version": None,
            "fitted_lookalike_version": __version__ if fitted else None,
        }

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Write the synthesizer to a file. It is data, whatever its name ends with: reading it runs no code."""
        _saved.write(
            filepath,
            None if self._engine is None else self._engine.to_bytes(),
            {
                "class": type(self).__name__,
                "parameters": self._parameters,
                "random_state": self.random_state,
                "metadata": self.metadata.to_dict(),
                "constraints": self._rules,
                "types": self._types,
                "keyed": self._keyed,
                "created": self._created,
                "fitted": self._fitted_on,
            },
        )

    @classmethod
    def load(cls, filepath: str | os.PathLike[str]) -> Any:
        """Read a synthesizer that `save` wrote, or a model of the program `lookalike fit`.

        Raises
        ------
        FileNotFoundError
            When there is no such file.
        SynthesizerFileError
            When it is something else, such as one of SDV's pickles, or of another class. It is a `ModelFileError` too.
        """
        from lookalike.compat.sdv.single_table import _synthesizers

        with _by_these_names():
            model, beside = _saved.read(filepath)
        all_of_them: list[type[BaseSingleTableSynthesizer]] = list(_synthesizers.ALL)
        if beside is not None:
            own = next((one for one in all_of_them if one.__name__ == beside.get("class")), None)
        else:
            own = next((one for one in all_of_them if model is not None and one._method == model.method), None)
        if own is None:
            raise SynthesizerFileError("the file is of a method that has no synthesizer here: use lookalike.load")
        if not issubclass(own, cls):
            raise SynthesizerFileError(f"the file is of a {own.__name__}, not of a {cls.__name__}")
        return own._restored(model, beside)

    @classmethod
    def _restored(cls, model: Any, beside: dict[str, Any] | None) -> Any:
        if beside is None:
            beside = {"metadata": json.loads(model.schema.to_json("V1"))}
        described = beside["metadata"]
        metadata = (SingleTableMetadata if "columns" in described else Metadata).load_from_dict(described)
        with warnings.catch_warnings():
            # Said already when it was made.
            warnings.simplefilter("ignore", LookalikeWarning)
            parameters = {name: _parameter(name, value) for name, value in beside.get("parameters", {}).items()}
            seed = beside.get("random_state", 0)
            made: Any = cls(metadata, random_state=seed, **parameters)  # type: ignore[call-arg]
        made._rules = list(beside.get("constraints", []))
        made._constraints = copy.deepcopy(made._rules)
        made._types, made._keyed = dict(beside.get("types", {})), bool(beside.get("keyed"))
        made._created, made._fitted_on = beside.get("created", made._created), beside.get("fitted")
        if model is not None:
            engine = Engine(method=cls._method, random_state=made.random_state)
            made._engine = engine.of(model, _saved.SavedFrame(made._types))
        return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}(metadata={type(self.metadata).__name__})"


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _parameter(name: str, value: Any) -> Any:
    """A parameter from JSON, which has no tuples."""
    return tuple(value) if isinstance(value, list) and name.endswith(("_dim", "_dims")) else value


def _today() -> str:
    return datetime.date.today().isoformat()


def _warn(sentence: str) -> None:
    from lookalike._parameters import warn

    warn([sentence])
