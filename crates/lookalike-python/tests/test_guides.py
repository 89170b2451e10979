"""The guides and READMEs show what their code prints.

`RENEW=1 pytest crates/lookalike-python/tests/test_guides.py` writes what it prints into the pages; read the difference.
"""

import os
import warnings

import pytest

import lookalike
import pages

for needed in ("pandas", "polars", "sklearn", "imblearn"):
    pytest.importorskip(needed)

READMES = [pages.ROOT / "README.md", pages.ROOT / "crates" / "lookalike-python" / "README.md"]
GUIDES = sorted((pages.ROOT / "docs" / "guide").glob("*.md"))
FRONT = pages.ROOT / "docs" / "index.md"
COMING = sorted((pages.ROOT / "docs").glob("coming-from-*.md"))
FOLLOWED = [page for page in [*READMES, FRONT, *GUIDES, *COMING] if "```python\n" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: str(page.relative_to(pages.ROOT)))
def test_pages_show_what_their_code_prints(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    namespace = {"__name__": "__main__"}
    outputs = []
    for block in pages.blocks(text):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", lookalike.LookalikeWarning)
            outputs.append(pages.run(block, page, namespace))
        if not os.environ.get("RENEW"):
            assert outputs[-1] == block.shown, f"the block on line {block.line} of {page.name} prints something else"
    if os.environ.get("RENEW"):
        page.write_text(pages.renewed(text, outputs), encoding="utf-8")


def test_every_guide_shows_code():
    without = {page.name for page in GUIDES if page not in FOLLOWED}
    assert without == {"command-line.md"}


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_blocks_are_found(page):
    """No block of Python is skipped because it is written in another way."""
    text = page.read_text(encoding="utf-8")
    assert text.count("```python") == text.count("```py") == len(pages.blocks(text))
