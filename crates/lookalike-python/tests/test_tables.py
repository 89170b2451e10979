"""What comes out is what came in."""

import datetime
import decimal

import pytest

import lookalike
from conftest import people
from lookalike import Forest

ROWS = 400


def copied(data):
    """The table after a way through the native module and back, unchanged in content."""
    from lookalike import _frames

    native, frame = _frames.read(data)
    return frame.restore(native, data)


def test_plain_values_come_back():
    data = people(60)
    data["price"] = [decimal.Decimal(i) / 4 for i in range(60)]
    data["seen"] = [datetime.datetime(2024, 1, 1) + datetime.timedelta(seconds=i * 61) for i in range(60)]
    data["at"] = [datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(i) for i in range(60)]
    data["mixed"] = [1 if i % 2 else "one" for i in range(60)]
    assert copied(data) == data


def test_rows_of_dicts_come_back():
    rows = [{"a": i, "b": str(i % 3)} for i in range(30)]
    assert copied(rows) == rows


def pandas_table():
    np = pytest.importorskip("numpy")
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(1)
    n = ROWS
    frame = pd.DataFrame(
        {
            "int64": rng.integers(0, 1000, n),
            "int8": rng.integers(-100, 100, n).astype("int8"),
            "uint16": rng.integers(0, 60000, n).astype("uint16"),
            "float64": rng.normal(size=n),
            "float32": rng.normal(size=n).astype("float32"),
            "gaps": np.where(rng.random(n) < 0.2, np.nan, rng.normal(size=n)),
            "bool": rng.random(n) < 0.3,
            "str": rng.choice(["a", "b", "c"], n),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**6, n), unit="s"),
            7: rng.integers(0, 5, n),
        }
    )
    frame["zoned"] = frame["when"].dt.tz_localize("Europe/Berlin", nonexistent="shift_forward", ambiguous=True)
    frame["nat"] = frame["when"].where(rng.random(n) < 0.9)
    frame["category"] = pd.Categorical(rng.choice(["x", "y"], n), categories=["y", "x", "never"], ordered=True)
    frame["numbers"] = pd.Categorical(rng.choice([10, 20], n))
    frame["Int32"] = pd.array(rng.integers(0, 9, n), dtype="Int32")
    frame.loc[frame.index % 7 == 0, "Int32"] = pd.NA
    frame["boolean"] = pd.array(rng.random(n) < 0.5, dtype="boolean")
    frame.loc[frame.index % 5 == 0, "boolean"] = pd.NA
    frame["delta"] = pd.to_timedelta(rng.integers(0, 10**5, n), unit="s")
    frame["object"] = pd.Series([f"name {i % 9}" if i % 4 else None for i in range(n)], dtype=object)
    frame["string"] = pd.array(rng.choice(["p", "q"], n), dtype="string")
    frame.index = pd.Index(range(1000, 1000 + n), name="key")
    return frame


def test_pandas_comes_back():
    pd = pytest.importorskip("pandas")
    frame = pandas_table()
    pd.testing.assert_frame_equal(copied(frame), frame)


def test_pandas_types_are_sampled():
    pd = pytest.importorskip("pandas")
    frame = pandas_table()
    drawn = Forest(protect=None).fit(frame).sample(120)
    pd.testing.assert_series_equal(drawn.dtypes, frame.dtypes)
    pd.testing.assert_index_equal(drawn.columns, frame.columns)
    assert list(drawn.index) == list(range(120))


def test_pandas_needs_no_pyarrow(monkeypatch):
    pytest.importorskip("pandas")
    import builtins

    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    frame = pandas_table()
    monkeypatch.setattr(builtins, "__import__", without)
    assert len(Forest().fit(frame).sample(10)) == 10


def test_the_index_of_what_is_completed_or_filled_is_kept():
    pd = pytest.importorskip("pandas")
    frame = pandas_table()[["int64", "gaps", "str"]]
    forest = Forest().fit(frame)
    pd.testing.assert_index_equal(forest.impute(frame).index, frame.index)
    some = frame[["str"]].iloc[5:9]
    drawn = forest.sample(like=some)
    pd.testing.assert_index_equal(drawn.index, some.index)
    assert list(drawn["str"]) == list(some["str"])


def test_arrow_backed_pandas_comes_back():
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas_table()[["int64", "float64", "bool", "str", "when"]]
    frame = frame.rename(columns=str).reset_index(drop=True).convert_dtypes(dtype_backend="pyarrow")
    pd.testing.assert_frame_equal(copied(frame), frame)
    mixed = frame.assign(plain=range(len(frame)))
    pd.testing.assert_frame_equal(copied(mixed), mixed)


def test_a_series_is_a_column():
    pd = pytest.importorskip("pandas")
    series = pd.Series(range(40), name="a")
    pd.testing.assert_series_equal(copied(series), series)


def polars_table():
    pl = pytest.importorskip("polars")
    import random

    rng = random.Random(1)
    n = ROWS
    return pl.DataFrame(
        {
            "i64": [rng.randrange(1000) for _ in range(n)],
            "i16": pl.Series([rng.randrange(100) for _ in range(n)], dtype=pl.Int16),
            "f64": [rng.random() for _ in range(n)],
            "f32": pl.Series([rng.random() for _ in range(n)], dtype=pl.Float32),
            "bool": [rng.random() < 0.5 for _ in range(n)],
            "str": [rng.choice(["a", "b", None]) for _ in range(n)],
            "cat": pl.Series([rng.choice(["x", "y"]) for _ in range(n)], dtype=pl.Categorical),
            "enum": pl.Series([rng.choice(["lo", "hi"]) for _ in range(n)], dtype=pl.Enum(["lo", "hi", "none"])),
            "date": [datetime.date(2024, 1, 1) + datetime.timedelta(rng.randrange(300)) for _ in range(n)],
            "when": [datetime.datetime(2024, 1, 1) + datetime.timedelta(seconds=rng.randrange(10**6)) for _ in range(n)],
            "time": [datetime.time(rng.randrange(24), rng.randrange(60)) for _ in range(n)],
            "span": [datetime.timedelta(seconds=rng.randrange(10**6)) for _ in range(n)],
            "dec": pl.Series([decimal.Decimal(rng.randrange(10**4)) / 100 for _ in range(n)], dtype=pl.Decimal(10, 2)),
        }
    )


def test_polars_comes_back():
    pl = pytest.importorskip("polars")
    from polars.testing import assert_frame_equal

    frame = polars_table()
    assert_frame_equal(copied(frame), frame, categorical_as_str=True)
    assert_frame_equal(copied(frame.lazy()), frame, categorical_as_str=True)
    drawn = Forest(protect=None).fit(frame).sample(50)
    assert isinstance(drawn, pl.DataFrame) and drawn.schema == frame.schema


def test_pyarrow_comes_back():
    pa = pytest.importorskip("pyarrow")
    table = pa.table(
        {
            "i": pa.array([1, 2, None] * 50, pa.int32()),
            "f": pa.array([0.5, 1.25, 3.0] * 50),
            "s": pa.array(["a", "b", None] * 50, pa.large_string()),
            "d": pa.array(["x", "y", "x"] * 50).dictionary_encode(),
            "t": pa.array([1, 2, 3] * 50, pa.timestamp("ms", "UTC")),
            "day": pa.array([1, 2, 3] * 50, pa.date32()),
        }
    )
    assert copied(table).equals(table)
    drawn = Forest(protect=None).fit(table).sample(9)
    assert drawn.schema.equals(table.schema) and drawn.num_rows == 9


def test_duckdb_comes_back():
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("select range as a, range % 3 = 0 as b, 'x' || (range % 2) as c from range(200)")
    drawn = Forest().fit(relation).sample(20)
    if pytest.importorskip("pyarrow"):
        assert drawn.columns == ["a", "b", "c"]
        assert len(drawn.fetchall()) == 20


@pytest.mark.parametrize("classes", ["numbers", "words"])
def test_what_is_to_be_predicted_comes_back_as_the_last_column(classes):
    np = pytest.importorskip("numpy")
    X = np.random.default_rng(1).normal(size=(ROWS, 2))
    y = (X[:, 0] > 0).astype(int)
    y = y if classes == "numbers" else np.array(["no", "yes"])[y]
    rows = Forest().fit(X, y).sample(50)
    assert isinstance(rows, np.ndarray) and rows.shape == (50, 3)
    assert rows.dtype == (float if classes == "numbers" else object)
    assert set(rows[:, 2]) == set(y) and all(isinstance(value, float) for value in rows[:, 0])


def test_numpy_comes_back():
    np = pytest.importorskip("numpy")
    array = np.arange(300, dtype=np.float32).reshape(100, 3)
    array[::9, 1] = np.nan
    np.testing.assert_array_equal(copied(array), array)
    structured = np.zeros(20, dtype=[("a", "i4"), ("b", "f8")])
    structured["a"] = np.arange(20)
    np.testing.assert_array_equal(copied(structured), structured)
    with pytest.raises(lookalike.DataError, match="Expected 2D array, got 3D"):
        copied(np.zeros((2, 2, 2)))


def test_files_are_read(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("age,town\n" + "\n".join(f"{20 + i % 40},{'AB'[i % 2]}" for i in range(200)))
    drawn = Forest().fit(path).sample(5)
    assert list(drawn) == ["age", "town"]


def test_numbers_of_arrow_are_not_copied():
    pa = pytest.importorskip("pyarrow")
    np = pytest.importorskip("numpy")
    import subprocess
    import sys

    # In a process of its own, where nothing else takes memory meanwhile.
    program = """
import resource, sys
import numpy as np, pyarrow as pa
from lookalike import _frames
lookalike_warm = _frames.read(pa.table({"a": pa.array([1.5, 2.5])}))
rng = np.random.default_rng(1)
n = 1_000_000
table = pa.table({f"x{i}": rng.normal(size=n) for i in range(20)})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
native, _ = _frames.read(table)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((after - before) * 1024, table.nbytes, native.addresses() == [column.chunk(0).buffers()[1].address for column in table.columns])
"""
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    grown, size, shared = int(out[0]), int(out[1]), out[2]
    assert shared == "True"
    assert grown < size / 4, (grown, size)


#: Two common levels, and two of three rows each, which protection merges into another.
LEVELS = ["lo", "hi"] * 147 + ["r1"] * 3 + ["r2"] * 3


def test_withheld_levels_are_further_categories():
    pd = pytest.importorskip("pandas")
    for ordered in (False, True):
        dtype = pd.CategoricalDtype(["hi", "r1", "lo", "r2"], ordered)
        column = pd.Series(LEVELS, dtype=dtype, name="c").to_frame()
        drawn = Forest().fit(column).sample(2000)["c"]
        assert drawn.notna().all() and (drawn == "other").any()
        assert list(drawn.cat.categories) == ["hi", "r1", "lo", "r2", "other"] and drawn.cat.ordered == ordered
        few = Forest().fit(column).sample(200, conditions={"c": "lo"})["c"]
        assert few.dtype == dtype


def test_withheld_levels_are_further_ones_of_an_enum():
    pl = pytest.importorskip("polars")
    dtype = pl.Enum(["hi", "r1", "lo", "r2"])
    column = pl.DataFrame({"c": pl.Series(LEVELS, dtype=dtype)})
    drawn = Forest().fit(column).sample(2000)["c"]
    assert drawn.dtype == pl.Enum(["hi", "r1", "lo", "r2", "other"]) and drawn.null_count() == 0
    assert set(drawn) == {"lo", "hi", "other"}
    assert Forest().fit(column).sample(200, conditions={"c": "lo"})["c"].dtype == dtype


def test_withheld_levels_have_room_in_arrays():
    np = pytest.importorskip("numpy")
    column = np.array(LEVELS)
    assert column.dtype == "<U2"
    assert set(Forest().fit(column[:, None]).sample(2000).ravel()) == {"lo", "hi", "other"}
    assert set(Forest().fit({"c": column}).sample(2000)["c"]) == {"lo", "hi", "other"}
    structured = np.zeros(len(column), dtype=[("c", "S2"), ("n", "i4")])
    structured["c"] = column
    drawn = Forest().fit(structured).sample(2000)
    assert set(drawn["c"]) == {b"lo", b"hi", b"other"} and drawn["n"].dtype == "i4"


def test_what_a_mask_covers_is_missing():
    np = pytest.importorskip("numpy")
    covered = np.arange(600).reshape(300, 2) % 5 == 0
    for values in (np.arange(600.0), np.arange(600) % 50, np.array(["a", "b"] * 300), np.array([1, "b"] * 300, dtype=object)):
        given = np.ma.masked_array(values.reshape(300, 2), covered)
        again = copied(given)
        assert isinstance(again, np.ma.MaskedArray) and again.dtype == given.dtype
        assert (again.mask == covered).all() and (again.compressed() == given.compressed()).all()
        drawn = Forest().fit(given).sample(500)
        assert drawn.dtype == given.dtype and 0.1 < drawn.mask.mean() < 0.3
        assert not np.ma.getmaskarray(Forest().fit(given).impute(given)).any()
    drawn = Forest().fit({"a": np.ma.masked_array(np.arange(300), covered[:, 0])}).sample(500)["a"]
    assert 0.1 < drawn.mask.mean() < 0.3 and drawn.dtype == np.int64
    records = np.ma.zeros(300, dtype=[("a", "i4")])
    records["a"] = np.ma.masked_array(np.arange(300), covered[:, 0])
    assert (copied(records)["a"].mask == covered[:, 0]).all()


def test_gaps_that_a_type_has_no_place_for():
    np = pytest.importorskip("numpy")
    forest = Forest().fit(np.arange(300)[:, None])
    drawn = forest.sample(200, dials=["missing x0 0.5"])
    assert drawn.dtype == float and 0.3 < np.isnan(drawn).mean() < 0.7
    marked = forest.sample(200, dials=["missing x0 0.5"], truth="why")
    assert marked.shape == (200, 2) and set(marked[:, 1]) == {None, "missing x0"}


def test_a_dict_of_arrays_comes_back_as_one():
    np = pytest.importorskip("numpy")
    data = {
        "small": np.arange(60, dtype="i2"),
        "short": np.linspace(0, 1, 60, dtype="f4"),
        "text": np.array(["a", "bb"] * 30),
        "day": np.arange("2020-01-01", "2020-03-01", dtype="M8[D]"),
        "list": list(range(60)),
    }
    again = copied(data)
    for drawn in (again, Forest().fit(data).sample(7)):
        for name, values in data.items():
            assert type(drawn[name]) is type(values)
            assert name == "list" or drawn[name].dtype == values.dtype
    assert all((again[name] == data[name]).all() for name in ("small", "short", "text", "day"))


def test_rows_of_values_are_a_table():
    rows = [[i % 7, str(i % 3), None if i % 5 == 0 else i / 2] for i in range(60)]
    assert copied(rows) == rows
    assert copied([tuple(row) for row in rows]) == [tuple(row) for row in rows]
    with pytest.raises(lookalike.DataError, match="differ in length"):
        Forest().fit([[1, 2], [3]])


def test_names_of_features_are_scikit_learns():
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": range(60), "b": ["x", "y"] * 30})
    forest = Forest().fit(frame)
    assert isinstance(forest.feature_names_in_, np.ndarray) and forest.feature_names_in_.dtype == object
    forest.fit(np.arange(120).reshape(60, 2))
    assert not hasattr(forest, "feature_names_in_") and forest.n_features_in_ == 2
    assert not hasattr(Forest().fit(frame.set_axis([0, 1], axis=1)), "feature_names_in_")
    assert not hasattr(Forest().fit([[i] for i in range(60)]), "feature_names_in_")


def test_a_series_without_a_name_has_none_afterwards():
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    series = pd.Series(range(40))
    assert Forest().fit(series).sample(3).name is None
    pd.testing.assert_series_equal(copied(series), series)
    drawn = Forest().fit(pl.Series("a", range(40))).sample(3)
    assert isinstance(drawn, pl.Series) and drawn.name == "a"


def test_whole_numbers_keep_their_type_beyond_64_bits_with_a_sign():
    big = [2**63 + 1000 * i for i in range(300)]
    drawn = Forest().fit({"a": big}).sample(50)["a"]
    assert all(type(value) is int and big[0] <= value <= big[-1] for value in drawn)
    with pytest.raises(lookalike.DataError, match="beyond all"):
        Forest().fit({"a": [10**400, 0.5] * 30})
    assert Forest().fit({"a": [10**400] * 30}).sample(2) == {"a": [10**400] * 2}


#: Codes of which each is rarer than protection allows: their column has the one level that they were merged into.
CODES = {"code": [i * 7919 % 100_003 for i in range(200)], "x": [i % 17 for i in range(200)]}


def of_duckdb(data):
    duckdb, pyarrow = pytest.importorskip("duckdb"), pytest.importorskip("pyarrow")
    return duckdb.from_arrow(pyarrow.table(data))


TABLES = {
    "dict": lambda: CODES,
    "pandas": lambda: pytest.importorskip("pandas").DataFrame(CODES),
    "pandas of numbers with a mask": lambda: pytest.importorskip("pandas").DataFrame(CODES).convert_dtypes(),
    "pandas of Arrow": lambda: pytest.importorskip("pandas").DataFrame(CODES).convert_dtypes(dtype_backend="pyarrow"),
    "pandas of dates": lambda: pytest.importorskip("pandas").DataFrame(
        {**CODES, "code": pytest.importorskip("pandas").date_range("2024-01-01", periods=200)}
    ),
    "polars": lambda: pytest.importorskip("polars").DataFrame(CODES),
    "pyarrow": lambda: pytest.importorskip("pyarrow").table(CODES),
    "duckdb": lambda: of_duckdb(CODES),
    "structured": lambda: pytest.importorskip("numpy").rec.fromarrays(list(CODES.values()), names=list(CODES)),
}


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.filterwarnings("ignore::lookalike.LookalikeWarning")
def test_codes_of_which_none_is_kept_come_back_as_a_word(kind):
    data = TABLES[kind]()
    drawn = Forest(columns={"code": "categorical"}).fit(data).sample(20)
    if hasattr(drawn, "fetchnumpy"):
        drawn = drawn.fetchnumpy()
    codes, numbers = ([str(one) for one in (drawn[name].to_pylist() if kind == "pyarrow" else drawn[name])] for name in CODES)
    assert codes == ["other"] * 20
    assert all(number.isdigit() for number in numbers)


@pytest.mark.filterwarnings("ignore::lookalike.LookalikeWarning")
def test_codes_of_which_some_are_merged_stay_numbers_beside_the_word():
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    few = [[1, 2, 3, 4, 5][i % 5] if i % 3 else 1000 + i for i in range(300)]
    from lookalike._frames.numpy import words_and_numbers

    mixed = words_and_numbers(np.array(["1", "other", None, "7"], dtype=object), True)
    assert mixed.tolist() == [1, "other", None, 7]
    drawn = Forest(columns={"code": "categorical"}).fit(pd.DataFrame({"code": few, "x": CODES["x"] + CODES["x"][:100]})).sample(50)
    assert set(drawn["code"]) <= {1, 2, 3, 4, 5, "other"}


def test_every_type_of_arrow_comes_back():
    pa = pytest.importorskip("pyarrow")
    pc = pytest.importorskip("pyarrow.compute")
    first = datetime.datetime(2024, 1, 1)
    bits = [bytes([i % 4, 255]) for i in range(40)]
    columns = {
        "null": pa.nulls(40),
        "list": pa.array([[i % 3, None] for i in range(40)]),
        "record": pa.array([{"x": i % 2, "y": "é"} if i else None for i in range(40)]),
        "map": pa.array([[("k", i % 2)] for i in range(40)], pa.map_(pa.string(), pa.int64())),
        "coded": pa.array([i % 2 for i in range(40)]).dictionary_encode(),
        "runs": pc.run_end_encode(pa.array([i // 20 for i in range(40)])),
        "text bytes": pa.array([b"a", b"b"] * 20),
        "bytes": pa.array(bits),
        "large bytes": pa.array(bits, pa.large_binary()),
        "two bytes": pa.array(bits, pa.binary(2)),
        "wide": pa.array([decimal.Decimal("1.5"), decimal.Decimal("2.25")] * 20, pa.decimal256(50, 2)),
        "at": pa.array([datetime.time(i % 24, 1, 2, 3) for i in range(40)]),
        "seconds": pa.array([datetime.time(i % 24, 1, 2) for i in range(40)], pa.time32("s")),
        "for": pa.array([datetime.timedelta(seconds=i) for i in range(40)]),
        "day": pa.array([first + datetime.timedelta(i) for i in range(40)], pa.date64()),
        "large": pa.array([2**63 + i for i in range(40)], pa.uint64()),
    }
    if hasattr(pa, "string_view"):
        columns["view"] = pa.array(["a", "b"] * 20, pa.string_view())
        columns["half"] = pa.array([i / 4 for i in range(40)], pa.float16())
    for name, column in columns.items():
        table = pa.table({name: column})
        assert copied(table).equals(table), name
        drawn = Forest(protect=None).fit(table).sample(9)
        assert drawn.schema.types == table.schema.types, name
    table = pa.table(columns)
    assert copied(table.to_batches()[0]).equals(table)
    assert copied(pa.RecordBatchReader.from_batches(table.schema, table.to_batches())).equals(table)
    with pytest.raises(lookalike.DataError, match="no table"):
        Forest().fit(columns["list"])


def test_types_of_arrow_within_pandas_come_back():
    pa, pd = pytest.importorskip("pyarrow"), pytest.importorskip("pandas")
    columns = {
        "list": pa.array([[i % 3] for i in range(40)]),
        "bytes": pa.array([bytes([i % 4, 255]) for i in range(40)]),
        "at": pa.array([datetime.time(i % 24, 1) for i in range(40)]),
        "for": pa.array([datetime.timedelta(seconds=i) for i in range(40)]),
        "coded": pa.array(["a", "b"] * 20).dictionary_encode(),
    }
    frame = pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)
    pd.testing.assert_frame_equal(copied(frame), frame)
    frame["x"] = range(40)
    pd.testing.assert_frame_equal(copied(frame), frame)
    drawn = Forest(protect=None).fit(frame).sample(9)
    assert list(drawn.dtypes) == list(frame.dtypes)


@pytest.mark.parametrize(
    "value",
    ["[range, 1]", "{'x': range % 2}", "map {'k': 1}", "time '01:02:03'", "'a'::blob", "'\\xFF'::blob", "1::hugeint", "null::int"],
)
def test_types_of_duckdb_come_back(value):
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql(f"select {value} as a, range as b from range(40)")
    drawn = Forest(protect=None).fit(relation).sample(9)
    assert drawn.limit(0).to_arrow_table().schema == relation.limit(0).to_arrow_table().schema


def test_types_of_polars_come_back():
    pl = pytest.importorskip("polars")
    columns = {
        "null": pl.Series([None] * 40),
        "list": pl.Series([[i % 3, None] for i in range(40)]),
        "record": pl.Series([{"x": i % 2, "y": "é"} for i in range(40)]),
        "array": pl.Series([[i % 3, 1] for i in range(40)], dtype=pl.Array(pl.Int8, 2)),
        "bytes": pl.Series([bytes([i % 4, 255]) for i in range(40)]),
        "text bytes": pl.Series([b"a", b"b"] * 20),
        "price": pl.Series([decimal.Decimal("1.5"), decimal.Decimal("2.25")] * 20, dtype=pl.Decimal(12, 2)),
    }
    for name, column in columns.items():
        table = pl.DataFrame({name: column})
        assert copied(table).equals(table), name
        assert Forest(protect=None).fit(table).sample(9).schema == table.schema, name


@pytest.mark.filterwarnings("ignore::lookalike.LookalikeWarning")
def test_rows_that_a_generator_adds_have_all_types():
    from lookalike.over_sampling import GenerativeOverSampler

    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    columns = {
        "list": [[i % 3] for i in range(60)],
        "bytes": [bytes([i % 4, 255]) for i in range(60)],
        "for": [datetime.timedelta(seconds=i) for i in range(60)],
    }
    y = [i % 4 == 0 for i in range(60)]
    for X in (pa.table(columns), pl.DataFrame(columns)):
        grown, _ = GenerativeOverSampler(Forest(protect=None), random_state=0).fit_resample(X, y)
        assert grown.schema == X.schema and grown.shape[0] == 90


@pytest.mark.filterwarnings("ignore::lookalike.LookalikeWarning")
def test_whole_numbers_of_any_length_are_names():
    large = [10**25 + i % 3 for i in range(60)]
    assert copied({"n": large}) == {"n": large}
    assert set(Forest().fit({"n": large}).sample(50)["n"]) <= set(large)
    merged = Forest(columns={"n": "categorical"}).fit({"n": [10**25 + i for i in range(60)]}).sample(5)
    assert merged == {"n": ["other"] * 5}
