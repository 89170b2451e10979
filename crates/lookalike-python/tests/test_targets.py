"""What is to be predicted, learned beside a table."""

import pytest

import lookalike
from lookalike import DataError, Forest, ParameterError

ROWS = 60
AGES = [20 + i % 40 for i in range(ROWS)]
KINDS = [["low", "high"][i % 2] for i in range(ROWS)]


def frame():
    pd = pytest.importorskip("pandas")
    X = pd.DataFrame({"age": AGES, "half": [age / 2 for age in AGES]}, index=range(100, 100 + ROWS))
    return X, pd.Series(KINDS, name="kind")


def test_it_keeps_its_name():
    X, y = frame()
    forest = Forest().fit(X, y)
    assert list(forest.sample(3).columns) == ["age", "half", "kind"]
    assert list(forest.feature_names_in_) == ["age", "half"] and forest.n_features_in_ == 2
    assert list(Forest().fit(X, y.to_frame()).sample(3).columns) == ["age", "half", "kind"]
    assert list(Forest().fit(X, y.rename(0)).sample(3).columns) == ["age", "half", 0]
    assert list(Forest().fit(X, KINDS).sample(3).columns) == ["age", "half", "y"]


def test_no_column_is_replaced():
    X, y = frame()
    with pytest.raises(ParameterError, match="'age'.*target='age'"):
        Forest().fit(X, y.rename("age"))
    with pytest.raises(ParameterError, match="has no name, so it is called 'y'"):
        Forest().fit(X.rename(columns={"age": "y"}), KINDS)
    with pytest.raises(ParameterError, match="'y'"):
        Forest().fit({"y": AGES}, KINDS)
    with pytest.raises(ParameterError, match="'y'"):
        Forest().fit([{"y": age} for age in AGES], KINDS)
    np = pytest.importorskip("numpy")
    with pytest.raises(ParameterError, match="'x1'"):
        Forest().fit(np.ones((ROWS, 2)), y.rename("x1"))


@pytest.mark.parametrize("y", ["kind", b"kind", 3, {"kind": KINDS}, (one for one in KINDS)], ids=lambda y: type(y).__name__)
def test_it_is_a_column(y):
    with pytest.raises(ParameterError, match="y must be"):
        Forest().fit({"age": AGES}, y)


def test_a_table_of_several_columns_is_none():
    X, _ = frame()
    with pytest.raises(ParameterError, match="single column, and has 2"):
        Forest().fit(X.add_prefix("the "), X)


@pytest.mark.parametrize("rows", ["dict", "lists", "dicts", "pandas", "polars", "numpy"])
def test_its_length_is_that_of_the_table(rows):
    X = {"age": AGES}
    if rows == "lists":
        X = [[age] for age in AGES]
    elif rows == "dicts":
        X = [{"age": age} for age in AGES]
    elif rows == "numpy":
        X = pytest.importorskip("numpy").array([AGES]).T
    elif rows != "dict":
        X = pytest.importorskip(rows).DataFrame(X)
    with pytest.raises(DataError, match="inconsistent numbers of samples: X has 60 rows, and y 2"):
        Forest().fit(X, ["low", "high"])


def test_rows_of_values_get_it_as_their_last_one():
    drawn = Forest().fit([[age, age / 2] for age in AGES], KINDS).sample(5)
    assert all(isinstance(row, list) and len(row) == 3 and row[2] in KINDS for row in drawn)
    assert all(isinstance(row, tuple) for row in Forest().fit([(age, "a") for age in AGES], KINDS).sample(5))
    drawn = Forest().fit([{"age": age} for age in AGES], KINDS).sample(5)
    assert [list(row) for row in drawn] == [["age", "y"]] * 5
    forest = Forest().fit([[age] for age in AGES], KINDS)
    assert set(row[1] for row in forest.sample(9, conditions={"y": "low"})) == {"low"}


def test_arrow_tables_take_it_too():
    pa = pytest.importorskip("pyarrow")
    X = pa.table({"age": AGES})
    for y, name in ((pa.array(KINDS), "y"), (KINDS, "y"), (pa.table({"kind": KINDS}), "kind")):
        drawn = Forest().fit(X, y).sample(4)
        assert isinstance(drawn, pa.Table) and drawn.column_names == ["age", name]
    assert Forest().fit(X.to_batches()[0], KINDS).sample(4).column_names == ["age", "y"]
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("select range as age from range(60)")
    drawn = Forest().fit(relation, KINDS).sample(4)
    assert type(drawn) is type(relation) and drawn.columns == ["age", "y"]


def test_structured_arrays_take_it_too():
    np = pytest.importorskip("numpy")
    X = np.zeros(ROWS, dtype=[("age", "i4"), ("half", "f8")])
    X["age"] = AGES
    drawn = Forest().fit(X, np.array(KINDS)).sample(4)
    assert drawn.dtype.names == ("age", "half", "y") and set(drawn["y"]) <= set(KINDS)
    with pytest.raises(ParameterError, match="'half'"):
        Forest().fit(X, pytest.importorskip("pandas").Series(KINDS, name="half"))


def test_its_other_forms():
    X, _ = frame()
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    codes = np.arange(ROWS) % 2
    for y in (np.array(KINDS)[:, None], pd.Categorical(KINDS), pd.Index(KINDS), pd.array(codes, dtype="Int64")):
        assert len(Forest().fit(X, y).sample(3)) == 3
    for y in (pytest.importorskip("polars").Series("kind", KINDS), pytest.importorskip("pyarrow").array(KINDS)):
        assert set(Forest().fit(X, y).sample(9).iloc[:, 2]) <= set(KINDS)
    covered = np.ma.masked_array(codes, np.arange(ROWS) % 3 == 0)
    assert Forest().fit(X, covered).sample(90)["y"].isna().any()
    with pytest.raises(lookalike.LookalikeError):
        Forest().fit("no such file.csv", KINDS)
