"""The reference of the documentation leaves no public name out."""

import re

import lookalike
import pages

INDEX = pages.ROOT / "docs" / "python" / "index.md"


def listed():
    """Names that stand in lists of autosummary, a line each."""
    return re.findall(r"^   (\w+)$", INDEX.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_public_name_has_a_page():
    # What can go wrong has the page of its module.
    elsewhere = {"__version__", *lookalike.exceptions.__all__}
    assert sorted(listed()) == sorted(set(lookalike.__all__) - elsewhere)


def test_every_public_name_is_described():
    bare = [name for name in listed() if not (getattr(lookalike, name).__doc__ or "").strip()]
    assert not bare
