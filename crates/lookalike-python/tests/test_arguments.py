"""Arguments that are not right are refused as such, and those that only look otherwise are taken."""

import pytest

import lookalike
from conftest import people
from lookalike import Forest, ParameterError
from lookalike.over_sampling import SMOTENC, GenerativeOverSampler, Resampler

SCHEMA = '[columns.age]\ntype = "uniform-integer"\nlow = 18\nhigh = 90\n'


@pytest.fixture(scope="module")
def judged():
    return lookalike.evaluate(people(60), people(60), scores=["shape"])


WRONG = {
    "sample beyond all numbers": lambda forest, table, judged: forest.sample(2**64),
    "start and n beyond all numbers": lambda forest, table, judged: forest.sample(2, start=2**64 - 1),
    "a number of batches": lambda forest, table, judged: forest.sample_batches(-3),
    "a text of batches": lambda forest, table, judged: forest.sample_batches("3"),
    "no size of batches": lambda forest, table, judged: forest.sample_batches(3, batch_size=0),
    "a seed of batches": lambda forest, table, judged: forest.sample_batches(3, random_state="x"),
    "conditions of batches": lambda forest, table, judged: forest.sample_batches(3, conditions=3),
    "conditions as a number": lambda forest, table, judged: forest.sample(3, conditions=3),
    "conditions as numbers": lambda forest, table, judged: forest.sample(3, conditions=[1]),
    "dials as a number": lambda forest, table, judged: forest.sample(3, dials=3),
    "simulated rows below nothing": lambda forest, table, judged: lookalike.simulate(SCHEMA, -1),
    "simulated rows with a fraction": lambda forest, table, judged: lookalike.simulate(SCHEMA, 2.5),
    "a truth value of simulated rows": lambda forest, table, judged: lookalike.simulate(SCHEMA, True),
    "a schema that is a dict": lambda forest, table, judged: lookalike.simulate({}),
    "a schema that is empty": lambda forest, table, judged: lookalike.simulate(""),
    "audited rows below nothing": lambda forest, table, judged: lookalike.audit(Forest(), table, rows=-1),
    "refits as a text": lambda forest, table, judged: lookalike.audit(Forest(), table, refits="many"),
    "a budget as a text": lambda forest, table, judged: lookalike.Auto(budget="x").fit(table),
    "a preset of none": lambda forest, table, judged: lookalike.Auto.preset("paper"),
    "a bound for all": lambda forest, table, judged: judged.check(min=0.5),
    "bounds without numbers": lambda forest, table, judged: judged.check(min=["shape"]),
    "a bound that is a text": lambda forest, table, judged: judged.check(max={"shape": "a"}),
    "columns as a list": lambda forest, table, judged: Forest(columns=["age"]).fit(table),
    "kinds that are numbers": lambda forest, table, judged: Forest(columns={"age": 5}).fit(table),
    "constraints as a number": lambda forest, table, judged: Forest(constraints=5).fit(table),
    "constraints as code": lambda forest, table, judged: Forest(constraints=[len]).fit(table),
    "a schema as a list": lambda forest, table, judged: Forest(schema=[1]).fit(table),
    "columns to condition on as a dict": lambda forest, table, judged: Forest(condition_on={"age": 1}).fit(table),
    "a locale as a number": lambda forest, table, judged: Forest(locale=5).fit(table),
    "a number without end": lambda forest, table, judged: lookalike.VAE(learning_rate=float("nan")).fit(table),
    "a seed without end": lambda forest, table, judged: Forest(random_state=float("inf")).fit(table),
    "what generators share": lambda forest, table, judged: lookalike.Generator().fit(table),
    "what resamplers share": lambda forest, table, judged: Resampler().fit_resample(table, [0, 1] * 300),
    "a parameter of a text": lambda forest, table, judged: Forest().set_params(effort__x=1),
    "a share as a text": lambda forest, table, judged: lookalike.split(table, holdout="a"),
    "a list to divide by": lambda forest, table, judged: lookalike.split(table, by=["town"]),
    "threads as a text": lambda forest, table, judged: lookalike.set_threads("two"),
    "categories of nothing": lambda forest, table, judged: SMOTENC(None).fit_resample([[1.0, 2]] * 9, [0, 1, 1] * 3),
    "keys as a number with a fraction": lambda forest, table, judged: lookalike.evaluate(table, table, keys=[0.5]),
    "scores as numbers": lambda forest, table, judged: lookalike.evaluate(table, table, scores=[1]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_such_argument_is_told(what, forest, table, judged):
    with pytest.raises(ParameterError):
        WRONG[what](forest, table, judged)


def test_unknown_arguments_are_told_at_the_call(forest):
    with pytest.raises(TypeError, match="foo"):
        forest.sample_batches(3, foo=1)
    for call in (Resampler.fit_resample, Resampler.fit):
        with pytest.raises(TypeError, match="foo"):
            call(SMOTENC([1]), [[1.0, 2]] * 9, [0, 1, 1] * 3, foo=1)


def test_batches_are_drawn_by_a_seed_of_nothing_too(forest):
    assert next(forest.sample_batches(40, random_state=0)) == forest.sample(40, random_state=0)
    table = {"a": [i % 37 for i in range(200)]}
    other = Forest(random_state=5).fit(table)
    assert next(other.sample_batches(40, random_state=0)) == other.sample(40, random_state=0) != other.sample(40)


def test_batches_of_nothing_are_none(forest):
    assert list(forest.sample_batches(0)) == []


def test_all_that_batches_are_asked_for_is_checked_at_once(forest):
    with pytest.raises(ParameterError) as caught:
        forest.sample_batches(-1, start="x")
    assert len(caught.value.problems) == 2
    with pytest.raises(lookalike.NotFittedError):
        Forest().sample_batches(3)


def test_numbers_of_numpy_are_numbers(table):
    np = pytest.importorskip("numpy")
    assert Forest(protect=np.int64(3)).fit(table).sample(5) == Forest(protect=3).fit(table).sample(5)
    with pytest.raises(ParameterError, match="protect"):
        Forest(protect=np.True_).fit(table)
    made = lookalike.VAE(epochs=np.int64(1), hidden_dims=np.array([8]), learning_rate=np.float32(0.01)).fit(table)
    assert len(made.sample(np.int64(3))["age"]) == 3
    train, _ = lookalike.split(table, holdout=np.float64(0.5))
    assert len(train["age"]) == 300
    assert len(lookalike.simulate(SCHEMA, np.int64(4))["age"]) == 4
    assert len(lookalike.audit(lookalike.Independent(), table, refits=np.int64(16), targets=np.int64(4)).findings) > 0
    with pytest.raises(ParameterError):
        lookalike.simulate(SCHEMA, np.True_)


def test_columns_are_named_by_numbers_where_they_are_numbers():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(people(600)).set_axis(range(6), axis=1)
    forest = Forest(target=3, columns={0: "categorical"}).fit(frame)
    assert list(forest.sample(3).columns) == list(range(6))
    found = lookalike.evaluate(
        frame, forest.sample(600), target=3, keys=[0], sensitive=2, columns={0: "categorical"}, scores=["shape"]
    )
    assert found["shape"] > 0.5
    train, holdout = lookalike.split(frame, by=3)
    assert not set(train[3]) & set(holdout[3])


def test_a_generator_within_a_resampler_has_nothing_that_is_passed_over():
    X = {"size": [i % 7 for i in range(60)], "weight": [i * 0.5 for i in range(60)]}
    y = [int(i % 5 == 0) for i in range(60)]
    with pytest.raises(ParameterError, match="Auto chooses"):
        GenerativeOverSampler(lookalike.Auto()).fit_resample(X, y)
    with pytest.raises(ParameterError, match="without target, unit, condition_on"):
        GenerativeOverSampler(Forest(target="size", unit="weight", condition_on=["size"])).fit_resample(X, y)
    with pytest.raises(ParameterError, match="nothing_of_this_name"):
        GenerativeOverSampler(Forest(columns={"nothing_of_this_name": "categorical"})).fit_resample(X, y)


def test_messages_have_the_right_article():
    with pytest.raises(lookalike.DataError, match="^an int is no table"):
        Forest().fit(7)
    with pytest.raises(lookalike.DataError, match="^a str is no table"):
        SMOTENC([0]).fit_resample("x", [0, 1])
    with pytest.raises(lookalike.DataError, match="^y is an int:"):
        SMOTENC([0]).fit_resample([[1]], 3)


def test_messages_speak_of_what_python_has(table):
    with pytest.raises(lookalike.DataError, match=r"columns=\{'age': 'name'\}"):
        Forest(consistent="age").fit(table)
    with pytest.raises(lookalike.DataError, match="protect=None"):
        Forest().fit({name: values[:3] for name, values in table.items()})
    with pytest.raises(lookalike.DataError, match="make them None"):
        Forest(columns={"name": "numerical"}).fit({"name": ["1", "2", "three"] * 20})
    with pytest.raises(lookalike.LookalikeError, match="target") as caught:
        lookalike.VAE(balanced=True, epochs=1).fit(table)
    assert "--" not in str(caught.value) and "COLUMN" not in str(caught.value)
    with pytest.raises(ParameterError, match=r"has paper|have paper") as caught:
        Forest.preset("paper")
    assert "preset=" not in str(caught.value)


def test_files_that_cannot_be_written_are_told_as_python_does(forest, tmp_path):
    with pytest.raises(FileNotFoundError):
        forest.save(tmp_path / "nowhere" / "people.model")
    with pytest.raises(IsADirectoryError):
        forest.save(tmp_path)
    forest.save(str(tmp_path / "people.model").encode())
    assert type(lookalike.load(str(tmp_path / "people.model").encode())) is Forest


def test_all_that_is_warned_of_is_one_warning(table):
    odd = {**table, "rare": ["a" if i > 3 else f"r{i}" for i in range(600)], "far": [float(i) ** 3 for i in range(600)]}
    with pytest.warns(lookalike.LookalikeWarning) as told:
        forest = Forest().fit(odd)
    assert len(told) == 1 and len(forest.warnings_) > 1
    text = str(told[0].message)
    assert text.startswith(f"{len(set(forest.warnings_))} things") and all(one in text for one in forest.warnings_)
    with pytest.warns(lookalike.LookalikeWarning) as told:
        single = Forest().fit({"far": odd["far"]})
    assert [str(one.message) for one in told] == single.warnings_


def test_what_was_not_learned_is_told_as_scikit_learn_does():
    import pickle

    exceptions = pytest.importorskip("sklearn.exceptions")
    for call in (lambda: Forest().sample(3), lambda: SMOTENC([0]).get_feature_names_out()):
        with pytest.raises(exceptions.NotFittedError) as caught:
            call()
        again = pickle.loads(pickle.dumps(caught.value))
        for error in (caught.value, again):
            assert isinstance(error, lookalike.NotFittedError) and isinstance(error, exceptions.NotFittedError)
        assert str(again) == str(caught.value) and again.problems == caught.value.problems
