"""Conditions: any name and any value stands for itself, and what cannot be is told with its reason."""

import datetime
import decimal

import pytest

import lookalike

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

ROWS = 600


@pytest.fixture(scope="module")
def table():
    draw = np.random.default_rng(3)
    when = pd.date_range("2024-01-01", periods=31, tz="Europe/Berlin")
    return pd.DataFrame(
        {
            "age": draw.integers(20, 40, ROWS),
            "code": draw.integers(1, 5, ROWS),
            "share": draw.integers(1, 5, ROWS).astype(float),
            "b": draw.random(ROWS) < 0.4,
            "a": draw.choice(["x", "b=x", "b"], ROWS),
            "a=b": draw.choice(["x", "y"], ROWS),
            "sex": draw.choice(["Male", "Female"], ROWS),
            "when": when[draw.integers(0, 31, ROWS)],
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 20, ROWS), "D"),
            "took": pd.to_timedelta(draw.integers(1, 20, ROWS), "s"),
            "gap": pd.array(np.where(draw.random(ROWS) < 0.3, None, draw.integers(0, 9, ROWS)), "Int64"),
        }
    )


@pytest.fixture(scope="module")
def model(table):
    with pytest.warns(lookalike.exceptions.LookalikeWarning):
        return lookalike.Forest(effort="fast", condition_on=["a", "a=b", "sex"]).fit(table)


def drawn(model, conditions, n=50):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.sample(n, conditions=conditions)


def test_names_and_values_stand_for_themselves(model):
    rows = drawn(model, {"a=b": "x"})
    assert set(rows["a=b"]) == {"x"} and len(set(rows["a"])) > 1
    assert set(drawn(model, {"a": "b=x"})["a"]) == {"b=x"}
    for name in ("age<", "sex!", "age>"):
        with pytest.raises(lookalike.exceptions.ParameterError, match=name.replace("!", "!")):
            model.sample(3, conditions={name: 30})


@pytest.mark.parametrize(
    "name, value, wanted",
    [
        ("age", 30.0, {30}),
        ("age", np.float32(30), {30}),
        ("age", decimal.Decimal("30.0"), {30}),
        ("code", 3.0, {3}),
        ("share", 3, {3.0}),
        ("share", np.int64(3), {3.0}),
        ("b", 1, {True}),
        ("b", 0.0, {False}),
        ("b", np.bool_(True), {True}),
        ("age", [25, 30.0], {25, 30}),
        ("sex", {"Male"}, {"Male"}),
        ("sex", ("Male", "Female"), {"Male", "Female"}),
        ("code", range(2, 4), {2, 3}),
        ("code", np.array([1, 4]), {1, 4}),
        ("day", datetime.date(2024, 1, 5), {pd.Timestamp("2024-01-05")}),
        ("day", np.datetime64("2024-01-05"), {pd.Timestamp("2024-01-05")}),
        ("day", datetime.datetime(2024, 1, 5), {pd.Timestamp("2024-01-05")}),
        ("took", pd.Timedelta("7s"), {pd.Timedelta("7s")}),
        ("took", datetime.timedelta(seconds=7), {pd.Timedelta("7s")}),
        ("took", np.timedelta64(7, "s"), {pd.Timedelta("7s")}),
    ],
)
def test_natural_values_are_understood(model, name, value, wanted):
    assert set(drawn(model, {name: value})[name]) == wanted


@pytest.mark.parametrize("value", [None, np.nan, pd.NA, pd.NaT, float("nan"), np.datetime64("NaT")])
def test_every_word_for_missing_means_missing(model, value):
    assert drawn(model, {"gap": value})["gap"].isna().all()


@pytest.mark.parametrize(
    "conditions",
    [
        {"when": "2024-01-05"},
        {"when": datetime.date(2024, 1, 5)},
        {"when": pd.Timestamp("2024-01-05")},
        {"when": pd.Timestamp("2024-01-04 23:00", tz="UTC")},
        {"when": "2024-01-04T23:00:00Z"},
        {"when": "2024-01-05 00:00:00+01:00"},
        "when=2024-01-05",
        ["when>=2024-01-05", "when<2024-01-06"],
        ["when>=2024-01-04T23:00+00:00", "when<2024-01-06"],
    ],
)
def test_times_without_an_offset_are_of_the_columns_zone(model, conditions):
    assert set(drawn(model, conditions)["when"]) == {pd.Timestamp("2024-01-05", tz="Europe/Berlin")}


def test_an_empty_text_can_be_a_level():
    table = {"mark": ["", "a", "b"] * 100, "x": list(range(300))}
    model = lookalike.Independent if hasattr(lookalike, "Independent") else lookalike.GaussianCopula
    learned = model(columns={"mark": "categorical"}).fit(pd.DataFrame(table).astype({"mark": "category"}))
    if "" in set(drawn(learned, None, 200)["mark"].dropna()):
        assert set(drawn(learned, {"mark": ""})["mark"]) == {""}


def test_refusals_say_why(model):
    reasons = {
        "age": ("x", "not of its kind, numerical"),
        "sex": ("Q", "withholds it as too rare"),
        "day": ("soon", "not of its kind, datetime"),
        "b": ("perhaps", "not of its kind, boolean"),
        "code": (None, "draws no missing values"),
    }
    for name, (value, reason) in reasons.items():
        with pytest.raises(lookalike.exceptions.DataError, match=reason) as told:
            model.sample(3, conditions={name: value})
        assert name in str(told.value) and "soon" not in str(told.value)
    with pytest.raises(lookalike.exceptions.DataError, match=r"a range \(>=, <=\) works"):
        model.sample(3, conditions={"age": 1000})
    with pytest.raises(lookalike.exceptions.DataError, match="give each condition by itself"):
        model.sample(3, conditions="age>=25 & sex=Male")


def test_all_refusals_are_told_at_once(model):
    with pytest.raises(lookalike.exceptions.ParameterError) as told:
        model.sample(3, conditions={"nope": 1, "age": "x", "sex": "Q"})
    assert len(told.value.problems) == 3
    assert all(word in str(told.value) for word in ("nope", "age", "sex"))


def test_what_no_memory_holds_is_refused_at_once(model):
    for n in (10**15, 2**63):
        with pytest.raises(MemoryError, match="rows at once"):
            model.sample(n)
    with pytest.raises(MemoryError):
        lookalike.simulate('[columns.age]\ntype = "uniform-integer"\nlow = 18\nhigh = 90\n', 10**15)
    with pytest.raises(lookalike.exceptions.ParameterError):
        model.sample(10, start=2**64 - 1)
    assert len(next(model.sample_batches(10**15, batch_size=10))) == 10


def test_resamplers_refuse_what_no_memory_holds():
    rows = np.arange(40.0).reshape(20, 2)
    labels = [0] * 14 + [1] * 6
    for method in (lookalike.over_sampling.SMOTE, lookalike.over_sampling.RandomOverSampler):
        with pytest.raises(MemoryError):
            method(sampling_strategy={1: 10**15}).fit_resample(rows, labels)


def test_infinities_are_refused_or_told():
    rows = np.arange(40.0).reshape(20, 2)
    rows[3, 1] = np.inf
    labels = [0] * 14 + [1] * 6
    with pytest.raises(lookalike.exceptions.DataError, match="infinit"):
        lookalike.over_sampling.SMOTE(k_neighbors=2).fit_resample(rows, labels)
    frame = pd.DataFrame({"x": np.r_[np.full(30, np.inf), np.arange(270) / 7], "y": np.arange(300) % 7})
    with pytest.warns(lookalike.exceptions.LookalikeWarning, match="30 infinite cells are taken as missing"):
        learned = lookalike.GaussianCopula().fit(frame)
    assert not np.isinf(drawn(learned, None, 300)["x"]).any()


def test_all_that_is_wrong_with_parameters_is_told_at_once(table):
    wrong = lookalike.Forest(
        effort="hi", max_rows=-1, target=["a"], protect=1, locale="xx_YY", columns={"age": "zap"}, constraints=["age <="]
    )
    with pytest.raises(lookalike.exceptions.ParameterError) as told:
        wrong.fit(table)
    text = str(told.value)
    for word in ("effort must be one of", "max_rows", "target", "protect", "xx_YY", "zap", "constraint"):
        assert word in text, word
    with pytest.raises(lookalike.exceptions.ParameterError) as told:
        lookalike.VAE(epochs=0, batch_size=-1).fit(table)
    assert "epochs" in str(told.value) and "batch_size" in str(told.value)
    with pytest.raises(lookalike.exceptions.ParameterError) as told:
        lookalike.evaluate(table, table, target="zz", unit="uu", keys=["kk"], scores=["qq"])
    assert all(word in str(told.value) for word in ("zz", "uu", "kk", "qq"))


def test_a_loaded_generator_keeps_what_its_file_holds(table, tmp_path):
    learned = lookalike.Forest(effort="fast", target="sex", protect=None, constraints=["age >= 20"]).fit(table[["code", "sex", "age"]])
    learned.save(tmp_path / "m")
    loaded = lookalike.load(tmp_path / "m")
    assert (loaded.target, loaded.unit, loaded.protect) == ("sex", None, None)
    assert loaded.constraints == ["20 <= age"] or loaded.constraints == ["age >= 20"]
    assert drawn(loaded, None).equals(drawn(learned, None)) or len(drawn(loaded, None)) == 50
    auto = lookalike.Auto.load(tmp_path / "m")
    with pytest.raises(AttributeError, match="not after load"):
        auto.trials_


def test_unreadable_cells_have_no_likelihood(model, table):
    other = table.head(20).astype({"age": object})
    other.loc[3, "age"] = "old"
    with pytest.raises(lookalike.exceptions.DataError, match="age"):
        model.log_prob(other)


def test_few_rows_are_judged(model, table):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for real in (1, 2, 3):
            for synthetic in (1, 2):
                lookalike.evaluate(table.head(real), table.tail(synthetic), scores="all").report()
    with pytest.warns(lookalike.exceptions.LookalikeWarning, match="has no rows"):
        lookalike.evaluate(table, table.head(0))


def test_an_emptied_column_lowers_scores(table):
    import warnings

    one, other = table[["age", "sex", "code"]].head(300), table[["age", "sex", "code"]].tail(300)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = lookalike.evaluate(one, other)["shape"]
        emptied = lookalike.evaluate(one, other.assign(age=np.nan))["shape"]
    assert emptied < before - 0.2
