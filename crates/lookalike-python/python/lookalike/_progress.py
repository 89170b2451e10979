"""How far long work is, for whoever watches a terminal or a notebook."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

logger = logging.getLogger("lookalike")
logger.addHandler(logging.NullHandler())

#: Work that is done sooner needs no bar.
PATIENCE = 2.0
WIDTH = 24

Listener = Callable[[str, int, "int | None"], None]


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell"


class Bar:
    """Redraws one line."""

    def __init__(self, always: bool) -> None:
        self._stream = sys.stdout if _in_notebook() else sys.stderr
        self._begun = time.monotonic()
        self._always = always
        self._phase: str | None = None
        self._phase_begun = self._begun
        self._drawn = 0

    def __call__(self, name: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if name != self._phase:
            self._phase, self._phase_begun = name, now
            logger.debug("%s", name)
        if not self._always and now - self._begun < PATIENCE:
            return
        spent = now - self._phase_begun
        if total:
            share = min(done / total, 1.0)
            filled = "=" * round(WIDTH * share)
            left = f"{spent / share - spent:.0f} s left" if share > 0.02 else ""
            line = f"{name:<28} {filled:<{WIDTH}} {share:4.0%}  {left}"
        else:
            line = f"{name:<28} {spent:.0f} s"
        self._draw(line)

    def _draw(self, line: str) -> None:
        if self._stream is None:
            return
        self._stream.write("\r" + line.ljust(self._drawn))
        self._stream.flush()
        self._drawn = len(line)

    def clear(self) -> None:
        if self._drawn:
            self._draw("")
            self._stream.write("\r")
            self._stream.flush()


class Log:
    """Tells phases to `logging` only."""

    def __init__(self) -> None:
        self._phase: str | None = None

    def __call__(self, name: str, done: int, total: int | None) -> None:
        if name != self._phase:
            self._phase = name
            logger.debug("%s", name)


@contextmanager
def progress(verbose: bool | None) -> Iterator[Listener | None]:
    """What long work reports to: a bar if `verbose`, or if it is None and somebody watches work of more than two seconds."""
    watched = _in_notebook() or (sys.stderr is not None and sys.stderr.isatty())
    if verbose or (verbose is None and watched):
        bar = Bar(always=bool(verbose))
        try:
            yield bar
        finally:
            bar.clear()
    elif logger.isEnabledFor(logging.DEBUG):
        yield Log()
    else:
        yield None
