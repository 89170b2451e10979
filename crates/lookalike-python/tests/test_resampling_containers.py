"""Resamplers and the containers of other libraries: what comes out is what went in."""

from collections import Counter

import pytest

import lookalike
from lookalike.over_sampling import SMOTE, SMOTEN, SMOTENC, GenerativeOverSampler, RandomOverSampler
from lookalike.under_sampling import RandomUnderSampler, TomekLinks

np = pytest.importorskip("numpy")


def numbers(n=400, dtype=np.float64):
    draw = np.random.default_rng(5)
    X = draw.normal(size=(n, 3)) * 10
    y = (np.arange(n) % 8 == 0).astype(np.int64)
    X[y == 1] += 5
    return X.astype(dtype), y


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "int8", "uint16", "bool"])
def test_arrays_keep_their_type(dtype):
    X, y = numbers()
    X = X > 3 if dtype == "bool" else np.abs(X).astype(dtype)
    X_new, y_new = SMOTE(random_state=0).fit_resample(X, y.astype(np.int8))
    assert X_new.dtype == dtype and y_new.dtype == np.int8 and X_new.shape == (700, 3)
    assert (X_new[:400] == X).all() and (y_new[400:] == 1).all()
    assert X_new.min() >= X.min() and X_new.max() <= X.max()


def test_whole_numbers_are_rounded():
    X = np.array([[0, 100], [10, 200], [1, 110], [9, 190]] + [[row, row] for row in range(300, 340)])
    X_new, _ = SMOTE(random_state=0, k_neighbors=3).fit_resample(X, np.array([1] * 4 + [0] * 40))
    new = X_new[44:].astype(float)
    # They lie on the line from the first row to the second, and are rounded to the nearest whole number.
    assert np.abs(new[:, 1] / 10 - 10 - new[:, 0]).max() <= 0.56


def test_arrays_of_objects_and_texts():
    draw = np.random.default_rng(1)
    X = np.empty((120, 3), object)
    X[:, 0], X[:, 1], X[:, 2] = draw.normal(size=120), draw.choice(["a", "b"], 120), draw.integers(0, 9, 120)
    y = np.array(["rare"] * 30 + ["usual"] * 90, dtype=object)
    X_new, y_new = SMOTENC([1], random_state=0).fit_resample(X, y)
    assert X_new.dtype == object and y_new.dtype == object and len(X_new) == 180
    assert [[type(cell) for cell in row] for row in X_new[120:]] == [[float, str, int]] * 60
    texts = draw.choice(["a", "bb", "ccc"], (120, 2))
    X_new, y_new = SMOTEN(random_state=0).fit_resample(texts, y.astype(str))
    assert X_new.dtype == texts.dtype and y_new.dtype == "<U5" and set(X_new.ravel()) == {"a", "bb", "ccc"}


def test_numbers_are_never_taken_for_categories():
    draw = np.random.default_rng(2)
    X = draw.integers(0, 3, (200, 2)).astype(float)
    X_new, _ = SMOTE(random_state=0).fit_resample(X, np.arange(200) % 5 == 0)
    assert ((X_new[200:] % 1) != 0).any()


@pytest.mark.parametrize("seed", [3, np.random.RandomState(3), np.random.default_rng(3)])
def test_seeds_of_numpy(seed):
    X, y = numbers()
    first, _ = SMOTE(random_state=seed).fit_resample(X, y)
    again, _ = SMOTE(random_state=seed).fit_resample(X, y)
    assert (first == again).all() == isinstance(seed, int)


def test_no_seed_draws_from_numpy_for_all():
    X, y = numbers()
    found = []
    for _ in range(2):
        np.random.seed(7)
        found.append([SMOTE().fit_resample(X, y)[0] for _ in range(2)])
    assert (found[0][0] == found[1][0]).all() and (found[0][1] == found[1][1]).all()
    assert (found[0][0] != found[0][1]).any()


@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
@pytest.mark.parametrize("kind", ["matrix", "array"])
def test_sparse_matrices_stay_sparse(form, kind):
    sparse = pytest.importorskip("scipy.sparse")
    X, y = numbers(dtype=np.float32)
    X[np.abs(X) < 8] = 0
    given = getattr(sparse, f"{form}_{kind}")(X)
    for sampler in (SMOTE(random_state=0), RandomOverSampler(random_state=0), RandomUnderSampler(random_state=0), TomekLinks()):
        X_new, y_new = sampler.fit_resample(given, y)
        dense, labels = sampler.fit_resample(X, y)
        assert X_new.format == ("csr" if form == "coo" else form) and X_new.dtype == np.float32
        assert sparse.issparse(X_new) and isinstance(X_new, sparse.sparray) == (kind == "array")
        assert (X_new.toarray() == dense).all() and (y_new == labels).all()


def test_sparse_matrices_that_are_too_large_are_refused():
    sparse = pytest.importorskip("scipy.sparse")
    X = sparse.csr_array((np.ones(2000), (np.arange(2000), np.arange(2000) * 499)), shape=(2000, 10**6))
    y = np.arange(2000) % 4 == 0
    with pytest.raises(lookalike.DataError, match="15 GiB.*RandomOverSampler"):
        SMOTE().fit_resample(X, y)
    assert RandomOverSampler(random_state=0).fit_resample(X, y)[0].shape == (3000, 10**6)


def frame():
    pd = pytest.importorskip("pandas")
    draw = np.random.default_rng(4)
    n = 240
    data = pd.DataFrame(
        {
            "amount": draw.normal(size=n),
            "count": draw.integers(0, 50, n).astype("int32"),
            "flag": draw.random(n) < 0.5,
            "maybe": pd.array([None if i % 7 == 0 else i % 11 for i in range(n)], dtype="Int64"),
            "grade": pd.Categorical(draw.choice(["low", "mid"], n), categories=["low", "mid", "high"], ordered=True),
            "code": pd.Categorical(draw.choice([3, 7], n)),
            "town": pd.array(draw.choice(["A", "B"], n), dtype="str"),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 10**6, n), unit="s"),
            "zoned": pd.date_range("2024-01-01", periods=n, freq="h", tz="Europe/Berlin"),
            "took": pd.to_timedelta(draw.integers(0, 10**4, n), unit="s"),
        },
        index=range(1000, 1000 + n),
    )
    return data, pd.Series(np.where(np.arange(n) % 6 == 0, "rare", "usual"), name="class", index=data.index)


@pytest.mark.parametrize("made", ["between", "drawn", "repeated"])
def test_pandas_keeps_types_and_names(made):
    pd = pytest.importorskip("pandas")
    X, y = frame()
    sampler = {
        "between": SMOTENC(["grade", "code", "town"], random_state=0),
        "drawn": GenerativeOverSampler(lookalike.Forest(), random_state=0),
        "repeated": RandomOverSampler(random_state=0),
    }[made]
    X_new, y_new = sampler.fit_resample(X, y)
    assert list(X_new.dtypes) == list(X.dtypes) and list(X_new.columns) == list(X.columns)
    assert isinstance(X_new.index, pd.RangeIndex) and X_new.index.equals(y_new.index) and len(X_new) == 400
    pd.testing.assert_frame_equal(X_new[:240], X.reset_index(drop=True))
    assert y_new.name == "class" and y_new.dtype == y.dtype and Counter(y_new) == {"rare": 200, "usual": 200}
    assert X_new["when"].between(X["when"].min(), X["when"].max()).all()
    assert set(X_new["code"]) == {3, 7} and list(sampler.feature_names_in_) == list(X)


def test_pandas_by_type_of_column():
    X, y = frame()
    auto, _ = SMOTENC("auto", random_state=0).fit_resample(X, y)
    named, _ = SMOTENC(["grade", "code"], random_state=0).fit_resample(X, y)
    assert auto.equals(named)
    masked, _ = SMOTENC([name in ("grade", "code") for name in X], random_state=0).fit_resample(X, y)
    assert auto.equals(masked)
    placed, _ = SMOTENC([4, -5], random_state=0).fit_resample(X, y)
    assert auto.equals(placed)


def test_pandas_with_odd_columns():
    pd = pytest.importorskip("pandas")
    X, y = numbers()
    for columns in (["a", "a", "b"], [1, 2, 3], ["y", "y_", "x"], pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)])):
        data = pd.DataFrame(X, columns=columns)
        X_new, y_new = SMOTE(random_state=0).fit_resample(data, pd.DataFrame({"target": y}))
        assert X_new.columns.equals(data.columns) and (X_new.to_numpy() == SMOTE(random_state=0).fit_resample(X, y)[0]).all()
        assert list(y_new.columns) == ["target"] and y_new["target"].sum() == 350


def test_pandas_by_arrow():
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    X, y = frame()
    X = X[["amount", "count", "flag", "maybe", "town", "when", "took"]].convert_dtypes(dtype_backend="pyarrow")
    X_new, y_new = SMOTENC(["town"], random_state=0).fit_resample(X, y.astype("string[pyarrow]"))
    assert list(X_new.dtypes) == list(X.dtypes) and len(X_new) == 400
    assert X_new["count"].between(0, 50).all() and set(X_new["town"]) == {"A", "B"}
    pd.testing.assert_frame_equal(X_new[:240], X.reset_index(drop=True))


@pytest.mark.parametrize("made", ["between", "drawn", "repeated"])
def test_polars_keeps_types(made):
    pl = pytest.importorskip("polars")
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    X, y = frame()
    X["code"] = X["code"].astype(int)
    X["grade"] = X["grade"].astype(pd.CategoricalDtype(["low", "mid"]))
    data = pl.from_pandas(X.reset_index(drop=True)).with_columns(pl.col("code").cast(pl.UInt8), day=pl.col("when").dt.date())
    labels = pl.Series("class", y.to_list(), dtype=pl.Enum(["usual", "rare"]))
    sampler = {
        "between": SMOTENC(["grade", "code", "town"], random_state=0),
        "drawn": GenerativeOverSampler(lookalike.Forest(), random_state=0),
        "repeated": RandomOverSampler(random_state=0),
    }[made]
    X_new, y_new = sampler.fit_resample(data, labels)
    assert X_new.schema == data.schema and y_new.dtype == labels.dtype and y_new.name == "class"
    assert X_new[:240].equals(data) and X_new.shape == (400, 11) and set(X_new["code"]) == {3, 7}
    assert sampler.fit_resample(data.lazy(), labels.to_frame())[1].columns == ["class"]


@pytest.mark.parametrize("made", ["between", "drawn", "repeated"])
def test_pyarrow_and_duckdb(made):
    pa = pytest.importorskip("pyarrow")
    X, y = frame()
    data = pa.Table.from_pandas(X[["amount", "count", "flag", "grade", "town", "when"]], preserve_index=False)
    sampler = {
        "between": SMOTENC(["town"], random_state=0),
        "drawn": GenerativeOverSampler(lookalike.Forest(), random_state=0),
        "repeated": RandomOverSampler(random_state=0),
    }[made]
    X_new, y_new = sampler.fit_resample(data, pa.array(y.to_list()))
    assert X_new.schema.types == data.schema.types and X_new.shape == (400, 6)
    assert X_new.slice(0, 240).to_pylist() == data.to_pylist() and isinstance(y_new, pa.Array) and len(y_new) == 400
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("select i::double as size, i % 5 as count from range(100) t(i)")
    X_new, _ = SMOTE(random_state=0).fit_resample(relation, [int(row % 5 == 0) for row in range(100)])
    assert type(X_new) is type(relation) and X_new.shape == (160, 2) and X_new.types == relation.types


def test_indices_and_arrays_of_pandas_as_classes():
    pd = pytest.importorskip("pandas")
    X, y = numbers()
    words = np.array(["usual", "rare"])[y]
    for given in (
        pd.Index(y, name="class"),
        pd.Index(words),
        pd.DatetimeIndex(np.array(["2020-01-01", "2021-01-01"], dtype="M8[ns]")[y]),
        pd.Categorical(words, categories=["rare", "usual", "never"]),
        pd.array(y, dtype="Int64"),
        pd.array(words, dtype="string"),
    ):
        for sampler, rows in ((SMOTE(random_state=0), 700), (RandomUnderSampler(random_state=0), 100)):
            _, labels = sampler.fit_resample(X, given)
            assert type(labels) is type(given) and labels.dtype == given.dtype and len(labels) == rows
            assert getattr(labels, "name", None) == getattr(given, "name", None)
            assert set(Counter(list(labels)).values()) == {rows // 2}
    with pytest.raises(lookalike.DataError, match="1 row has no class"):
        SMOTE().fit_resample(X, pd.array([None, *y[1:]], dtype="Int64"))


def test_masks_are_never_passed_over():
    X, y = numbers()
    covered = np.arange(400) % 50 == 0
    with pytest.raises(lookalike.DataError, match="8 rows have no class"):
        SMOTE().fit_resample(X, np.ma.masked_array(y, covered))
    with pytest.raises(lookalike.DataError, match="masked array"):
        SMOTE().fit_resample(np.ma.masked_array(X, X > 3), y)
    with pytest.raises(lookalike.DataError, match="masked array"):
        SMOTE().fit_resample({"a": np.ma.masked_array(X[:, 0], covered), "b": X[:, 1]}, y)
    X_new, y_new = SMOTE(random_state=0).fit_resample(np.ma.masked_array(X), np.ma.masked_array(y))
    assert (X_new == SMOTE(random_state=0).fit_resample(X, y)[0]).all() and type(y_new) is np.ndarray


def _columns(kind, values):
    """A table of one column `z`, and what it takes to have its values as whole numbers of Python."""
    if kind == "numpy":
        return values[:, None], lambda table: table[:, 0].tolist()
    if kind == "dict of arrays":
        return {"z": values}, lambda table: table["z"].tolist()
    if kind == "dict of lists":
        return {"z": values.tolist()}, lambda table: table["z"]
    if kind == "pyarrow":
        return pytest.importorskip("pyarrow").table({"z": values}), lambda table: table["z"].to_pylist()
    if kind == "polars":
        return pytest.importorskip("polars").DataFrame({"z": values}), lambda table: table["z"].to_list()
    pd = pytest.importorskip("pandas")
    column = values if kind == "pandas" else pd.array(values, dtype=kind)
    return pd.DataFrame({"z": column}), lambda table: [int(value) for value in table["z"]]


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize(
    "kind", ["numpy", "dict of arrays", "dict of lists", "pyarrow", "polars", "pandas", "UInt64", "uint64[pyarrow]"]
)
def test_large_whole_numbers_are_right_or_refused(kind):
    _, y = numbers()
    large = np.arange(400, dtype=np.uint64) * np.uint64(10**6) + np.uint64(2**63)
    X, values_of = _columns(kind, large)
    values = values_of(SMOTE(random_state=0).fit_resample(X, y)[0])
    assert values[:400] == large.tolist()
    assert len(set(values[400:])) > 200 and all(large[0] <= value <= large[-1] for value in values[400:])
    near, _ = _columns(kind, np.arange(400, dtype=np.uint64) + np.uint64(2**63))
    with pytest.raises(lookalike.DataError, match="too near to each other for double precision"):
        SMOTE(random_state=0).fit_resample(near, y)


def test_a_dict_of_arrays_stays_one():
    X, y = numbers()
    data = {"a": X[:, 0].astype(np.float32), "b": np.array(["x", "yy"])[y], "c": np.arange(400, dtype=np.int16)}
    drawn = GenerativeOverSampler(lookalike.Forest(), random_state=0)
    for sampler in (SMOTENC(["b"], random_state=0), drawn, RandomUnderSampler(random_state=0)):
        X_new, y_new = sampler.fit_resample(data, y)
        for name, values in data.items():
            assert isinstance(X_new[name], np.ndarray) and X_new[name].dtype == values.dtype and len(X_new[name]) == len(y_new)
