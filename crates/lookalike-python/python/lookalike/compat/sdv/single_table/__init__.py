"""Synthesizers of one table, by SDV's names; and `ForestSynthesizer`, which SDV does not have.

>>> import pandas as pd
>>> from lookalike.compat.sdv.metadata import SingleTableMetadata
>>> from lookalike.compat.sdv.sampling import Condition
>>> from lookalike.compat.sdv.single_table import ForestSynthesizer
>>> towns = ["Aachen", "Bonn"]
>>> table = pd.DataFrame({"age": [20 + i % 50 for i in range(400)], "town": [towns[i % 50 // 25] for i in range(400)]})
>>> metadata = SingleTableMetadata()
>>> metadata.detect_from_dataframe(table)
>>> synthesizer = ForestSynthesizer(metadata)
>>> synthesizer.fit(table)
>>> set(synthesizer.sample_from_conditions([Condition({"town": "Bonn"}, num_rows=20)])["town"])
{'Bonn'}
"""

from lookalike.compat.sdv.single_table.base import BaseSingleTableSynthesizer
from lookalike.compat.sdv.single_table._synthesizers import (
    CopulaGANSynthesizer,
    CTGANSynthesizer,
    ForestSynthesizer,
    GaussianCopulaSynthesizer,
    TVAESynthesizer,
)

__all__ = [
    "BaseSingleTableSynthesizer",
    "CTGANSynthesizer",
    "CopulaGANSynthesizer",
    "ForestSynthesizer",
    "GaussianCopulaSynthesizer",
    "TVAESynthesizer",
]


def __getattr__(name: str):
    if name in ("DayZSynthesizer", "BootstrapSynthesizer", "SegmentSynthesizer", "XGCSynthesizer"):
        raise ImportError(f"{name} is not there; lookalike's own synthesizer for most tables is ForestSynthesizer")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
