"""Generators of images: arrays and labels in, arrays and labels of the same types out."""

import pickle

import pytest

np = pytest.importorskip("numpy")

import lookalike  # noqa: E402
from lookalike import images as A  # noqa: E402
from lookalike.exceptions import (  # noqa: E402
    DataError,
    LookalikeWarning,
    ModelFileError,
    NotFittedError,
    ParameterError,
)


def bars(n=120, channels=None):
    """Bars across (0) and upright (1)."""
    source = np.random.default_rng(5)
    shape = (n, 8, 8, channels) if channels else (n, 8, 8)
    images, labels = np.zeros(shape, np.uint8), np.arange(n) % 2
    for image, label in zip(images, labels):
        place, level = source.integers(8), source.integers(100, 200)
        image[(place, slice(None)) if label == 0 else (slice(None), place)] = level
    return images, labels


X, Y = bars()


@pytest.fixture(scope="module")
def model():
    return A.VAE(epochs=20).fit(X, Y)


@pytest.mark.parametrize("kind", [A.Flow, A.VAE, A.ConvVAE, A.GAN, A.WGAN])
def test_every_method_learns_and_draws(kind):
    model = kind(epochs=1).fit(X, Y)
    images, labels = model.sample(12)
    assert images.shape == (12, 8, 8) and images.dtype == np.uint8
    assert labels.shape == (12,) and labels.dtype == Y.dtype and set(labels) <= {0, 1}
    assert model.classes_ == [0, 1] and model.image_shape_ == (8, 8) and model.n_rows_ == 120


LABELS = {
    "numpy int": (np.array([10, 2])[Y], np.int64, {10, 2}),
    "numpy uint8": (Y.astype(np.uint8), np.uint8, {0, 1}),
    "numpy str": (np.array(["ab", "c"])[Y], None, {"ab", "c"}),
    "numpy bool": (Y == 1, np.bool_, {True, False}),
    "numpy float": (Y + 0.5, np.float64, {0.5, 1.5}),
    "numpy column": (Y[:, None], np.int64, {0, 1}),
    "list of str": ([["ab", "c"][y] for y in Y], list, {"ab", "c"}),
    "list of int": (Y.tolist(), list, {0, 1}),
    "list with None": ([None if i % 3 == 0 else "x" for i in range(120)], list, {None, "x"}),
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels_keep_their_type(kind):
    labels, dtype, values = LABELS[kind]
    model = A.VAE(epochs=1).fit(X, labels)
    drawn = model.sample(60)[1]
    if dtype is list:
        assert isinstance(drawn, list)
    else:
        assert drawn.dtype == (dtype or labels.dtype)
    assert set(drawn) == values
    assert type(drawn[0]) is type(labels[0]) or kind in ("list with None", "numpy column")


def test_arrays_keep_their_type_and_channels():
    for channels in (1, 3):
        images, labels = bars(channels=channels)
        assert A.VAE(epochs=1).fit(images, labels).sample(3)[0].shape == (3, 8, 8, channels)
    drawn = A.VAE(epochs=1).fit((X / 255).astype(np.float32)).sample(3)
    assert drawn.dtype == np.float32 and 0 <= drawn.min() and drawn.max() <= 1
    np.testing.assert_allclose(drawn * 255, np.rint(drawn * 255), atol=1e-4)


def test_images_are_drawn_by_label(model):
    images, labels = model.sample(30, conditions={"label": 1})
    assert set(labels) == {1}
    wanted = [0, 1, 1, 0, 1]
    images, labels = model.sample(labels=wanted)
    assert labels.tolist() == wanted and len(images) == 5
    with pytest.raises(ParameterError, match="no such class: classes_"):
        model.sample(3, conditions={"label": 7})
    with pytest.raises(ParameterError, match="no such class"):
        model.sample(labels=[7])
    assert model.sample(4, conditions=["label!=1"])[1].tolist() == [0] * 4
    assert set(model.sample(20, conditions={"label": [0, 1]})[1].tolist()) == {0, 1}
    with pytest.raises(ParameterError, match="no column"):
        model.sample(3, conditions={"label=1": 1})


def test_labels_of_any_spelling_are_conditions():
    X = np.arange(40 * 36, dtype=np.uint8).reshape(40, 6, 6)
    names = ["a=b", ">= 3"]
    model = A.VAE(epochs=1).fit(X, [names[i % 2] for i in range(40)])
    for name in names:
        assert list(model.sample(5, conditions={"label": name})[1]) == [name] * 5
        assert len(model.interpolate(2, 3, conditions={"label": name})) == 2


def test_seeds_decide(model):
    images, labels = model.sample(20)
    again, _ = A.VAE(epochs=20).fit(X, Y).sample(20)
    assert (images == again).all()
    assert (model.sample(5, start=10)[0] == images[10:15]).all()
    assert not (model.sample(20, random_state=1)[0] == images).all()


def test_models_are_kept(model, tmp_path):
    images, labels = model.sample(10)
    again = pickle.loads(pickle.dumps(model))
    assert (again.sample(10)[0] == images).all() and again.sample(10)[1].dtype == labels.dtype
    model.save(tmp_path / "m.model")
    for loaded in (A.VAE.load(tmp_path / "m.model"), lookalike.load(tmp_path / "m.model")):
        assert type(loaded) is A.VAE and loaded.classes_ == [0, 1]
        drawn = loaded.sample(10)
        assert (drawn[0] == images).all() and (drawn[1] == labels).all()
    with pytest.raises(ModelFileError, match="images.VAE, not of Flow"):
        A.Flow.load(tmp_path / "m.model")
    with pytest.raises(ModelFileError):
        lookalike.Forest.load(tmp_path / "m.model")
    with pytest.raises(FileNotFoundError):
        A.VAE.load(tmp_path / "none.model")


def test_a_file_of_pictures_gives_the_same_model_as_its_array(tmp_path):
    np.save(tmp_path / "x.npy", X)
    ours, theirs = A.VAE(epochs=1).fit(X), A.VAE(epochs=1).fit(tmp_path / "x.npy")
    assert (ours.sample(5) == theirs.sample(5)).all()
    ours.save(tmp_path / "a.model")
    theirs.save(tmp_path / "b.model")
    assert (tmp_path / "a.model").read_bytes() == (tmp_path / "b.model").read_bytes()


def test_ways_lead_from_one_image_to_another(model, tmp_path):
    ways = model.interpolate(3, 5, conditions={"label": 0})
    assert ways.shape == (3, 5, 8, 8) and not (ways[0, 0] == ways[0, -1]).all()
    assert model.traverse(2, 4).shape == (2, 4, 8, 8)
    A.grid(ways, tmp_path / "ways.png")
    with pytest.raises(ParameterError, match="steps"):
        model.interpolate(2, 0)
    with pytest.raises((ParameterError, DataError)):
        A.Flow(epochs=1).fit(X).traverse(2, 4)


def test_images_are_judged(model):
    holdout = bars(60)
    found = A.evaluate((X, Y), model.sample(120), holdout=holdout)
    assert isinstance(found, lookalike.Evaluation)
    assert found["image-frechet"] is not None and "image-accuracy" in found.scores
    assert "<html" in found.report()
    with pytest.raises(DataError, match="another size"):
        A.evaluate(X, np.zeros((9, 4, 4), np.uint8))


def test_what_cannot_be_learned_is_said(tmp_path):
    wrong = [
        (X.reshape(120, 64), None, "2 dimensions"),
        (X.astype(np.int16), None, "int16"),
        (X.astype(float), None, "from 0 to 1"),
        (X[:0], None, "no images"),
        (np.zeros((4, 8, 8, 2), np.uint8), None, "2 channels"),
        (X, Y[:-1], "120 images and 119 labels"),
        (X, np.zeros((120, 2)), "one dimension"),
        ("none/at/all", None, None),
    ]
    for images, labels, words in wrong:
        with pytest.raises((DataError, FileNotFoundError), match=words):
            A.VAE(epochs=1).fit(images, labels)
    with pytest.raises(ParameterError, match="epochs"):
        A.VAE(epochs=-1).fit(X)
    with pytest.raises(NotFittedError):
        A.VAE().sample(3)
    with pytest.raises(ParameterError, match="no labels"):
        A.VAE(epochs=1).fit(X).sample(labels=[1])


def test_rare_classes_are_withheld_with_a_warning():
    labels = np.where(np.arange(120) < 3, 2, Y)
    with pytest.warns(LookalikeWarning, match="withheld"):
        model = A.VAE(epochs=1).fit(X, labels)
    assert model.classes_ == [0, 1] and 2 not in model.sample(100)[1]


def test_known_sets_of_options_have_names():
    assert A.VAE.preset("tutorial", epochs=2).hidden_dims == [128]
    with pytest.raises(lookalike.ParameterError, match="no such set of options"):
        A.Flow.preset("tutorial")


def test_real_numbers_come_back_until_the_model_is_kept_in_a_file(tmp_path):
    model = A.VAE(epochs=1).fit(X / 255)
    assert model.sample(2).dtype == np.float64
    model.save(tmp_path / "m.model")
    assert A.VAE.load(tmp_path / "m.model").sample(2).dtype == np.uint8
    assert "uint8" in A.VAE.fit.__doc__


def test_labels_that_were_asked_for_are_nothing_to_warn_of(model, recwarn):
    assert model.sample(5, labels=[0, 1])[1].tolist() == [0, 1, 0, 1, 0]
    assert not [one for one in recwarn if issubclass(one.category, LookalikeWarning)]


def test_arguments_that_are_not_right_are_told(model, tmp_path):
    for call in (
        lambda: model.sample(labels=2),
        lambda: model.sample(labels="ab"),
        lambda: model.sample(3, conditions=[1]),
        lambda: model.sample(3, conditions=3),
        lambda: model.sample(2**64),
        lambda: model.interpolate(True),
        lambda: A.VAE(protect=1).fit(X),
        lambda: A.ImageGenerator().fit(X),
        lambda: A.grid(X, columns=0.5),
        lambda: A.evaluate(X, X, scores=[1]),
    ):
        with pytest.raises(ParameterError):
            call()
    assert A.VAE(epochs=1, protect=np.int64(3)).fit(X).n_rows_ == 120
    for path, error in ((tmp_path, IsADirectoryError), (tmp_path / "nowhere" / "x", FileNotFoundError)):
        with pytest.raises(error):
            model.save(path)
        with pytest.raises(error):
            A.grid(X, path)
