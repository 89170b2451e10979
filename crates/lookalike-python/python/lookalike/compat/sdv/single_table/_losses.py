"""How learning a network went, as SDV's tables and charts tell it."""

from __future__ import annotations

from typing import Any

from lookalike.compat.sdv.errors import UnfittedError
from lookalike.compat.sdv._figure import Figure, lines
from lookalike.compat.sdv.single_table.base import BaseSingleTableSynthesizer


class HasLosses(BaseSingleTableSynthesizer):
    """For synthesizers that learn in epochs."""

    def get_loss_values(self) -> Any:
        """The losses of each epoch.

        Returns
        -------
        pandas.DataFrame
            `Epoch` from 0, and for the adversarial networks `Generator Loss` and `Discriminator Loss`, for autoencoders
            `Batch` and `Loss`, the mean of the epoch.
        """
        import pandas as pd

        if self._engine is None:
            raise UnfittedError("there are no losses yet: call fit first")
        losses = dict((self._engine.training() or {"losses": []})["losses"])
        if "generator" in losses:
            told = {"Generator Loss": losses["generator"], "Discriminator Loss": losses["critic"]}
        else:
            parts = list(losses.values())
            sums = [sum(one) for one in zip(*parts)]
            told = {"Batch": [0] * len(sums), "Loss": sums}
        count = len(next(iter(told.values())))
        return pd.DataFrame({"Epoch": range(count), **told})

    def get_loss_values_plot(self, title: str = "Loss by epoch") -> Figure:
        """The losses as a chart. It is no figure of plotly."""
        table = self.get_loss_values()
        curves = {
            name: list(zip(table["Epoch"], table[name])) for name in table.columns if name not in ("Epoch", "Batch")
        }
        return lines(title, "Epoch", "Loss", curves)
