"""Images changed: identities, what travels with them, seeds, records, and what is refused."""

import copy
import os
import pickle
import subprocess
import sys

import pytest

np = pytest.importorskip("numpy")

import lookalike  # noqa: E402
from lookalike import images as A  # noqa: E402
from lookalike.exceptions import DataError, ParameterError  # noqa: E402


def picture(height=20, width=30, channels=3, dtype=np.uint8):
    shape = (height, width, channels) if channels else (height, width)
    values = np.random.default_rng(1).integers(0, 256, shape)
    if dtype is np.float32:
        return (values / 255).astype(np.float32)
    return values.astype(dtype) * (257 if dtype is np.uint16 else 1)


FLIP = A.Compose([A.HorizontalFlip(p=1)])


@pytest.mark.parametrize("channels", [None, 1, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_flip_is_what_numpy_says_and_twice_is_nothing(channels, dtype):
    image = picture(channels=channels, dtype=dtype)
    once = FLIP(image=image)["image"]
    assert once.dtype == image.dtype and once.shape == image.shape and once.flags.writeable
    np.testing.assert_allclose(once, image[:, ::-1], atol=1e-5 if dtype is np.float32 else 0, rtol=0)
    np.testing.assert_allclose(FLIP(image=once)["image"], image, atol=1e-5 if dtype is np.float32 else 0, rtol=0)


def test_arrays_need_not_lie_in_one_piece():
    image = picture()
    assert (FLIP(image=image[:, ::-1])["image"] == image).all()
    assert (FLIP(image=image.transpose(1, 0, 2))["image"] == image.transpose(1, 0, 2)[:, ::-1]).all()
    assert (FLIP(image=np.asfortranarray(image[..., ::-1]))["image"] == image[:, ::-1, ::-1]).all()


def test_what_is_given_stays_as_it_is():
    image = picture()
    before = image.copy()
    A.Compose([A.GaussNoise(p=1)])(image=image)
    assert (image == before).all()


def test_a_seed_repeats_all_calls_and_no_seed_none():
    image = picture()
    steps = [A.HorizontalFlip(), A.GaussNoise(p=1)]
    one, other = A.Compose(steps, seed=7), A.Compose(steps, seed=7)
    first = [one(image=image)["image"] for _ in range(4)]
    assert all((a == other(image=image)["image"]).all() for a in first)
    assert not (first[0] == first[1]).all()
    one.set_random_seed(7)
    assert (one(image=image)["image"] == first[0]).all()
    assert not (A.Compose(steps, seed=8)(image=image)["image"] == first[0]).all()
    free = A.Compose(steps)
    assert not (free(image=image)["image"] == free(image=image)["image"]).all()
    assert not (A.Compose(steps)(image=image)["image"] == A.Compose(steps)(image=image)["image"]).all()


FREE = A.Compose([A.GaussNoise(p=1)])


def noise_of(_):
    return int(FREE(image=picture())["image"].astype(np.int64)[::2].sum())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_forked_processes_draw_otherwise():
    import multiprocessing

    noise_of(0)
    # The child has the parent's pipeline as it is now.
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.map(noise_of, [0]) != [noise_of(0)]


def test_a_record_is_done_again():
    image, mask = picture(), picture(channels=None)
    steps = [A.Rotate(p=1), A.GaussNoise(p=1), A.RandomCrop(10, 12, p=1)]
    compose = A.Compose(steps, return_params=True)
    once = compose(image=image, mask=mask)
    again = compose.replay(once["params"], image=image, mask=mask)
    assert (once["image"] == again["image"]).all() and (once["mask"] == again["mask"]).all()
    assert once["image"].shape == (10, 12, 3)
    replaying = A.ReplayCompose(steps)
    once = replaying(image=image)
    assert (A.ReplayCompose.replay(once["replay"], image=image)["image"] == once["image"]).all()


def test_masks_stay_with_their_pixels():
    # A mask that says what the image shows must say the same afterwards.
    image = picture(channels=None) // 128 * 255
    compose = A.Compose([A.HorizontalFlip(), A.Rotate(interpolation="nearest", p=1), A.RandomCrop(12, 14, p=1)], seed=3)
    classes = image.astype(np.int32)
    many = np.stack([image, 255 - image], axis=-1)
    for _ in range(5):
        done = compose(image=image, mask=classes, masks=[image > 0, many, image.astype(np.float32) / 255])
        assert done["mask"].dtype == np.int32 and (done["mask"] == done["image"]).all()
        truth, planes, shares = done["masks"]
        assert truth.dtype == bool and (truth == (done["image"] > 0)).all()
        assert planes.shape == (12, 14, 2) and (planes[..., 0] == done["image"]).all()
        assert shares.dtype == np.float32 and (shares * 255 == done["image"]).all()
    stack = compose(image=image, masks=np.stack([image, image]))["masks"]
    assert isinstance(stack, np.ndarray) and stack.shape == (2, 12, 14)


FORMATS = {
    "coco": ([2, 3, 6, 4], [22, 3, 6, 4]),
    "pascal_voc": ([2, 3, 8, 7], [22, 3, 28, 7]),
    "albumentations": ([2 / 30, 3 / 20, 8 / 30, 7 / 20], [22 / 30, 3 / 20, 28 / 30, 7 / 20]),
    "yolo": ([5 / 30, 5 / 20, 6 / 30, 4 / 20], [25 / 30, 5 / 20, 6 / 30, 4 / 20]),
}


@pytest.mark.parametrize("format", FORMATS)
def test_boxes_move_in_every_format(format):
    box, flipped = FORMATS[format]
    compose = A.Compose([A.HorizontalFlip(p=1)], bbox_params=A.BboxParams(format=format))
    done = compose(image=picture(), bboxes=[[*box, "cat", 7], tuple(box)])["bboxes"]
    assert done[0][:4] == pytest.approx(flipped) and done[0][4:] == ["cat", 7]
    done = compose(image=picture(), bboxes=np.array([box, box], np.float32))["bboxes"]
    assert done.dtype == np.float32 and done == pytest.approx(np.array([flipped, flipped]), abs=1e-5)
    assert compose(image=picture(), bboxes=[])["bboxes"] == []


def test_boxes_surround_their_pixels():
    image = np.zeros((60, 80), np.uint8)
    image[20:30, 30:50] = 255
    compose = A.Compose(
        [A.Rotate(limit=30, interpolation="nearest", p=1), A.HorizontalFlip()],
        bbox_params=A.BboxParams("pascal_voc"),
        keypoint_params=A.KeypointParams("xy"),
        seed=1,
    )
    for _ in range(10):
        done = compose(image=image, bboxes=[[30, 20, 50, 30]], keypoints=[(39.5, 24.5)])
        rows, columns = np.nonzero(done["image"])
        left, top, right, bottom = done["bboxes"][0]
        assert left <= columns.min() + 1 and right >= columns.max() and top <= rows.min() + 1 and bottom >= rows.max()
        x, y = done["keypoints"][0]
        assert abs(x - columns.mean()) < 0.5 and abs(y - rows.mean()) < 0.5


def test_what_is_cut_away_takes_its_labels_along():
    compose = A.Compose(
        [A.RandomCrop(20, 10, p=1)],
        bbox_params=A.BboxParams("coco", label_fields=["kinds", "scores"], min_visibility=0.3),
        keypoint_params=A.KeypointParams("yx", label_fields=["names"]),
        seed=2,
    )
    boxes = [[x, 4, 3, 3] for x in range(27)]
    kinds = list(range(27))
    scores = np.arange(27) / 27
    points = [(5, x, "here") for x in range(30)]
    done = compose(image=picture(), bboxes=boxes, kinds=kinds, scores=scores, keypoints=points, names=list(range(30)))
    assert 8 <= len(done["bboxes"]) <= 12 and len(done["keypoints"]) == 10
    first = done["names"][0]
    assert done["names"] == list(range(first, first + 10))
    assert done["keypoints"][0] == (5.0, 0.0, "here")
    assert len(done["kinds"]) == len(done["scores"]) == len(done["bboxes"])
    assert isinstance(done["scores"], np.ndarray) and done["scores"] == pytest.approx(np.array(done["kinds"]) / 27)
    for (left, _, width, _), kind in zip(done["bboxes"], done["kinds"]):
        assert left + width == pytest.approx(min(kind + 3 - first, 10))
    small = A.BboxParams("coco", min_width=2, max_accept_ratio=2)
    kept = A.Compose([A.HorizontalFlip(p=1)], bbox_params=small)(
        image=picture(), bboxes=[[0, 0, 1, 1], [0, 0, 4, 4], [0, 0, 9, 4]]
    )
    assert kept["bboxes"] == [[26.0, 0.0, 4.0, 4.0]]


def test_further_targets_have_the_same_done():
    image = picture()
    targets = {"night": "image", "depth": "mask", "others": "bboxes", "dots": "keypoints"}
    compose = A.Compose(
        [A.HorizontalFlip(p=1)],
        bbox_params=A.BboxParams("coco"),
        keypoint_params=A.KeypointParams("xy"),
        additional_targets=targets,
    )
    done = compose(
        image=image,
        night=image[..., :1],
        depth=image[..., 0],
        others=[[0, 0, 5, 5]],
        dots=[[0, 1]],
        images=[image],
        note="kept",
    )
    assert (done["night"] == image[:, ::-1, :1]).all() and (done["depth"] == image[:, ::-1, 0]).all()
    assert done["others"] == [[25.0, 0.0, 5.0, 5.0]] and done["dots"] == [[29.0, 1.0]] and done["note"] == "kept"
    assert (done["images"][0] == image[:, ::-1]).all()


def test_choices_and_their_chances():
    image = picture(8, 8, None)
    never = A.Compose([A.HorizontalFlip(p=1)], p=0)
    assert (never(image=image)["image"] == image).all()
    assert (A.Compose([])(image=image)["image"] == image).all()
    one = A.Compose([A.OneOf([A.HorizontalFlip(p=0.5), A.RandomCrop(4, 4, p=0.5)], p=1)], seed=1)
    shapes = [one(image=image)["image"].shape for _ in range(200)]
    assert 60 < shapes.count((4, 4)) < 140
    both = A.SomeOf([A.HorizontalFlip(p=1), A.RandomCrop(4, 4, p=1)], n=2)
    assert A.Compose([both])(image=image)["image"].shape == (4, 4)
    inner = A.Compose([A.HorizontalFlip(p=1), A.Sequential([A.HorizontalFlip(p=1)], p=1)])
    assert (A.Compose([inner])(image=image)["image"] == image).all()
    assert (A.HorizontalFlip(p=1)(image=image)["image"] == image[:, ::-1]).all()


def test_normalized_images_are_real_numbers():
    image = picture()
    mean, std = (0.5, 0.4, 0.3), (0.2, 0.3, 0.4)
    expected = ((image / 255 - mean) / std).astype(np.float32)
    for given, top in ((image, None), (image, 255.0), ((image / 255).astype(np.float32), 1.0)):
        done = A.Compose([A.Normalize(mean=mean, std=std, max_pixel_value=top)])(image=given)["image"]
        assert done.dtype == np.float32
        np.testing.assert_allclose(done, expected, atol=1e-3)


def test_parameters_are_kept_in_files(tmp_path):
    compose = A.Compose(
        [A.OneOf([A.HorizontalFlip(p=0.3), A.GaussNoise(std_range=(0.1, 0.2))], p=0.9), A.Rotate(limit=20, p=1)],
        bbox_params=A.BboxParams("yolo", label_fields=["kinds"], min_area=3),
        seed=5,
    )
    image = picture()
    first = compose(image=image, bboxes=[], kinds=[])["image"]
    for again in (
        A.Compose.from_dict(compose.to_dict()),
        pickle.loads(pickle.dumps(compose)),
        copy.deepcopy(compose),
    ):
        assert again.bbox_params.format == "yolo" and again.to_dict() == compose.to_dict()
        again.set_random_seed(5)
        assert (again(image=image, bboxes=[], kinds=[])["image"] == first).all()
    compose.save(tmp_path / "c.json")
    assert A.Compose.load(tmp_path / "c.json").to_dict() == compose.to_dict()
    compose.save(tmp_path / "c.toml")
    loaded = A.Compose.load(tmp_path / "c.toml")
    assert loaded.bbox_params.min_area == 3 and len(loaded) == 2
    loaded.seed = 5
    assert (loaded(image=image)["image"] == first).all()
    with pytest.raises(FileNotFoundError):
        A.Compose.load(tmp_path / "none.json")
    with pytest.raises(ParameterError, match="no transform 'Flop'"):
        A.Compose.from_dict({"steps": [{"Flop": {}}]})
    with pytest.raises(ParameterError, match="no parameter 'angle'"):
        A.Compose.from_dict({"steps": [{"Rotate": {"angle": 3}}]})


def test_numbers_of_opencv_are_words():
    step = A.Rotate(interpolation=0, border_mode=4).to_dict()["Rotate"]
    assert (step["interpolation"], step["border_mode"]) == ("nearest", "reflect_101")


def test_all_that_is_wrong_with_parameters_is_told_at_once():
    with pytest.raises(ParameterError) as caught:
        A.Compose([A.Rotate(limit=900, p=2), A.HorizontalFlip(p=-1)])(image=picture())
    assert len(caught.value.problems) == 3 and "transforms[1].HorizontalFlip.p" in str(caught.value)
    with pytest.raises(ParameterError, match=r"transforms\[1\].Rotate: .*expected a number or"):
        A.Compose([A.HorizontalFlip(), A.Rotate(limit="much")])(image=picture())
    with pytest.raises(ParameterError, match="format of BboxParams"):
        A.Compose([A.HorizontalFlip()], bbox_params=A.BboxParams("voc"))(image=picture())
    with pytest.raises(ParameterError, match="angles"):
        A.Compose([A.HorizontalFlip()], keypoint_params=A.KeypointParams("xya"))(image=picture())
    with pytest.raises(ParameterError, match="additional_targets"):
        A.Compose([A.HorizontalFlip()], additional_targets={"a": "picture"})(image=picture())


WRONG = [
    ({"image": picture().astype(np.float64)}, "float64"),
    ({"image": picture().astype(np.int32)}, "int32"),
    ({"image": picture().astype(np.float32)}, "not within 0 to 1"),
    ({"image": np.full((2, 2), np.nan, np.float32)}, "not within 0 to 1"),
    ({"image": np.zeros((2, 3, 4, 5, 3), np.uint8)}, "5 dimensions"),
    ({"image": np.zeros((4, 4, 2), np.uint8)}, "2 channels"),
    ({"image": np.zeros((0, 4), np.uint8)}, "no pixels"),
    ({"image": [[1, 2], [3, 4]]}, "must be a NumPy array"),
    ({"image": None}, "must be a NumPy array"),
    ({"mask": picture()}, "image is missing"),
    ({"image": picture(), "mask": picture(10, 10, None)}, "of one size"),
    ({"image": picture(), "mask": np.full((20, 30), -1)}, "not within 0 to 65535"),
    ({"image": picture(), "mask": np.full((20, 30), "a")}, "whole numbers"),
    ({"image": picture(), "images": [picture(3, 3)]}, "of one size"),
    ({"image": picture(), "bboxes": [[0, 0, 40, 4]], "kinds": [1]}, "reaches outside"),
    ({"image": picture(), "bboxes": [[0, 0, 0, 4]], "kinds": [1]}, "no area"),
    ({"image": picture(), "bboxes": [[0, 0, 4]], "kinds": [1]}, "must have four"),
    ({"image": picture(), "bboxes": [[0, 0, 4, float("nan")]], "kinds": [1]}, "not finite"),
    ({"image": picture(), "bboxes": [[0, 0, 4, 4]], "kinds": [1, 2]}, "1 bboxes and 2 kinds"),
    ({"image": picture(), "bboxes": [[0, 0, 4, 4]]}, "kinds is missing"),
    ({"image": picture(), "keypoints": [[0, 0]]}, "keypoint_params"),
]


@pytest.mark.parametrize(("targets", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_cannot_be_done_is_said_in_a_sentence(targets, words):
    compose = A.Compose([A.HorizontalFlip()], bbox_params=A.BboxParams("coco", label_fields=["kinds"]))
    with pytest.raises((DataError, ParameterError), match=words) as caught:
        compose(**targets)
    assert "\n" not in str(caught.value) and "bug" not in str(caught.value)


def test_boxes_outside_are_cut_or_left_out_on_request():
    params = A.BboxParams("pascal_voc", clip=True, filter_invalid_bboxes=True)
    done = A.Compose([A.HorizontalFlip(p=1)], bbox_params=params)(
        image=picture(), bboxes=[[-4, 0, 10, 10], [40, 0, 50, 9], [5, 5, 5, 9]]
    )
    assert done["bboxes"] == [[20.0, 0.0, 30.0, 10.0]]


def test_targets_are_named():
    with pytest.raises(ParameterError, match="by name"):
        FLIP(picture())


def test_of_pictures_smaller_than_the_part_there_is_less():
    small = picture()
    done = A.Compose([A.RandomCrop(100, 100, p=1)])(image=small)["image"]
    np.testing.assert_array_equal(done, small)


def test_images_are_mixed():
    dark, light = np.zeros((8, 8), np.uint8), np.full((8, 8), 200, np.uint8)
    for step in (A.MixUp(p=1), A.CutMix(p=1)):
        mixed = A.mix(step, [dark, light], ["night", "day"], random_state=3)
        assert mixed["image"].mean() == pytest.approx(200 * mixed["shares"].get("day", 0), abs=0.5)
        assert sum(mixed["shares"].values()) == pytest.approx(1)
    mosaic = A.mix(A.Mosaic(target_size=(10, 12), p=1), [dark, light, light, dark], [0, 1, 1, 0], masks=[dark] * 4)
    assert mosaic["image"].shape == mosaic["mask"].shape == (10, 12)
    assert mosaic["image"].mean() == pytest.approx(200 * mosaic["shares"][1])
    untouched = A.mix(A.MixUp(p=0), [dark, light], ["night", "day"])
    assert untouched["shares"] == {"night": 1.0}
    with pytest.raises(DataError, match="it takes 4 images"):
        A.mix(A.Mosaic(), [dark])
    with pytest.raises(ParameterError, match="alpha"):
        A.mix(A.MixUp(alpha=-1), [dark, light])
    with pytest.raises(ParameterError, match="several images"):
        A.MixUp()(image=dark)


def test_importing_needs_no_numpy():
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "import lookalike, lookalike.images as A\n"
        "try: A.Compose([A.HorizontalFlip()])(image=None)\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install numpy" in done.stdout
    code = "import lookalike, sys; assert not {'numpy', 'lookalike.images'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("transforms", [None, A.HorizontalFlip(), 3, [A.HorizontalFlip], [None]])
def test_transforms_are_a_list_of_them(transforms):
    for made in (A.Compose(transforms), A.Compose([A.OneOf(transforms)])):
        with pytest.raises(lookalike.ParameterError, match="transforms must be a list of transforms"):
            made(image=np.zeros((4, 4), np.uint8))


def test_what_a_file_has_no_place_for_is_warned_of(tmp_path, recwarn):
    boxes = A.BboxParams("coco", label_fields=["kinds"], min_area=3)
    flip = A.Compose([A.HorizontalFlip(p=1)], bbox_params=boxes, seed=np.int64(3))
    flip.save(tmp_path / "flip.json")
    assert A.Compose.load(tmp_path / "flip.json").to_dict() == flip.to_dict()
    assert not [one for one in recwarn if issubclass(one.category, lookalike.LookalikeWarning)]
    with pytest.warns(lookalike.LookalikeWarning, match="seed, the format in bbox_params, label_fields in bbox_params:"):
        flip.save(tmp_path / "flip.toml")
    A.Compose([A.HorizontalFlip(p=1)]).save(tmp_path / "flip.toml")
    for name in ("flip.yaml", "flip.yml"):
        with pytest.raises(lookalike.ParameterError, match="not of YAML"):
            flip.save(tmp_path / name)
        with pytest.raises(lookalike.ParameterError, match="not of YAML"):
            A.Compose.load(tmp_path / name)
    assert not (tmp_path / "flip.yaml").exists()


def test_parameters_of_boxes_and_points_have_no_other_methods():
    for kind in (A.BboxParams, A.KeypointParams):
        assert {name for name in dir(kind) if not name.startswith("_")} == {"get_params", "set_params"}


def test_what_albumentations_takes_by_place_is_taken_so():
    assert A.Rotate(45, p=1.0).limit == 45
    assert A.RandomBrightnessContrast(0.1, 0.3).get_params()["contrast_limit"] == 0.3
    assert A.HorizontalFlip(1.0).p == 1.0
    assert (A.PadIfNeeded(32, 48).min_height, A.PadIfNeeded(32, 48).min_width) == (32, 48)
    assert A.ShiftScaleRotate(0.1).shift_limit == 0.1
    # Theirs comes in another order from here on.
    with pytest.raises(TypeError):
        A.ShiftScaleRotate(0.1, 0.1)
