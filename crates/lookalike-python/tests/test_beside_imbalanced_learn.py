"""Resamplers beside imbalanced-learn's own, on the same tables, and inside what was written for those."""

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("imblearn")

import imblearn
import imblearn.over_sampling as their_over
import imblearn.pipeline
import imblearn.under_sampling as their_under
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_wine, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

import lookalike
from lookalike import over_sampling, under_sampling


VERSION = tuple(map(int, imblearn.__version__.split(".")[:2]))


def _tables():
    yield "cancer", *load_breast_cancer(return_X_y=True)
    yield "wine", *load_wine(return_X_y=True)
    yield "made", *make_classification(700, 8, n_informative=5, n_classes=3, weights=[0.1, 0.3], random_state=0)


TABLES = [pytest.param(X, y, id=name) for name, X, y in _tables()]

#: Samplers that draw no lot: name, parameters.
WITHOUT_LOTS = [
    ("TomekLinks", {}),
    ("TomekLinks", {"sampling_strategy": "all"}),
    ("TomekLinks", {"sampling_strategy": [0]}),
    ("EditedNearestNeighbours", {}),
    ("EditedNearestNeighbours", {"kind_sel": "mode", "n_neighbors": 5}),
    ("EditedNearestNeighbours", {"sampling_strategy": [0, 1]}),
    ("RepeatedEditedNearestNeighbours", {}),
    ("AllKNN", {}),
    ("AllKNN", {"kind_sel": "mode"}),
    ("NeighbourhoodCleaningRule", {}),
    ("NearMiss", {}),
    ("NearMiss", {"version": 2, "n_neighbors": 5}),
    ("NearMiss", {"version": 3}),
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("X, y", TABLES)
@pytest.mark.parametrize("name, parameters", WITHOUT_LOTS)
def test_samplers_without_lots_keep_the_same_rows(X, y, name, parameters):
    ours, theirs = getattr(under_sampling, name)(**parameters), getattr(their_under, name)(**parameters)
    X_ours, y_ours = ours.fit_resample(X, y)
    theirs.fit_resample(X, y)
    assert sorted(theirs.sample_indices_) == ours.sample_indices_.tolist()
    assert (X_ours == X[ours.sample_indices_]).all() and (y_ours == y[ours.sample_indices_]).all()
    assert ours.sampling_strategy_ == theirs.sampling_strategy_


@pytest.mark.parametrize("X, y", TABLES)
@pytest.mark.parametrize("k", [1, 5])
def test_new_rows_of_smote_lie_between_neighbours(X, y, k):
    X_new, y_new = over_sampling.SMOTE(k_neighbors=k, random_state=0).fit_resample(X, y)
    for label in np.unique(y):
        rows = X[y == label]
        near = NearestNeighbors(n_neighbors=k + 1).fit(rows).kneighbors(rows, return_distance=False)[:, 1:]
        starts, ways = np.repeat(rows, k, axis=0), (rows[near] - rows[:, None, :]).reshape(-1, X.shape[1])
        for row in X_new[len(X) :][y_new[len(X) :] == label]:
            part = ((row - starts) * ways).sum(axis=1) / (ways**2).sum(axis=1)
            off = np.abs(starts + part[:, None] * ways - row).max(axis=1)
            fits = (off < 1e-9 * np.abs(X).max()) & (part >= -1e-9) & (part <= 1 + 1e-9)
            assert fits.any()


@pytest.mark.parametrize("X, y", TABLES)
@pytest.mark.parametrize("strategy", ["auto", "minority", "not minority", "not majority", "all", "dict", "function"])
@pytest.mark.parametrize("name", ["SMOTE", "RandomOverSampler", "BorderlineSMOTE", "RandomUnderSampler", "ClusterCentroids"])
def test_strategies_give_the_same_numbers(X, y, strategy, name):
    ours, theirs = (over_sampling, their_over) if hasattr(over_sampling, name) else (under_sampling, their_under)
    counts = np.bincount(y)
    if ours is under_sampling and strategy == "minority":
        pytest.skip("means nothing there")
    wanted = {0: int(counts[0] + 7), 1: int(counts[1])} if ours is over_sampling else {0: int(counts[0] - 7)}
    strategy = {"dict": wanted, "function": lambda y: wanted}.get(strategy, strategy)
    first = getattr(ours, name)(sampling_strategy=strategy, random_state=0)
    second = getattr(theirs, name)(sampling_strategy=strategy, random_state=0)
    (_, y_ours), (_, y_theirs) = first.fit_resample(X, y), second.fit_resample(X, y)
    assert first.sampling_strategy_ == second.sampling_strategy_
    assert (np.bincount(y_ours) == np.bincount(y_theirs)).all()


def test_ratios_give_the_same_numbers():
    X, y = load_breast_cancer(return_X_y=True)
    for ratio in (0.6, 0.75, 1.0, 0.7133):
        for ours, theirs in [
            (over_sampling.SMOTE(sampling_strategy=ratio), their_over.SMOTE(sampling_strategy=ratio)),
            (under_sampling.NearMiss(sampling_strategy=ratio), their_under.NearMiss(sampling_strategy=ratio)),
        ]:
            ours.fit_resample(X, y), theirs.fit_resample(X, y)
            assert ours.sampling_strategy_ == theirs.sampling_strategy_


@pytest.mark.skipif(VERSION < (0, 14), reason="it had parameters that have gone")
def test_every_sampler_of_theirs_is_here_with_its_parameters():
    import imblearn.combine as their_combine
    import inspect

    from lookalike import combine

    for ours, theirs in [(over_sampling, their_over), (under_sampling, their_under), (combine, their_combine)]:
        for name in theirs.__all__:
            mine = inspect.signature(getattr(ours, name)).parameters
            for parameter, given in inspect.signature(getattr(theirs, name)).parameters.items():
                assert parameter in mine, (name, parameter)
                if parameter != "categorical_features":
                    assert mine[parameter].default == given.default, (name, parameter)


def test_pipelines_and_searches():
    X, y = make_classification(600, 6, weights=[0.85], random_state=1)
    steps = [("scale", StandardScaler()), ("smote", over_sampling.SMOTE(random_state=0)), ("model", LogisticRegression())]
    pipeline = imblearn.pipeline.Pipeline(steps)
    search = GridSearchCV(pipeline, {"smote__k_neighbors": [2, 4], "smote__sampling_strategy": [0.5, "auto"]}, cv=3, scoring="f1")
    search.fit(X, y)
    assert set(search.best_params_) == {"smote__k_neighbors", "smote__sampling_strategy"}
    assert search.best_score_ > 0.5
    parallel = cross_val_score(pipeline, X, y, cv=3, n_jobs=2)
    assert (parallel == cross_val_score(pipeline, X, y, cv=3)).all()
    X_new, y_new = imblearn.pipeline.Pipeline(steps[:2]).fit_resample(X, y)
    assert len(X_new) == len(y_new) == 2 * (y == 0).sum()
    # Rows that are predicted are not resampled.
    assert len(search.predict(X)) == 600


def test_pipelines_with_frames_and_routing():
    import sklearn

    pd = pytest.importorskip("pandas")
    X, y = make_classification(400, 5, weights=[0.8], random_state=1)
    X = pd.DataFrame(X, columns=list("abcde"))
    pipeline = imblearn.pipeline.make_pipeline(
        StandardScaler(), over_sampling.SMOTE(random_state=0), under_sampling.TomekLinks(), LogisticRegression()
    )
    pipeline.set_output(transform="pandas").fit(X, y)
    assert list(pipeline[-1].feature_names_in_) == list("abcde")
    with sklearn.config_context(enable_metadata_routing=True):
        pipeline = imblearn.pipeline.make_pipeline(
            over_sampling.SMOTE(random_state=0), LogisticRegression().set_score_request(sample_weight=True)
        )
        assert 0.5 < pipeline.fit(X, y).score(X, y, sample_weight=np.ones(400)) <= 1


def test_clones_and_pickles():
    import pickle

    sampler = over_sampling.GenerativeOverSampler(lookalike.Forest(effort="fast"), random_state=1)
    copied = clone(sampler)
    assert copied is not sampler and copied.generator is not sampler.generator and copied.generator.effort == "fast"
    X, y = make_classification(200, 4, weights=[0.8], random_state=1)
    first, _ = sampler.fit_resample(X, y)
    again = pickle.loads(pickle.dumps(sampler))
    assert again.sampling_strategy_ == sampler.sampling_strategy_
    assert (clone(again).fit_resample(X, y)[0] == first).all()


def test_objects_for_neighbours():
    X, y = load_wine(return_X_y=True)
    given = over_sampling.SMOTE(k_neighbors=NearestNeighbors(n_neighbors=4), random_state=0).fit_resample(X, y)
    assert (given[0] == over_sampling.SMOTE(k_neighbors=3, random_state=0).fit_resample(X, y)[0]).all()
    with pytest.raises(lookalike.ParameterError, match="Euclidean"):
        over_sampling.SMOTE(k_neighbors=NearestNeighbors(metric="cosine")).fit_resample(X, y)
    sampler = over_sampling.BorderlineSMOTE(random_state=0)
    assert not hasattr(sampler, "nn_k_")
    sampler.fit(X, y)
    assert (sampler.nn_k_.n_neighbors, sampler.nn_m_.n_neighbors) == (6, 11) and not hasattr(sampler, "nn_")
