"""The same seed gives the same bytes here and in the program.

Needs the program that cargo has built, or the one that LOOKALIKE names.
"""

import csv
import math
import subprocess

import pytest

import lookalike
import pages
from conftest import people
from lookalike._frames.cells import is_missing
from lookalike import over_sampling, under_sampling
from test_resampling import lopsided

pytestmark = pytest.mark.skipif(pages.program() is None, reason="the program has not been built")


def run(*arguments):
    done = subprocess.run([pages.program(), *map(str, arguments)], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def write(path, columns):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(columns)
        out.writerows(zip(*columns.values()))


def cells(path):
    """A file's columns as texts."""
    with open(path, newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    return dict(zip(names, zip(*rows)))


def same(theirs, ours):
    """Whether a cell of a file says a value."""
    if is_missing(ours):
        return theirs == ""
    if isinstance(ours, (bool, str)) or not hasattr(ours, "__float__"):
        return theirs.lower() == str(ours).removesuffix(" 00:00:00").lower()
    return float(theirs) == float(ours)


def assert_same(path, table):
    found = cells(path)
    assert list(found) == list(table)
    for name, column in found.items():
        assert len(column) == len(table[name])
        assert all(map(same, column, table[name])), name


@pytest.mark.parametrize(
    ("method", "generator"),
    [
        ("forest", lookalike.Forest(random_state=7)),
        ("copula", lookalike.GaussianCopula(random_state=7)),
        ("independent", lookalike.Independent(random_state=7)),
        ("vae", lookalike.VAE(epochs=2, random_state=7)),
    ],
)
def test_models_and_samples(tmp_path, method, generator):
    file, theirs, ours, drawn = (tmp_path / name for name in ("people.csv", "theirs.model", "ours.model", "drawn.csv"))
    write(file, people())
    epochs = ["--epochs", 2] if method == "vae" else []
    run("fit", file, "--method", method, "--seed", 7, *epochs, "-o", theirs)
    generator.fit(file).save(ours)
    assert ours.read_bytes() == theirs.read_bytes()
    run("sample", theirs, "-n", 250, "--seed", 8, "-o", drawn)
    table = generator.sample(250, random_state=8)
    assert_same(drawn, {name: list(table[name]) for name in list(table)})


def uneven(n=300):
    """Numbers of as many digits as there are, so that none is rounded in the program, and a rare class."""
    X = {"size": [math.sin(i * 37 % 101) for i in range(n)], "weight": [math.exp(i * 13 % 29 / 7) + i / 999 for i in range(n)]}
    return X, ["rare" if i % 6 == 0 else "usual" for i in range(n)]


@pytest.mark.parametrize(
    ("method", "sampler", "rows"),
    [
        ("random", over_sampling.RandomOverSampler(random_state=3), lopsided),
        ("random-under", under_sampling.RandomUnderSampler(random_state=3), lopsided),
        ("tomek", under_sampling.TomekLinks(), uneven),
        ("smote", over_sampling.SMOTE(random_state=3), uneven),
        ("borderline-smote", over_sampling.BorderlineSMOTE(random_state=3), uneven),
        ("adasyn", over_sampling.ADASYN(random_state=3), uneven),
    ],
)
def test_balanced_tables(tmp_path, method, sampler, rows):
    """In the units of the columns and without rounding, which is what imbalanced-learn's users expect and so the usual here."""
    X, y = rows()
    file, out = tmp_path / "all.csv", tmp_path / "balanced.csv"
    write(file, {**X, "kind": y})
    as_here = [] if "random" in method else ["--raw-units", "--textbook"]
    run("rebalance", file, "--target", "kind", "--method", method, *as_here, "--seed", 3, "-o", out)
    X_new, y_new = sampler.fit_resample(X, y)
    assert_same(out, {**X_new, "kind": y_new})
