"""The generator underneath a synthesizer."""

from __future__ import annotations

import json
from typing import Any

from lookalike import _native
from lookalike._base import Generator


class Engine(Generator):
    """A generator of a method by its name, with options as the library spells them."""

    target = unit = columns = None
    verbose: bool | None = None
    condition_on = keep_format = consistent = ()
    protect = 5
    # SDV's metadata hold the constraints too.
    constraints = ()

    def __init__(
        self,
        *,
        method: str,
        options: Any = None,
        names: Any = None,
        locale: str | None = None,
        schema: Any = None,
        random_state: Any = 0,
    ) -> None:
        self.method = method
        self.options = options
        # What messages call the options.
        self.names = names
        self.locale = locale
        self.schema = schema
        self.random_state = random_state

    @property
    def _own(self) -> dict[str, str]:  # type: ignore[override]
        return self.names or {}

    @classmethod
    def _check_method(cls) -> None:
        """Each has its method."""

    def _method_json(self) -> str:
        return json.dumps({self.method: self.options or {}})

    def of(self, model: _native.Model, frame: Any) -> Engine:
        """With a model that was learned before."""
        self._adopt(model, frame)
        return self

    def given(self, rows: Any, random_state: int, start: int) -> Any:
        """Rows of which some columns are given."""
        return self.sample(like=rows, random_state=random_state, start=start)

    def to_bytes(self) -> bytes:
        """The model's file."""
        return bytes(self._fitted()[0].to_bytes())

    def training(self) -> dict[str, Any] | None:
        """How learning a network went; None where there is no network."""
        text = self._fitted()[0].training_json()
        return None if text is None else json.loads(text)
