"""SciPy's sparse matrices."""

from __future__ import annotations

from typing import Any

from scipy import sparse

from lookalike import _native
from lookalike._rows.numpy import ArrayRows
from lookalike.exceptions import DataError

#: Cells of a matrix that is made dense: 4 GiB of doubles.
MOST_CELLS = 2**29


class SparseRows:
    """Of a sparse matrix. Distances need all cells, so it is made dense while rows are made of it."""

    names: list[str] | None = None

    def __init__(self, data: Any) -> None:
        self._data = data if data.format in ("csr", "csc") else data.tocsr()
        self._dense: ArrayRows | None = None
        self.n_rows, self.n_columns = data.shape

    def categories(self) -> list[int]:
        return []

    def _filled(self) -> ArrayRows:
        cells = self.n_rows * self.n_columns
        if cells > MOST_CELLS:
            raise DataError(
                f"a sparse matrix of {self.n_rows} rows and {self.n_columns} columns takes {cells * 8 / 2**30:.0f} GiB when its "
                "zeros are written out, which distances need: choose columns, or reduce them (sklearn.decomposition.TruncatedSVD), "
                "or use RandomOverSampler or RandomUnderSampler"
            )
        self._dense = ArrayRows(self._data.toarray())
        return self._dense

    def columns(self, names: list[str], levels: frozenset[int]) -> list[tuple[tuple, str]]:
        return self._filled().columns(names, levels)

    def natural(self) -> list[tuple]:
        return self._filled().natural()

    def grown(self, rows: Any, new: _native.Table | None) -> Any:
        kept = self._data[rows]
        if new is None or self._dense is None:
            return kept
        made = type(self._data)(self._dense.made(new))
        # Older versions of SciPy make matrices of arrays.
        return type(self._data)(sparse.vstack([kept, made], format=self._data.format, dtype=self._data.dtype))
