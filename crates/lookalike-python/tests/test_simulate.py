"""Data from a schema, audits, suggestions, the demo's table."""

import pytest

import lookalike
from conftest import people, records
from lookalike._frames.cells import is_missing

SCHEMA = """
rows = 40

[columns.age]
type = "uniform-integer"
low = 18
high = 90

[columns.member]
type = "boolean"
share = 0.25
"""


def columns(table):
    return {name: list(table[name]) for name in (table.columns if hasattr(table, "columns") else table)}


def test_rows_are_drawn(tmp_path):
    rows = columns(lookalike.simulate(SCHEMA))
    assert len(rows["age"]) == 40 and min(rows["age"]) >= 18 and max(rows["age"]) <= 90
    assert columns(lookalike.simulate(SCHEMA, 10)) == {name: values[:10] for name, values in rows.items()}
    assert columns(lookalike.simulate(SCHEMA, random_state=1)) != rows
    path = tmp_path / "schema.toml"
    path.write_text(SCHEMA)
    assert columns(lookalike.simulate(path)) == rows
    marked = columns(lookalike.simulate(SCHEMA, 200, dials=["missing age 0.2"], truth="why"))
    assert sum(is_missing(value) for value in marked["age"]) > 10 and "why" in marked


def test_several_tables_come_as_a_dict():
    tables = lookalike.simulate(
        """
        [tables.guests.columns.id]
        type = "sequence"
        [tables.guests.columns.age]
        type = "uniform-integer"
        low = 18
        high = 90
        [tables.stays]
        parent = "guests"
        children = { type = "poisson", mean = 2 }
        [tables.stays.columns.guest]
        type = "parent"
        column = "id"
        """,
        30,
    )
    assert set(tables) == {"guests", "stays"}
    assert set(columns(tables["stays"])["guest"]) <= set(columns(tables["guests"])["id"])


def test_all_that_is_wrong_with_a_schema_is_told():
    with pytest.raises(lookalike.ParameterError) as caught:
        lookalike.simulate('[columns.a]\ntype = "normal"\nmeam = 3\n[columns.b]\ntype = "what"\n', 3)
    assert len(caught.value.problems) == 2 and all("line" in problem for problem in caught.value.problems)
    with pytest.raises(FileNotFoundError):
        lookalike.simulate("no such schema.toml", 3)
    with pytest.raises(lookalike.ParameterError, match="how many rows"):
        lookalike.simulate('[columns.a]\ntype = "normal"\nmean = 3\nsd = 1\n')


def test_a_table_gives_a_schema_that_makes_its_like():
    schema = lookalike.emit_schema(people(300))
    rows = columns(lookalike.simulate(schema, 50))
    assert set(rows) == set(people(1))


def test_constraints_are_suggested():
    table = {"low": [i * 37 % 100 for i in range(500)], "high": [i * 37 % 100 + i % 7 for i in range(500)]}
    assert lookalike.suggest_constraints(table) == ["low <= high"]


def test_audits_tell_what_they_found():
    table = {"age": [20 + i % 50 for i in range(300)], "town": ["ABC"[i % 3] for i in range(300)]}
    found = lookalike.audit(lookalike.Independent(), table, refits=16, targets=4)
    assert not found.beyond_chance
    assert found.to_dict()["refits"] == 16 and "no sign" in repr(found)
    rows = records(found.to_frame())
    assert rows[-1]["kind"] == "all" and len(rows) == len(found.findings)
    for row, finding in zip(rows, found.findings):
        assert row["auc_low"] <= row["auc"] <= row["auc_high"] and row["p_value"] == finding["p_value"]
        for rate in finding["rates"]:
            assert row[f"tpr_at_{rate['aimed_at']}_high"] == rate["tpr"]["high"]
            assert row[f"epsilon_at_least_at_{rate['aimed_at']}"] == rate["epsilon_at_least"]
    with pytest.raises(lookalike.ParameterError, match="multiple of 4"):
        lookalike.audit(lookalike.Independent(), table, refits=17)
    with pytest.raises(lookalike.ParameterError, match="generator"):
        lookalike.audit("forest", table)


def test_the_demo_table_is_whole():
    table = columns(lookalike.demo_table())
    assert len(table) == 15 and len(table["age"]) == 48842
