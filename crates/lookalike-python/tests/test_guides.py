"""The guides and READMEs show what their code prints.

`RENEW=1 pytest crates/lookalike-python/tests/test_guides.py` writes what it prints into the pages; read the difference.
"""

import importlib
import os
import warnings

import pytest

import lookalike
import pages

for needed in ("pandas", "polars", "sklearn", "imblearn"):
    pytest.importorskip(needed)

#: Modules that do not exist yet: pages are followed up to the first block that needs one of them.
BEING_BUILT = {"lookalike.over_sampling", "lookalike.under_sampling", "lookalike.combine"}

READMES = [pages.ROOT / "README.md", pages.ROOT / "crates" / "lookalike-python" / "README.md"]
GUIDES = sorted((pages.ROOT / "docs" / "guide").glob("*.md"))
FRONT = pages.ROOT / "docs" / "index.md"
FOLLOWED = [page for page in [*READMES, FRONT, *GUIDES] if "```python\n" in page.read_text(encoding="utf-8")]


def is_missing(module):
    try:
        importlib.import_module(module)
    except ImportError:
        return True
    return False


def missing(code):
    return {one for one in pages.modules(code) if is_missing(one)} & BEING_BUILT


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: str(page.relative_to(pages.ROOT)))
def test_pages_show_what_their_code_prints(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    namespace = {"__name__": "__main__"}
    outputs, gone = [], set()
    for block in pages.blocks(text):
        gone |= missing(block.code)
        if gone:
            break
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", lookalike.LookalikeWarning)
            outputs.append(pages.run(block, page, namespace))
        if not os.environ.get("RENEW"):
            assert outputs[-1] == block.shown, f"the block on line {block.line} of {page.name} prints something else"
    if os.environ.get("RENEW"):
        page.write_text(pages.renewed(text, outputs), encoding="utf-8")
    if gone:
        pytest.skip(f"from line {block.line} on it needs {', '.join(sorted(gone))}, which does not exist yet")


def test_what_is_being_built_is_still_missing():
    assert not [one for one in BEING_BUILT if not is_missing(one)], "take these out of BEING_BUILT: their pages can be followed"


def test_every_guide_shows_code():
    without = {page.name for page in GUIDES if page not in FOLLOWED}
    assert without == {"command-line.md"}


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_blocks_are_found(page):
    """No block of Python is skipped because it is written in another way."""
    text = page.read_text(encoding="utf-8")
    assert text.count("```python") == text.count("```py") == len(pages.blocks(text))
