"""The guide to the command line shows what the program prints.

Needs the program that cargo has built, or the one that LOOKALIKE names. `RENEW=1` writes what it prints into the page.
"""

import os
import re
import shlex
import subprocess

import pytest

import pages

PAGE = pages.ROOT / "docs" / "guide" / "command-line.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(pages.program() is None, reason="the program has not been built")
def test_the_guide_shows_what_the_program_prints(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    schema = re.search(r"^```toml\n(.*?)^```\n", text, re.MULTILINE | re.DOTALL)[1]
    (tmp_path / "stays.toml").write_text(schema, encoding="utf-8")

    def run(block):
        shown = []
        for command in (line[2:] for line in block[1].splitlines() if line.startswith("$ ")):
            name, *arguments = shlex.split(command)
            assert name == "lookalike"
            done = subprocess.run(
                [pages.program(), *arguments],
                cwd=tmp_path,
                env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
            )
            assert done.returncode == 0, done.stdout
            shown += [f"$ {command}", *(line.rstrip() for line in done.stdout.splitlines())]
        return "```console\n" + "\n".join(shown) + "\n```\n"

    renewed = CONSOLE.sub(run, text)
    if os.environ.get("RENEW"):
        PAGE.write_text(renewed, encoding="utf-8")
    else:
        assert renewed == text


def test_the_guide_has_commands():
    """What is skipped above where the program is missing is at least there."""
    commands = [
        line
        for block in CONSOLE.findall(PAGE.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line.startswith("$ ")
    ]
    assert len(commands) >= 6
