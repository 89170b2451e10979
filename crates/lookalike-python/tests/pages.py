"""Markdown pages whose Python code is run: all ```python blocks of a page in one namespace, in their order.

What a block prints, and the value of its last line where that is an expression, has to be what the ```text block right
after it shows. A block without one may print nothing.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

_BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<shown>.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def program() -> str | None:
    """The program that cargo has built last, or the one that LOOKALIKE names."""
    if named := os.environ.get("LOOKALIKE"):
        return named
    built = [ROOT / "target" / kind / "lookalike" for kind in ("release", "debug")]
    found = [one for one in built if one.is_file()]
    return str(max(found, key=lambda one: one.stat().st_mtime)) if found else None


@dataclass
class Block:
    """A piece of code, the line of the page on which it begins, and the output that the page shows of it."""

    code: str
    line: int
    shown: str
    span: tuple[int, int]


def blocks(text: str) -> list[Block]:
    return [
        Block(one["code"], text.count("\n", 0, one.start("code")), one["shown"] or "", one.span())
        for one in _BLOCK.finditer(text)
    ]


def run(block: Block, page: Path, namespace: dict) -> str:
    """Run a block; what it prints, as an interactive Python would."""
    tree = ast.parse(block.code)
    ast.increment_lineno(tree, block.line)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, str(page), "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), str(page), "eval"), namespace)
            if value is not None:
                print(repr(value))
    return "".join(line.rstrip() + "\n" for line in printed.getvalue().rstrip().splitlines())


def renewed(text: str, outputs: list[str]) -> str:
    """The page with what its blocks really print."""
    for block, output in reversed(list(zip(blocks(text), outputs))):
        shown = f"\n```text\n{output}```\n" if output else ""
        start, end = block.span
        text = f"{text[:start]}```python\n{block.code}```\n{shown}{text[end:]}"
    return text
