"""Learn real data, and make synthetic data that can stand in for it.

>>> import lookalike
>>> real = {"age": [20 + i % 50 for i in range(500)], "member": ["yes" if i % 3 else "no" for i in range(500)]}
>>> model = lookalike.Forest().fit(real)
>>> synthetic = model.sample(100)
>>> sorted(synthetic), len(synthetic["age"])
(['age', 'member'], 100)
"""

import importlib
from typing import TYPE_CHECKING, Any

from lookalike._audit import Audit, audit
from lookalike._auto import Auto
from lookalike._base import Generator
from lookalike._evaluation import Evaluation, evaluate
from lookalike._generators import CTGAN, GAN, TVAE, VAE, Autoregressive, Forest, GaussianCopula, Independent
from lookalike._load import load
from lookalike._native import __version__
from lookalike._simulate import demo_table, emit_schema, simulate, suggest_constraints
from lookalike._split import split
from lookalike._threads import set_threads
from lookalike.exceptions import (
    DataError,
    GateError,
    LookalikeError,
    LookalikeWarning,
    ModelFileError,
    NotFittedError,
    ParameterError,
)

__all__ = [
    "CTGAN",
    "GAN",
    "TVAE",
    "VAE",
    "Audit",
    "Auto",
    "Autoregressive",
    "DataError",
    "Evaluation",
    "Forest",
    "GateError",
    "GaussianCopula",
    "Generator",
    "Independent",
    "LookalikeError",
    "LookalikeWarning",
    "ModelFileError",
    "NotFittedError",
    "ParameterError",
    "__version__",
    "audit",
    "demo_table",
    "emit_schema",
    "evaluate",
    "load",
    "set_threads",
    "simulate",
    "split",
    "suggest_constraints",
]

#: Modules that are loaded when they are asked for: what they need takes a while, and may not be there.
_MODULES = ("combine", "compat", "images", "over_sampling", "under_sampling")

if TYPE_CHECKING:
    from lookalike import combine as combine
    from lookalike import compat as compat
    from lookalike import images as images
    from lookalike import over_sampling as over_sampling
    from lookalike import under_sampling as under_sampling
else:

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            return importlib.import_module(f"lookalike.{name}")
        raise AttributeError(f"module 'lookalike' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_MODULES, "exceptions"])
