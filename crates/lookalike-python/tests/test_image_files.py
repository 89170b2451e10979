"""Folders and files of pictures augmented: as the program does it, and as records say."""

import json
import os
import struct
import subprocess
import zlib

import pages
import pytest

np = pytest.importorskip("numpy")

from lookalike import images as A  # noqa: E402
from lookalike.exceptions import DataError, LookalikeWarning, ParameterError  # noqa: E402


def png(path, image):
    """A grey picture of 8 bits as a PNG file."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


@pytest.fixture
def folder(tmp_path):
    source = np.random.default_rng(2)
    for name, count in (("cats", 3), ("dogs", 1)):
        for number in range(count):
            png(tmp_path / "in" / name / f"{number}.png", source.integers(0, 256, (8, 10)).astype(np.uint8))
    return tmp_path


STEPS = [A.HorizontalFlip(p=0.5), A.Rotate(limit=15, p=1), A.GaussNoise(std_range=(0.05, 0.1), p=1)]


def test_what_was_done_can_be_done_again(folder):
    images = np.random.default_rng(3).integers(0, 256, (5, 8, 9), dtype=np.uint8)
    np.save(folder / "in.npy", images)
    done = A.augment(folder / "in.npy", folder / "out.npy", A.Compose(STEPS), copies=2, random_state=4)
    assert done.written == 10 and done.refused == []
    made = np.load(folder / "out.npy")
    compose = A.Compose(STEPS)
    for line, image in zip(open(done.manifest, encoding="utf-8"), made, strict=True):
        line = json.loads(line)
        number = int("".join(sign for sign in line["source"] if sign.isdigit()))
        assert (compose.replay(line["record"], image=images[number])["image"] == image).all()


def test_classes_are_balanced(folder):
    done = A.augment(folder / "in", folder / "out", STEPS, balance=True, preview=folder / "grid.png")
    assert done.classes == {"cats": 3, "dogs": 3} and (folder / "grid.png").exists()
    assert sorted(os.listdir(folder / "out" / "dogs")) == ["0.png", "0_0.png", "0_1.png"]


def test_the_program_makes_the_same_bytes(folder):
    program = pages.program()
    if program is None:
        pytest.skip("the program lookalike is not here")
    A.Compose(STEPS).save(folder / "steps.toml")
    A.augment(folder / "in", folder / "ours", STEPS, copies=2, random_state=9)
    subprocess.run(
        [program, "augment", "in", "theirs", "--pipeline", "steps.toml", "--copies", "2", "--seed", "9"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    files = sorted(path.relative_to(folder / "ours") for path in (folder / "ours").rglob("*") if path.is_file())
    assert len(files) == 9
    assert all((folder / "ours" / file).read_bytes() == (folder / "theirs" / file).read_bytes() for file in files)


def test_files_that_are_no_pictures_are_named(folder):
    (folder / "in" / "dogs" / "bad.png").write_bytes(b"no picture")
    with pytest.warns(LookalikeWarning, match="bad.png"):
        done = A.augment(folder / "in", folder / "out", STEPS)
    assert done.written == 4 and len(done.refused) == 1
    with pytest.raises(DataError, match="bad.png"):
        A.augment(folder / "in", folder / "strict", STEPS, strict=True)
    with pytest.raises(FileNotFoundError):
        A.augment(folder / "none", folder / "out", STEPS)
    with pytest.raises(ParameterError, match="copies.*quality"):
        A.augment(folder / "in", folder / "out", STEPS, copies=0, quality=0)
    with pytest.raises(ParameterError, match="format"):
        A.augment(folder / "in", folder / "out", STEPS, format="gif")
    with pytest.raises(ParameterError, match="limit"):
        A.augment(folder / "in", folder / "out", A.Rotate(limit=900))


def test_pictures_stand_side_by_side(tmp_path):
    images = np.random.default_rng(3).integers(0, 256, (6, 8, 8), dtype=np.uint8)
    sheet = A.grid(images, columns=3)
    assert sheet.shape == (2 * 58 + 2, 3 * 58 + 2, 3)
    A.grid(images.reshape(2, 3, 8, 8), tmp_path / "grid.png")
    assert (tmp_path / "grid.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ParameterError, match="columns"):
        A.grid(images, columns=0)
