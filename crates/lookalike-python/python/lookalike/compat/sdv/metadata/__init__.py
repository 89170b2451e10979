"""What the columns of tables mean: `Metadata` and `SingleTableMetadata` as SDV has them.

>>> import pandas as pd
>>> from lookalike.compat.sdv.metadata import Metadata
>>> table = pd.DataFrame({"age": [20 + i % 50 for i in range(200)], "member": [i % 3 == 0 for i in range(200)]})
>>> metadata = Metadata.detect_from_dataframe(table, table_name="people")
>>> metadata.get_column_names(sdtype="boolean")
['member']
"""

from lookalike.compat.sdv.metadata._many import Metadata
from lookalike.compat.sdv.metadata._one import SingleTableMetadata

__all__ = ["Metadata", "SingleTableMetadata"]


def __getattr__(name: str):
    if name == "MultiTableMetadata":
        raise ImportError(
            "MultiTableMetadata is not there: Metadata reads its files, and describes any number of tables"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
