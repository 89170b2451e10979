"""The synthesizers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from lookalike.compat.sdv.errors import UnfittedError
from lookalike.compat.sdv.metadata._spec import BASIC
from lookalike.compat.sdv.single_table.base import BaseSingleTableSynthesizer, _warn
from lookalike.compat.sdv.single_table._losses import HasLosses

#: Why parameters of every synthesizer are not used.
_ALWAYS = {
    "enforce_min_max_values": (True, "no value lies beyond those that were learned from"),
    "enforce_rounding": (True, "values are written with as many places as those that were learned from"),
}
_ADVERSARIAL: dict[str, tuple[Any, str]] = {
    "embedding_dim": (128, "latent"),
    "generator_dim": ((256, 256), "hidden"),
    "discriminator_dim": ((256, 256), "critic"),
    "generator_lr": (2e-4, "rate"),
    "batch_size": (500, "batch"),
    "epochs": (300, "epochs"),
    "pac": (10, "pac"),
}
_ONE_RATE = "one rate goes for both networks, generator_lr"
_DECAY = "weights are not decayed"
_ADVERSARIAL_IDLE: dict[str, tuple[Any, str]] = {
    **_ALWAYS,
    "generator_decay": (1e-6, _DECAY),
    "discriminator_lr": (2e-4, _ONE_RATE),
    "discriminator_decay": (1e-6, _DECAY),
    "discriminator_steps": (1, "the networks take turns, a step each"),
    "log_frequency": (True, "levels are drawn as the rows that are looked at have them"),
}
_MARGINS = "columns are learned as they are spread, whatever the distribution"
#: The names of distributions that SDV knows.
DISTRIBUTIONS = ("norm", "beta", "truncnorm", "uniform", "gamma", "gaussian_kde")


#: What SDV means by None.
_NONE = {"numerical_distributions": {}, "default_distribution": "beta"}


def _given(own: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that `__init__` was given."""
    given = {name: value for name, value in own.items() if name not in ("self", "metadata", "random_state", "cuda")}
    if own.get("cuda") is not None:
        # The older name.
        given["enable_gpu"] = own["cuda"]
    return {name: _NONE.get(name) if value is None else value for name, value in given.items()}


class _HasDistributions(BaseSingleTableSynthesizer):
    """For synthesizers of which one says the distributions of columns."""

    def _problems(self) -> list[str]:
        problems = super()._problems()
        named = dict(self._parameters["numerical_distributions"])
        problems += [
            f"numerical_distributions: there is no column {one!r}" for one in named if one not in self._table.columns
        ]
        if any(one not in DISTRIBUTIONS for one in (*named.values(), self._parameters["default_distribution"])):
            problems.append(f"there is no such distribution; there are {', '.join(DISTRIBUTIONS)}")
        return problems

    def get_learned_distributions(self) -> dict[str, dict[str, Any]]:
        """The distribution of each column that is learned: as the column is spread, without parameters."""
        if self._engine is None:
            raise UnfittedError("there are no distributions yet: call fit first")
        _warn("columns are learned as they are spread, which no distribution with a name and parameters tells")
        return {
            name: {"distribution": "empirical", "learned_parameters": {}}
            for name, entry in self._table.columns.items()
            if entry["sdtype"] in BASIC and entry["sdtype"] != "id"
        }


class GaussianCopulaSynthesizer(_HasDistributions):
    """A Gaussian copula over columns that are learned as they are spread.

    Parameters
    ----------
    metadata : Metadata or SingleTableMetadata
        What the table's columns mean.
    enforce_min_max_values, enforce_rounding : bool, default True
        Always done: False is warned of.
    locales : list of str, default ['en_US']
        Where stand-ins for personal data come from; guessed from the rows if it is the default.
    numerical_distributions : dict, optional
        Accepted, and warned of: columns are learned as they are spread.
    default_distribution : str, optional
        The same.
    random_state : int, default 0
        The seed of learning and drawing, which SDV does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> from lookalike.compat.sdv.metadata import Metadata
    >>> from lookalike.compat.sdv.single_table import GaussianCopulaSynthesizer
    >>> table = pd.DataFrame({"age": [20 + i % 50 for i in range(400)], "member": [i % 3 == 0 for i in range(400)]})
    >>> synthesizer = GaussianCopulaSynthesizer(Metadata.detect_from_dataframe(table))
    >>> synthesizer.fit(table)
    >>> synthesizer.sample(num_rows=5).dtypes.astype(str).to_dict()
    {'age': 'int64', 'member': 'bool'}
    """

    _method = "copula"
    _idle: ClassVar = {
        **_ALWAYS,
        "numerical_distributions": ({}, _MARGINS),
        "default_distribution": ("beta", _MARGINS),
    }

    def __init__(
        self,
        metadata: Any,
        enforce_min_max_values: bool = True,
        enforce_rounding: bool = True,
        locales: Sequence[str] | None = ["en_US"],  # noqa: B006
        numerical_distributions: Mapping[str, str] | None = None,
        default_distribution: str | None = None,
        *,
        random_state: int = 0,
    ) -> None:
        self._set_up(metadata, random_state, _given(locals()))


class CTGANSynthesizer(HasLosses):
    """Conditional generative adversarial networks (Xu et al. 2019).

    A parameter that stands at SDV's default is left to lookalike, whose networks and pace are better tried
    (`docs/methods/ctgan.md`); one that says something else is used as it is.

    Parameters
    ----------
    metadata : Metadata or SingleTableMetadata
        What the table's columns mean.
    enforce_min_max_values, enforce_rounding : bool, default True
        Always done: False is warned of.
    locales : list of str, default ['en_US']
        Where stand-ins for personal data come from; guessed from the rows if it is the default.
    embedding_dim : int, default 128
        Numbers of noise per row.
    generator_dim, discriminator_dim : tuple of int, default (256, 256)
        Units of hidden layers.
    generator_lr : float, default 2e-4
        The length of both networks' steps.
    generator_decay, discriminator_lr, discriminator_decay, discriminator_steps, log_frequency
        Accepted, and warned of where they are not SDV's defaults.
    batch_size : int, default 500
        Rows in a batch.
    verbose : bool, default False
        Show how far learning is.
    epochs : int, default 300
        How often every row is seen.
    pac : int, default 10
        How many rows the critic sees at once.
    cuda, enable_gpu : bool, default True
        Without meaning: processors are used.
    random_state : int, default 0
        The seed of learning and drawing, which SDV does not have.
    """

    _method = "ctgan"
    _own: ClassVar = _ADVERSARIAL
    _idle: ClassVar = _ADVERSARIAL_IDLE

    def __init__(
        self,
        metadata: Any,
        enforce_min_max_values: bool = True,
        enforce_rounding: bool = True,
        locales: Sequence[str] | None = ["en_US"],  # noqa: B006
        embedding_dim: int = 128,
        generator_dim: Sequence[int] = (256, 256),
        discriminator_dim: Sequence[int] = (256, 256),
        generator_lr: float = 2e-4,
        generator_decay: float = 1e-6,
        discriminator_lr: float = 2e-4,
        discriminator_decay: float = 1e-6,
        batch_size: int = 500,
        discriminator_steps: int = 1,
        log_frequency: bool = True,
        verbose: bool = False,
        epochs: int = 300,
        pac: int = 10,
        enable_gpu: bool = True,
        cuda: bool | str | None = None,
        *,
        random_state: int = 0,
    ) -> None:
        self._set_up(metadata, random_state, _given(locals()))


class CopulaGANSynthesizer(HasLosses, _HasDistributions):
    """CTGAN over numbers that are brought to a normal distribution by their ranks, which lookalike's CTGAN does anyway.

    Parameters
    ----------
    metadata, enforce_min_max_values, enforce_rounding, locales, random_state
        As in `CTGANSynthesizer`, and all of its others.
    numerical_distributions, default_distribution
        Accepted, and warned of, as in `GaussianCopulaSynthesizer`.
    """

    _method = "ctgan"
    _own: ClassVar = _ADVERSARIAL
    _idle: ClassVar = {
        **_ADVERSARIAL_IDLE,
        "numerical_distributions": ({}, _MARGINS),
        "default_distribution": ("beta", _MARGINS),
    }

    def __init__(
        self,
        metadata: Any,
        enforce_min_max_values: bool = True,
        enforce_rounding: bool = True,
        locales: Sequence[str] | None = ["en_US"],  # noqa: B006
        embedding_dim: int = 128,
        generator_dim: Sequence[int] = (256, 256),
        discriminator_dim: Sequence[int] = (256, 256),
        generator_lr: float = 2e-4,
        generator_decay: float = 1e-6,
        discriminator_lr: float = 2e-4,
        discriminator_decay: float = 1e-6,
        batch_size: int = 500,
        discriminator_steps: int = 1,
        log_frequency: bool = True,
        verbose: bool = False,
        epochs: int = 300,
        pac: int = 10,
        enable_gpu: bool = True,
        cuda: bool | str | None = None,
        numerical_distributions: Mapping[str, str] | None = None,
        default_distribution: str | None = None,
        *,
        random_state: int = 0,
    ) -> None:
        self._set_up(metadata, random_state, _given(locals()))


class TVAESynthesizer(HasLosses):
    """A variational autoencoder for tables (Xu et al. 2019).

    A parameter that stands at SDV's default is left to lookalike (`docs/methods/tvae.md`); one that says something else
    is used as it is.

    Parameters
    ----------
    metadata : Metadata or SingleTableMetadata
        What the table's columns mean.
    enforce_min_max_values, enforce_rounding : bool, default True
        Always done: False is warned of.
    embedding_dim : int, default 128
        Numbers between encoder and decoder.
    compress_dims : tuple of int, default (128, 128)
        Units of the encoder's hidden layers: those of the decoder in reverse, whatever is said.
    decompress_dims : tuple of int, default (128, 128)
        Units of the decoder's hidden layers.
    l2scale : float, default 1e-5
        Accepted, and warned of where it is not SDV's default.
    batch_size : int, default 500
        Rows in a batch.
    verbose : bool, default False
        Show how far learning is.
    epochs : int, default 300
        How often every row is seen at most.
    loss_factor : float, default 2
        How much reconstruction counts.
    cuda, enable_gpu : bool, default True
        Without meaning: processors are used.
    locales : list of str, default ['en_US']
        Where stand-ins for personal data come from; guessed from the rows if it is the default.
    random_state : int, default 0
        The seed of learning and drawing, which SDV does not have.
    """

    _method = "tvae"
    _own: ClassVar = {
        "embedding_dim": (128, "latent"),
        "decompress_dims": ((128, 128), "hidden"),
        "batch_size": (500, "batch"),
        "epochs": (300, "epochs"),
        "loss_factor": (2, "loss-factor"),
    }
    _idle: ClassVar = {
        **_ALWAYS,
        "compress_dims": ((128, 128), "the encoder is the decoder in reverse: say decompress_dims"),
        "l2scale": (1e-5, _DECAY),
    }

    def __init__(
        self,
        metadata: Any,
        enforce_min_max_values: bool = True,
        enforce_rounding: bool = True,
        embedding_dim: int = 128,
        compress_dims: Sequence[int] = (128, 128),
        decompress_dims: Sequence[int] = (128, 128),
        l2scale: float = 1e-5,
        batch_size: int = 500,
        verbose: bool = False,
        epochs: int = 300,
        loss_factor: float = 2,
        enable_gpu: bool = True,
        cuda: bool | str | None = None,
        locales: Sequence[str] | None = ["en_US"],  # noqa: B006
        *,
        random_state: int = 0,
    ) -> None:
        self._set_up(metadata, random_state, _given(locals()))


class ForestSynthesizer(BaseSingleTableSynthesizer):
    """Boosted trees for one column after another: lookalike's own, and what to take for most tables. SDV has none.

    Parameters
    ----------
    metadata : Metadata or SingleTableMetadata
        What the table's columns mean.
    enforce_min_max_values, enforce_rounding : bool, default True
        Always done: False is warned of.
    locales : list of str, default ['en_US']
        Where stand-ins for personal data come from; guessed from the rows if it is the default.
    random_state : int, default 0
        The seed of learning and drawing.
    """

    _method = "forest"
    _idle: ClassVar = _ALWAYS

    def __init__(
        self,
        metadata: Any,
        enforce_min_max_values: bool = True,
        enforce_rounding: bool = True,
        locales: Sequence[str] | None = ["en_US"],  # noqa: B006
        *,
        random_state: int = 0,
    ) -> None:
        self._set_up(metadata, random_state, _given(locals()))


#: All of them; of those of one method the first is what a model's file is read as.
ALL = (GaussianCopulaSynthesizer, CTGANSynthesizer, CopulaGANSynthesizer, TVAESynthesizer, ForestSynthesizer)
