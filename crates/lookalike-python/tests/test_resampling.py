"""Resamplers: what stays, what is new, and what imbalanced-learn says to the same tables."""

import inspect
import re
from collections import Counter, OrderedDict

import pytest

import lookalike
from lookalike import ParameterError, combine, over_sampling, under_sampling
from lookalike.over_sampling import SMOTE, SMOTEN, SMOTENC, GenerativeOverSampler, RandomOverSampler
from lookalike.under_sampling import RandomUnderSampler, TomekLinks


def lopsided(n=300):
    """A table of plain Python with a rare class, and the classes."""
    X = {
        "size": [float((i * 37) % 101) / 10 for i in range(n)],
        "count": [(i * 13) % 29 for i in range(n)],
        "town": [["Aachen", "Bonn", "Celle"][(i * 7) % 3] for i in range(n)],
        "member": [i % 4 == 0 for i in range(n)],
    }
    return X, ["rare" if i % 6 == 0 else "usual" for i in range(n)]


def test_plain_python_needs_nothing_else():
    X, y = lopsided()
    X_new, y_new = SMOTENC(["town"], random_state=0).fit_resample(X, y)
    assert Counter(y_new) == {"rare": 250, "usual": 250}
    for name, values in X.items():
        assert X_new[name][:300] == values, name
        assert {type(value) for value in X_new[name]} == {type(value) for value in values}, name
        assert min(values) <= min(X_new[name]) and max(X_new[name]) <= max(values), name
    assert y_new[300:] == ["rare"] * 200


@pytest.mark.parametrize("form", ["rows", "dicts"])
def test_lists_of_rows(form):
    X, y = lopsided()
    table = [list(row) if form == "rows" else dict(zip(X, row)) for row in zip(*X.values())]
    X_new, y_new = RandomOverSampler(random_state=0).fit_resample(table, y)
    assert len(X_new) == len(y_new) == 500 and X_new[:300] == table
    X_new, _ = SMOTENC([2], random_state=0).fit_resample(table, y)
    assert X_new[:300] == table and type(X_new[-1]) is type(table[0])


def test_what_was_found_out_is_told():
    X, y = lopsided()
    sampler = RandomUnderSampler(random_state=0)
    X_new, y_new = sampler.fit_resample(X, y)
    assert sampler.sampling_strategy_ == OrderedDict(usual=50)
    assert list(sampler.feature_names_in_) == list(X) and sampler.n_features_in_ == 4
    assert [X["count"][row] for row in sampler.sample_indices_] == X_new["count"]
    assert [y[row] for row in sampler.sample_indices_] == y_new
    assert sorted(sampler.sample_indices_) == list(sampler.sample_indices_)
    sampler = RandomOverSampler(random_state=0).fit(X, y)
    assert sampler.sampling_strategy_ == {"rare": 200} and not hasattr(sampler, "sample_indices_")
    sampler.fit_resample(X, y)
    assert list(sampler.sample_indices_[:300]) == list(range(300)) and len(sampler.sample_indices_) == 500


def test_the_same_seed_gives_the_same_rows():
    X, y = lopsided()
    sample = lambda seed: GenerativeOverSampler(lookalike.Forest(), random_state=seed).fit_resample(X, y)  # noqa: E731
    assert sample(1) == sample(1) != sample(2)


def test_generators_draw_rows_with_the_form_of_the_columns():
    X, y = lopsided()
    X_new, y_new = GenerativeOverSampler(lookalike.Forest(), random_state=0, sampling_strategy=0.5).fit_resample(X, y)
    assert Counter(y_new) == {"rare": 125, "usual": 250}
    assert {name: values[:300] for name, values in X_new.items()} == X
    assert set(X_new["town"]) == set(X["town"])
    assert {type(value) for value in X_new["count"]} == {int} and {type(value) for value in X_new["member"]} == {bool}
    with pytest.raises(lookalike.ParameterError, match="generator must be"):
        GenerativeOverSampler("forest").fit_resample(X, y)


STRATEGIES = [
    ("minority", {0: 20}),
    ("not minority", {1: 0, 2: 10}),
    ("not majority", {0: 20, 2: 10}),
    ("all", {0: 20, 1: 0, 2: 10}),
    ("auto", {0: 20, 2: 10}),
    ({0: 15, 1: 30}, {0: 5, 1: 0}),
    (lambda y: {label: 31 for label in set(y)}, {0: 21, 1: 1, 2: 11}),
]


@pytest.mark.parametrize("strategy, added", STRATEGIES)
def test_strategies_that_add(strategy, added):
    y = [0] * 10 + [1] * 30 + [2] * 20
    sampler = RandomOverSampler(sampling_strategy=strategy, random_state=0)
    _, y_new = sampler.fit_resample([[float(row)] for row in range(60)], y)
    assert sampler.sampling_strategy_ == added
    assert Counter(y_new) == Counter(y) + Counter(added)


def test_strategies_that_clean_name_classes():
    X, y = lopsided()
    X = {name: X[name] for name in ("size", "count")}
    y = ["often" if i % 5 == 0 and one == "usual" else one for i, one in enumerate(y)]
    before = Counter(y)
    _, y_new = TomekLinks(sampling_strategy=["often", "rare"]).fit_resample(X, y)
    after = Counter(y_new)
    assert after["usual"] == before["usual"]
    assert after["often"] < before["often"] and after["rare"] < before["rare"]


@pytest.mark.parametrize(
    "sampler, message",
    [
        (SMOTE(sampling_strategy="most"), "needs to be one of"),
        (SMOTE(sampling_strategy="majority"), "cannot be used with over-sampler"),
        (TomekLinks(sampling_strategy="minority"), "cannot be used with under-sampler"),
        (SMOTE(sampling_strategy=["rare"]), "cannot be a list"),
        (SMOTE(sampling_strategy=1.5), "in the range"),
        (SMOTE(sampling_strategy=0.1), "increase the ratio"),
        (RandomUnderSampler(sampling_strategy=0.1), "increase the ratio"),
        (TomekLinks(sampling_strategy=0.5), "do not let the user specify"),
        (TomekLinks(sampling_strategy={"rare": 3}), "is not supported"),
        (SMOTE(sampling_strategy={"other": 3}), "not present in the data"),
        (SMOTE(sampling_strategy={"usual": 3}), "greater or equal"),
        (SMOTE(sampling_strategy=object()), "should be of type"),
        (SMOTE(k_neighbors=0), "k_neighbors must be"),
        (SMOTE(k_neighbors="five"), "k_neighbors must be"),
        (SMOTENC(["weight"]), "'weight'"),
        (SMOTENC([True]), "mask"),
    ],
)
def test_arguments_that_are_not_right(sampler, message):
    X, y = lopsided()
    with pytest.raises(lookalike.ParameterError, match=message):
        sampler.fit_resample({name: X[name] for name in ("size", "count")}, y)


def test_all_problems_are_told_at_once():
    sampler = over_sampling.SVMSMOTE(k_neighbors=-1, m_neighbors=0, svm_estimator="mine", raw_units="yes")
    with pytest.raises(lookalike.ParameterError) as caught:
        sampler.fit_resample(*lopsided())
    assert len(caught.value.problems) == 4


def test_problems_that_the_library_finds_have_the_names_of_here():
    sampler = over_sampling.KMeansSMOTE(kmeans_estimator=-1, density_exponent="much")
    with pytest.raises(lookalike.ParameterError) as caught:
        sampler.fit_resample({"size": lopsided()[0]["size"]}, lopsided()[1])
    assert "density_exponent" in str(caught.value)
    with pytest.raises(lookalike.ParameterError, match="kmeans_estimator: "):
        sampler.set_params(density_exponent=1.0).fit_resample({"size": lopsided()[0]["size"]}, lopsided()[1])


def test_tables_that_are_not_right():
    X, y = lopsided()
    numbers = {name: X[name] for name in ("size", "count")}
    with pytest.raises(lookalike.DataError, match="inconsistent numbers of samples"):
        SMOTE().fit_resample(numbers, y[:-1])
    with pytest.raises(lookalike.DataError, match="more than 1 class"):
        SMOTE().fit_resample(numbers, ["rare"] * 300)
    with pytest.raises(lookalike.DataError, match="3 rows have no class"):
        SMOTE().fit_resample(numbers, [None] * 3 + y[3:])
    with pytest.raises(lookalike.DataError, match="Unknown label type"):
        SMOTE().fit_resample(numbers, [row / 7 for row in range(300)])
    with pytest.raises(lookalike.DataError, match="use SMOTENC"):
        SMOTE().fit_resample(X, y)
    with pytest.raises(lookalike.DataError, match="k_neighbors=2 or less"):
        SMOTE().fit_resample(numbers, ["rare"] * 3 + ["usual"] * 297)


def test_labels_come_back_as_they_are():
    X = [[float(row), float(row % 7)] for row in range(40)]
    for first, second in [(0, 1), (True, False), ("a", "b"), (1.0, 2.0), ("1", "01"), (-5, 10**12)]:
        _, y_new = SMOTE(random_state=0).fit_resample(X, [first] * 10 + [second] * 30)
        assert Counter(y_new) == {first: 30, second: 30} and {type(one) for one in y_new} == {type(first)}
    matrix = [[int(row < 10), int(10 <= row < 20), int(row >= 20)] for row in range(40)]
    _, y_new = SMOTE(random_state=0).fit_resample(X, matrix)
    assert [sum(column) for column in zip(*y_new)] == [20, 20, 20] and y_new[:40] == matrix


def test_parts_of_a_combination_can_be_given():
    X, y = lopsided()
    X = {"size": X["size"], "weight": [count / 3 for count in X["count"]]}
    usual = combine.SMOTETomek(random_state=3)
    given = combine.SMOTETomek(smote=SMOTE(random_state=3), tomek=TomekLinks(sampling_strategy="all"))
    assert usual.fit_resample(X, y) == given.fit_resample(X, y)
    assert given.sampling_strategy_ == {"rare": 200}
    other = combine.SMOTETomek(smote=RandomOverSampler(random_state=3)).fit_resample(X, y)
    assert other != usual.fit_resample(X, y) and set(other[0]["weight"]) <= set(X["weight"])


def test_gaps_are_taken():
    X, y = lopsided()
    X = {"size": X["size"], "count": [None if i % 9 == 0 else one for i, one in enumerate(X["count"])]}
    X_new, _ = SMOTE(random_state=0).fit_resample(X, y)
    assert X_new["count"][:300] == X["count"] and None in X_new["count"][300:]


def test_shrinkage_smooths():
    X, y = lopsided()
    X_new, _ = RandomOverSampler(random_state=0, shrinkage=0.5).fit_resample({"size": X["size"]}, y)
    assert not set(X_new["size"][300:]) <= set(X["size"])
    with pytest.raises(lookalike.ParameterError, match="one number for all classes"):
        RandomOverSampler(shrinkage={"rare": 1.0}).fit_resample(X, y)


def test_parameters_are_searched_and_cloned():
    sampler = GenerativeOverSampler(lookalike.Forest(effort="fast"), sampling_strategy=0.5)
    assert sampler.get_params()["generator__effort"] == "fast"
    sampler.set_params(generator__effort="high", sampling_strategy="all")
    assert sampler.generator.effort == "high" and sampler.sampling_strategy == "all"
    assert repr(SMOTE(k_neighbors=3)) == "SMOTE(k_neighbors=3)"


def test_importing_resamplers_imports_no_library():
    import subprocess
    import sys

    code = (
        "import sys, lookalike.over_sampling, lookalike.under_sampling, lookalike.combine\n"
        "print([name for name in ('numpy', 'pandas', 'polars', 'sklearn', 'imblearn', 'scipy', 'pyarrow') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_levels_that_are_numbers_come_back_as_numbers():
    X = {"code": [[10, 2, 33][i % 3] for i in range(90)], "flag": [i % 2 == 0 for i in range(90)]}
    X_new, _ = SMOTEN(random_state=0).fit_resample(X, [int(i < 20) for i in range(90)])
    assert {type(one) for one in X_new["code"]} == {int} and set(X_new["code"]) == {10, 2, 33}
    assert {type(one) for one in X_new["flag"]} == {bool} and len(X_new["flag"]) == 140


def test_under_samplers_without_lots_need_no_seed():
    X, y = lopsided()
    X = {name: X[name] for name in ("size", "count")}
    for name in ("NearMiss", "EditedNearestNeighbours", "AllKNN", "NeighbourhoodCleaningRule"):
        one = getattr(under_sampling, name)()
        assert one.fit_resample(X, y) == one.fit_resample(X, y), name
        assert len(one.sample_indices_) < 300, name


MODULES = (over_sampling, under_sampling, combine)
RESAMPLERS = [getattr(module, name) for module in MODULES for name in module.__all__ if name != "GenerativeOverSampler"]


@pytest.mark.parametrize("resampler", RESAMPLERS, ids=lambda resampler: resampler.__name__)
def test_the_strategies_that_are_told_are_those_that_are_taken(resampler):
    told = re.search(r"sampling_strategy : .*\n((?: {4}.*\n)+)", inspect.getdoc(resampler))[1]
    told = " ".join(told.split())
    rows, labels = [[float(i % 7), float(i % 5)] for i in range(60)], [0] * 30 + [1] * 20 + [2] * 10
    reached = 10 if resampler.__module__.endswith("under_sampling") else 30
    names = ("minority", "majority", "not minority", "not majority", "all", "auto")
    strategies = [(f"'{name}'", name) for name in names]
    strategies += [("A list has", [0, 1]), ("A dict says", {0: reached, 1: reached, 2: reached})]
    for word, strategy in strategies:
        method = resampler([1]) if resampler is SMOTENC else resampler()
        method.set_params(sampling_strategy=strategy)
        if word in told:
            method.fit(rows, labels)
        else:
            with pytest.raises(ParameterError):
                method.fit(rows, labels)
