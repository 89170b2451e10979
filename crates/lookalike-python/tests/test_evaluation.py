"""Judging."""

import json

import pytest

import lookalike
from conftest import people, records
from lookalike import GateError, evaluate, split


@pytest.fixture(scope="module")
def judged():
    train, holdout = split(people(900), random_state=1)
    synthetic = lookalike.Forest().fit(train).sample()
    return evaluate(train, synthetic, holdout=holdout, target="town")


def test_scores_are_found(judged):
    assert 0.8 < judged["shape"] <= 1.0
    assert judged.scores.keys() >= {"shape", "trend"}
    with pytest.raises(KeyError, match="there are"):
        judged["beauty"]
    assert json.loads(judged.to_json()) == judged.to_dict()
    assert "shape=" in repr(judged)


def test_it_goes_by_the_names_of_scores(judged):
    assert "shape" in judged and "beauty" not in judged and 0 not in judged
    assert list(judged) == judged.keys() == list(judged.scores) and len(judged) == len(judged.scores)
    assert dict(judged) == judged.scores


def test_single_columns_and_tables_need_no_list():
    real, synthetic = people(300), people(300)
    shared = {"target": "town", "scores": ["c2st", "shape"]}
    one = evaluate(real, synthetic, keys="age", further=synthetic, sensitive="member", **shared)
    many = evaluate(real, synthetic, keys=["age"], further=[synthetic], sensitive=["member"], **shared)
    assert one.to_dict()["metrics"] == many.to_dict()["metrics"]
    drawn = evaluate(real, synthetic, further=iter([synthetic]), scores=["shape"])
    assert drawn["shape"] == 1.0


def test_the_report_is_shown(tmp_path, judged):
    judged.report(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert judged._repr_html_().startswith("<iframe srcdoc=")


def test_gates_are_checked(judged):
    assert judged.check(min={"shape": 0.5}) is judged
    assert judged.gates[0]["passed"]
    with pytest.raises(GateError) as caught:
        judged.check(min={"shape": 1.0, "trend": 1.0})
    assert len(caught.value.problems) == 2
    assert isinstance(caught.value, AssertionError)
    with pytest.raises(lookalike.ParameterError, match="beauty"):
        judged.check(min={"beauty": 1.0})


def test_scores_become_a_frame(judged):
    rows = records(judged.to_frame())
    assert {row["score"] for row in rows} == set(judged.scores)


def test_columns_that_differ_are_warned_of():
    real = people(200)
    other = {name: values for name, values in real.items() if name != "town"}
    with pytest.warns(lookalike.LookalikeWarning, match="town"):
        found = evaluate(real, other, scores=["shape"])
    assert found["shape"] < 1.0


def test_rows_are_divided():
    table = people(100)
    train, holdout = split(table, holdout=0.3)
    assert (len(train["age"]), len(holdout["age"])) == (70, 30)
    grouped = split(table, by="town", random_state=2)
    assert not set(grouped[0]["town"]) & set(grouped[1]["town"])
    with pytest.raises(lookalike.LookalikeError):
        split(table, holdout=1.5)
    with pytest.raises(lookalike.ParameterError, match="twon"):
        split(table, by="twon")
