"""Learning, drawing, keeping."""

import pickle

import pytest

import lookalike
from lookalike import Forest, GaussianCopula


def test_what_comes_out_has_the_types_that_went_in(table, forest):
    drawn = forest.sample(50)
    assert list(drawn) == list(table)
    for name, values in table.items():
        types = {type(value) for value in values} | {type(None)}
        assert {type(value) for value in drawn[name]} <= types, name
    assert forest.n_features_in_ == 6
    assert list(forest.feature_names_in_) == list(table)
    assert forest.n_rows_ == 600


def test_ties_between_columns_are_learned(forest):
    drawn = forest.sample(400)
    towns = {town: [age for age, own in zip(drawn["age"], drawn["town"]) if own == town] for town in set(drawn["town"])}
    assert max(towns["Aachen"]) < min(towns["Celle"])


def test_the_same_seed_gives_the_same_rows_and_a_shorter_sample_is_a_prefix(forest):
    whole = forest.sample(300)
    assert forest.sample(300) == whole
    assert forest.sample(300, random_state=1) != whole
    assert {name: values[:70] for name, values in whole.items()} == forest.sample(70)
    assert {name: values[70:100] for name, values in whole.items()} == forest.sample(30, start=70)


def test_batches_are_the_sample_in_parts(forest):
    parts = list(forest.sample_batches(250, batch_size=100))
    assert [len(part["age"]) for part in parts] == [100, 100, 50]
    assert [age for part in parts for age in part["age"]] == forest.sample(250)["age"]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_do_not_matter(table, forest, threads):
    lookalike.set_threads(threads)
    try:
        assert Forest().fit(table).sample(100) == forest.sample(100)
    finally:
        lookalike.set_threads(0)


def test_conditions_hold(forest):
    drawn = forest.sample(40, conditions={"town": "Bonn", "member": True})
    assert set(drawn["town"]) == {"Bonn"} and set(drawn["member"]) == {True}
    drawn = forest.sample(40, conditions=["age>=60", "income="])
    assert min(drawn["age"]) >= 60 and set(drawn["income"]) == {None}
    assert set(forest.sample(5, conditions={"income": None})["income"]) == {None}


def test_rows_are_completed(forest):
    drawn = forest.sample(like={"town": ["Bonn", "Celle", "Aachen"]})
    assert drawn["town"] == ["Bonn", "Celle", "Aachen"]
    assert len(drawn["age"]) == 3


def test_gaps_are_filled(forest, table):
    filled = forest.impute(table)
    assert None not in filled["income"]
    known = [value for value in table["income"] if value is not None]
    assert [now for now, was in zip(filled["income"], table["income"]) if was is not None] == known
    assert filled["age"] == table["age"]


def test_rows_have_a_likelihood(table, forest):
    found = forest.log_prob(table)
    assert len(found) == 600
    assert forest.score(table) == pytest.approx(sum(found) / 600)
    with pytest.raises(lookalike.ParameterError, match="vae cannot tell"):
        lookalike.VAE(epochs=1).fit(table).log_prob(table)


def test_models_are_kept(tmp_path, forest):
    path = tmp_path / "people.model"
    forest.save(path)
    for loaded in (lookalike.load(path), Forest.load(path)):
        assert type(loaded) is Forest
        drawn = loaded.sample(20)
        assert len(drawn) == 20 if hasattr(drawn, "shape") else len(drawn["age"]) == 20
    with pytest.raises(lookalike.ModelFileError, match="Forest"):
        GaussianCopula.load(path)
    with pytest.raises(FileNotFoundError):
        lookalike.load(tmp_path / "nothing.model")
    (tmp_path / "bad.model").write_bytes(path.read_bytes()[:-9])
    with pytest.raises(lookalike.ModelFileError):
        lookalike.load(tmp_path / "bad.model")


def test_pickles_hold_the_model_file(forest):
    again = pickle.loads(pickle.dumps(forest))
    assert again.sample(30) == forest.sample(30)
    assert pickle.loads(pickle.dumps(Forest(effort="fast"))).effort == "fast"


@pytest.mark.parametrize("name", ["Forest", "GaussianCopula", "VAE", "TVAE", "GAN", "CTGAN", "Autoregressive", "Independent"])
def test_every_method_learns_and_draws(table, name):
    generator = getattr(lookalike, name)()
    if "epochs" in generator.get_params():
        generator.set_params(epochs=2)
    drawn = generator.fit(table).sample(25)
    assert list(drawn) == list(table) and len(drawn["age"]) == 25
    assert generator.metadata_["tables"]["table"]["columns"]["age"]["sdtype"] == "numerical"


def test_auto_chooses(table):
    auto = lookalike.Auto(budget=2).fit(table)
    assert auto.method_ in {trial["method"].split(",")[0] for trial in auto.trials_}
    assert auto.method_ in auto.reason_ or auto.reason_
    assert len(auto.sample(10)["age"]) == 10


def test_y_is_learned_too(table):
    X = {name: values for name, values in table.items() if name != "town"}
    drawn = Forest().fit(X, table["town"]).sample(10)
    assert set(drawn["y"]) <= {"Aachen", "Bonn", "Celle"}


def test_constraints_hold(table):
    forest = Forest(constraints=["if member = true then income is missing"]).fit(table)
    drawn = forest.sample(200)
    assert all(income is None for income, member in zip(drawn["income"], drawn["member"]) if member)


def test_kinds_can_be_said(table):
    forest = Forest(columns={"age": "categorical"}).fit(table)
    assert forest.metadata_["tables"]["table"]["columns"]["age"]["sdtype"] == "categorical"
    schema = Forest().fit(table).metadata_
    assert Forest(schema=schema).fit(table).sample(10) == Forest().fit(table).sample(10)


def test_parameters_are_scikit_learns(table):
    forest = Forest(target="town", random_state=3)
    assert forest.get_params()["target"] == "town"
    assert repr(forest) == "Forest(target='town', random_state=3)"
    assert forest.set_params(protect=None) is forest and forest.protect is None
    with pytest.raises(lookalike.ParameterError, match="no parameter 'trget'"):
        forest.set_params(trget=1)
    with pytest.raises(TypeError):
        Forest(trget="town")


def test_all_that_is_wrong_is_told_at_once(table):
    with pytest.raises(lookalike.ParameterError) as caught:
        Forest(protect=1, target=["town"]).fit(table)
    assert len(caught.value.problems) == 2
    with pytest.raises(lookalike.ParameterError) as caught:
        lookalike.CTGAN(epochs="many", batch_size=-3).fit(table)
    assert len(caught.value.problems) == 2
    assert "epochs" in str(caught.value) and "batch_size" in str(caught.value)
    with pytest.raises(lookalike.ParameterError) as caught:
        Forest().fit(table).sample(-1, start="x")
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda t: Forest(target="twon").fit(t), lookalike.ParameterError, "town"),
        (lambda t: Forest().sample(3), lookalike.NotFittedError, "fit first"),
        (lambda t: Forest().fit([1, 2, 3]), lookalike.DataError, "dicts"),
        (lambda t: Forest().fit(7), lookalike.DataError, "no table"),
        (lambda t: Forest().fit({"a": [1, 2], "b": [1]}), lookalike.DataError, "length"),
        (lambda t: Forest().fit({"a": [[1], [2]]}), lookalike.DataError, "type list"),
        (lambda t: Forest().fit({"a": "text"}), lookalike.DataError, "list of values"),
        (lambda t: Forest().fit({}), lookalike.DataError, "no columns"),
        (lambda t: Forest(random_state="x").fit(t), lookalike.ParameterError, "random_state"),
        (lambda t: Forest(random_state=-1).fit(t), lookalike.ParameterError, "random_state"),
        (lambda t: Forest().fit(t).sample(3, conditions={"town": "Ulm"}), lookalike.DataError, "town"),
        (lambda t: Forest().fit(t).sample(3, conditions=["nothing=3"]), lookalike.LookalikeError, "nothing"),
        (lambda t: Forest().fit("no such file.csv"), FileNotFoundError, "no such file.csv"),
        (lambda t: Forest(constraints=["age <= nothing"]).fit(t), lookalike.LookalikeError, "nothing"),
        (lambda t: Forest(schema="{").fit(t), lookalike.ParameterError, "schema"),
        (lambda t: GaussianCopula().fit(t).sample(3, low_discrepancy=True), lookalike.ParameterError, "low_discrepancy="),
        (lambda t: lookalike.set_threads(-2), ValueError, "threads"),
    ],
)
def test_what_is_wrong_is_told(table, wrong, error, says):
    with pytest.raises(error, match=says):
        wrong(table)


def test_what_is_out_of_range_is_told_by_the_names_that_python_has(table):
    with pytest.raises(lookalike.ParameterError) as caught:
        lookalike.CTGAN(epochs=0, learning_rate=-1).fit(table)
    assert caught.value.problems == ["epochs must be at least 1", "learning_rate must be a number above 0"]


def test_no_message_holds_a_value():
    secret = "Rumpelstilzchen"
    with pytest.raises(lookalike.LookalikeError) as caught:
        Forest(columns={"a": "numerical"}, schema=None).fit({"a": [secret, "1"] * 20}).sample(3, conditions={"a": secret})
    assert secret not in str(caught.value)


def test_known_sets_of_options_have_names():
    paper = lookalike.CTGAN.preset("paper", epochs=3)
    assert paper.epochs == 3 and paper.pac == 10 and type(paper) is lookalike.CTGAN
    assert paper.get_params() != lookalike.CTGAN(epochs=3).get_params()
    assert lookalike.TVAE.preset("paper").get_params() != lookalike.TVAE().get_params()
    with pytest.raises(lookalike.ParameterError, match="no such set of options"):
        lookalike.Forest.preset("paper")
    with pytest.raises(lookalike.ParameterError):
        lookalike.Auto.preset("paper")
