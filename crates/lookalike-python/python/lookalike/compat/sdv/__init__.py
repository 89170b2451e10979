"""SDV's calls, with this library underneath: put `lookalike.compat.sdv` where a notebook for SDV 1.x or 2.0 has `sdv`.

What maps to what, what differs and what is not there: `docs/coming-from-sdv.md`. Only the names, parameters and formats
that SDV documents are shared with it, no code.

>>> import pandas as pd
>>> from lookalike.compat.sdv.metadata import Metadata
>>> from lookalike.compat.sdv.single_table import GaussianCopulaSynthesizer
>>> table = pd.DataFrame({"age": [20 + i % 50 for i in range(400)], "member": [i % 3 == 0 for i in range(400)]})
>>> synthesizer = GaussianCopulaSynthesizer(Metadata.detect_from_dataframe(table))
>>> synthesizer.fit(table)
>>> synthesizer.sample(num_rows=10).shape
(10, 2)
"""

from __future__ import annotations

import importlib
from typing import Any

#: The modules that `import lookalike.compat.sdv as sdv` makes reachable.
_MODULES = (
    "cag",
    "constraints",
    "datasets",
    "errors",
    "evaluation",
    "io",
    "lite",
    "metadata",
    "multi_table",
    "sampling",
    "sequential",
    "single_table",
    "utils",
)
#: Names that can be taken from here as well, which SDV does not have: where they stand.
_NAMES = {
    "CTGANSynthesizer": "single_table",
    "Condition": "sampling",
    "CopulaGANSynthesizer": "single_table",
    "DataFrameCondition": "sampling",
    "ForestSynthesizer": "single_table",
    "GaussianCopulaSynthesizer": "single_table",
    "Metadata": "metadata",
    "SingleTableMetadata": "metadata",
    "TVAESynthesizer": "single_table",
    "evaluate_quality": "evaluation",
    "run_diagnostic": "evaluation",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _NAMES:
        return getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
    if name == "__version__":
        from lookalike import __version__

        return __version__
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
