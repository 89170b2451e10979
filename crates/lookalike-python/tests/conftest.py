"""What the tests share. Nothing here needs more than the standard library: the tests also run where no table library is."""

import importlib.util
import re

import pytest

import lookalike


def people(n=600):
    """A table of plain Python: two ties between columns, a gap, a date, several types."""
    import datetime

    first = datetime.date(2020, 1, 1)
    return {
        "age": [20 + (i * 7) % 50 for i in range(n)],
        "height": [150.0 + (i * 13) % 400 / 10 for i in range(n)],
        "member": [i % 3 == 0 for i in range(n)],
        "town": [["Aachen", "Bonn", "Celle"][(i * 7) % 50 // 17] for i in range(n)],
        "joined": [first + datetime.timedelta(days=(i * 11) % 900) for i in range(n)],
        "income": [None if i % 10 == 0 else 1000 + 50 * ((i * 7) % 50) for i in range(n)],
    }


def records(frame):
    """The rows of what `to_frame` gives, as dicts."""
    if isinstance(frame, list):
        return frame
    return frame.to_dict("records") if hasattr(frame, "iloc") else frame.to_dicts()


@pytest.fixture(scope="session")
def table():
    return people()


@pytest.fixture(scope="session")
def forest(table):
    return lookalike.Forest().fit(table)


#: What examples in docstrings may use that need not be there.
LIBRARIES = ("duckdb", "imblearn", "numpy", "pandas", "polars", "pyarrow", "scipy", "sklearn")


def pytest_collection_modifyitems(items):
    """Examples that need a library which is not here are skipped, as tests are."""
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    for item in items:
        if not isinstance(item, pytest.DoctestItem):
            continue
        code = "".join(example.source for example in item.dtest.examples)
        needed = [name for name in missing if re.search(rf"\b(import|from) {name}\b", code)]
        needed += ["pandas"] if "pandas" in missing and ".compat.sdv" in item.name else []
        if needed:
            item.add_marker(pytest.mark.skip(reason=f"{needed[0]} is not here"))
