"""Generators of tables."""

# Made from the options of the library: UPDATE_DOCS=1 cargo test --test python_sources

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lookalike._base import Generator

__all__ = [
    "Autoregressive",
    "CTGAN",
    "Forest",
    "GAN",
    "GaussianCopula",
    "Independent",
    "TVAE",
    "VAE",
]

_Effort = Literal["fast", "default", "high"]
_Encoding = Literal["mode-specific", "quantile-normal", "standard", "min-max"]
_Reconstruction = Literal["likelihood", "squared-error"]
_Sampling = Literal["prior", "posterior", "class-mean"]
_Loss = Literal["cross-entropy", "wasserstein"]
_Restraint = Literal["none", "r1", "gradient-penalty", "spectral-norm"]


class Forest(Generator):
    """Autoregressive trees: each column is drawn given those before it, by boosted trees.

    A column's values stand in an order and are halved again and again; which half a row falls into
    is learned by gradient-boosted trees from the columns before it. Several such trees are averaged
    by drawing one of them per row and column.

    Parameters
    ----------
    effort : {'fast', 'default', 'high'}, default='default'
        How much work goes into the forest.

        - 'fast': One nested dichotomy per column: the fastest, for tests and large tables.
        - 'default': Three per column.
        - 'high': Twelve per column, each learned in smaller steps.
    max_rows : int, default=131072
        The most training rows that a single choice is learned from; of more, an even share is
        taken. Shares and counts are always those of all rows.
    memory_limit : int, default=4294967296
        The most memory in bytes that learning may take beside the table, as estimated. Of a table
        that needs more, a sample of the rows is learned from, whole units at a time, and a warning
        says how many.
    target : str or None, default=None
        The column that one wants to predict: its classes are never lost silently.
    unit : str or None, default=None
        The column that names whom protection counts, such as a patient; each row by itself if not
        given.
    condition_on : sequence of str, default=()
        Columns that sampling will put conditions on. Methods that need to know them beforehand draw
        them first.
    protect : int or None, default=5
        How many units must share a value before it is reproduced, at least 2; None to reproduce
        everything, however rare.
    constraints : sequence of str or path, default=()
        What must hold in every row, such as 'admitted <= discharged'; paths are of files of
        constraints.
    schema : path, dict, Metadata or None, default=None
        What the columns mean, as this package or SDV writes it; found out from the data if not
        given.
    columns : dict or None, default=None
        The kinds of columns that are not to be found out, by their names, such as {'zip':
        'categorical'}.
    locale : str or None, default=None
        Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not
        given.
    keep_format : sequence of str, default=()
        Columns of personal data that keep the shapes of their texts, with letters and digits drawn
        anew.
    consistent : sequence of str, default=()
        Columns of personal data in which one value always becomes the same stand-in.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same rows on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Frank, E. and Kramer, S. (2004). Ensembles of nested dichotomies for multi-class
           problems. https://doi.org/10.1145/1015330.1015363
    .. [2] Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine.
           https://doi.org/10.1214/aos/1013203451
    .. [3] McCarter, C. (2024). Unmasking Trees for tabular data. https://arxiv.org/abs/2407.05593

    Examples
    --------
    >>> from lookalike import Forest
    >>> ages = [20 + row % 50 for row in range(200)]
    >>> table = {"age": ages, "member": ["yes" if age > 40 else "no" for age in ages]}
    >>> synthetic = Forest().fit(table).sample(5)
    >>> list(synthetic), len(synthetic["age"])
    (['age', 'member'], 5)
    """

    _method = "forest"
    _own = {"effort": "effort", "max_rows": "max-rows", "memory_limit": "memory-limit"}

    def __init__(
        self,
        *,
        effort: _Effort = "default",
        max_rows: int = 131072,
        memory_limit: int = 4294967296,
        target: str | None = None,
        unit: str | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.effort = effort
        self.max_rows = max_rows
        self.memory_limit = memory_limit
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose


class GaussianCopula(Generator):
    """The Gaussian copula: any margins, and one correlation matrix.

    Each column is a normal variable seen through its margin. Correlations are those of normal
    scores, corrected for what discrete margins hide of them.

    Parameters
    ----------
    memory_limit : int, default=4294967296
        The most memory in bytes that the correlation matrix and its decomposition may take; a table
        that needs more is refused before the work starts.
    target : str or None, default=None
        The column that one wants to predict: its classes are never lost silently.
    unit : str or None, default=None
        The column that names whom protection counts, such as a patient; each row by itself if not
        given.
    condition_on : sequence of str, default=()
        Columns that sampling will put conditions on. Methods that need to know them beforehand draw
        them first.
    protect : int or None, default=5
        How many units must share a value before it is reproduced, at least 2; None to reproduce
        everything, however rare.
    constraints : sequence of str or path, default=()
        What must hold in every row, such as 'admitted <= discharged'; paths are of files of
        constraints.
    schema : path, dict, Metadata or None, default=None
        What the columns mean, as this package or SDV writes it; found out from the data if not
        given.
    columns : dict or None, default=None
        The kinds of columns that are not to be found out, by their names, such as {'zip':
        'categorical'}.
    locale : str or None, default=None
        Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not
        given.
    keep_format : sequence of str, default=()
        Columns of personal data that keep the shapes of their texts, with letters and digits drawn
        anew.
    consistent : sequence of str, default=()
        Columns of personal data in which one value always becomes the same stand-in.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same rows on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Sklar, A. (1959). Fonctions de répartition à n dimensions et leurs marges.
    .. [2] Cario, M. C. and Nelson, B. L. (1997). Modeling and generating random vectors with
           arbitrary marginal distributions and correlation matrix.
    .. [3] Kibble, W. F. (1945). An extension of a theorem of Mehler's on Hermite polynomials.
           https://doi.org/10.1017/S0305004100022313

    Examples
    --------
    >>> from lookalike import GaussianCopula
    >>> ages = [20 + row % 50 for row in range(200)]
    >>> table = {"age": ages, "member": ["yes" if age > 40 else "no" for age in ages]}
    >>> synthetic = GaussianCopula().fit(table).sample(5)
    >>> list(synthetic), len(synthetic["age"])
    (['age', 'member'], 5)
    """

    _method = "copula"
    _own = {"memory_limit": "memory-limit"}

    def __init__(
        self,
        *,
        memory_limit: int = 4294967296,
        target: str | None = None,
        unit: str | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.memory_limit = memory_limit
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose


class VAE(Generator):
    """A variational autoencoder of rows, with care against what makes such networks collapse.

    The weight of the divergence rises slowly, and new rows are drawn where the encoder puts real
    ones. With a target, decoder and latent numbers go by its class, and rare classes can be learned
    from as often as frequent ones.

    Parameters
    ----------
    epochs : int, default=200
        How often every row is seen at most, at least 1.
    batch_size : int, default=250
        Rows in a batch, at least 2; never more than a twentieth of the rows (or 8).
    learning_rate : float, default=0.001
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds with the best so far; the model then depends on the
        speed of the machine.
    patience : int, default=6
        Learning ends after so many looks at held-out rows without improvement, of 30 in all epochs;
        0 to go on.
    latent_dim : int, default=32
        How many numbers stand between encoder and decoder, at least 1.
    hidden_dims : sequence of int, default=(256, 256)
        Units of each hidden layer of the decoder, and in reverse of the encoder.
    encoding : {'mode-specific', 'quantile-normal', 'standard', 'min-max'}, default='quantile-normal'
        How numbers are written for the network.

        - 'mode-specific': Each value by one of several normal distributions and its place in it (Xu
          et al. 2019).
        - 'quantile-normal': By rank: as the normal number of the same rank.
        - 'standard': Less the mean, over the standard deviation.
        - 'min-max': As a share of the way from the least to the largest.
    reconstruction : {'likelihood', 'squared-error'}, default='likelihood'
        How rows are put together again.

        - 'likelihood': By how likely each cell is: numbers from a normal distribution with learned
          deviation, codes from a softmax.
        - 'squared-error': By the mean squared difference from a sigmoid, whatever the column is;
          codes are not drawn, the largest is taken.
    beta : float, default=1.0
        How much divergence counts beside reconstruction, above 0.
    warm_up : float, default=0.2
        Share of all steps in which the divergence's weight rises from 0, in [0, 1].
    free_nats : float, default=0.0
        Nats of divergence per latent number that cost nothing, at least 0.
    conditional : bool, default=True
        True to tell the decoder a row's class, where a target of classes is given.
    balanced : bool, default=False
        True to learn from as many rows of each class; wants a target of classes.
    sampling : {'prior', 'posterior', 'class-mean'}, default='posterior'
        Where the latent numbers of new rows are drawn.

        - 'prior': The standard normal distribution.
        - 'posterior': The normal distribution of where the encoder puts rows (of a class, where
          there is one).
        - 'class-mean': At the mean of where the encoder puts a class's rows, with noise of a
          standard deviation of 0.1.
    target : str or None, default=None
        The column that one wants to predict: its classes are never lost silently.
    unit : str or None, default=None
        The column that names whom protection counts, such as a patient; each row by itself if not
        given.
    condition_on : sequence of str, default=()
        Columns that sampling will put conditions on. Methods that need to know them beforehand draw
        them first.
    protect : int or None, default=5
        How many units must share a value before it is reproduced, at least 2; None to reproduce
        everything, however rare.
    constraints : sequence of str or path, default=()
        What must hold in every row, such as 'admitted <= discharged'; paths are of files of
        constraints.
    schema : path, dict, Metadata or None, default=None
        What the columns mean, as this package or SDV writes it; found out from the data if not
        given.
    columns : dict or None, default=None
        The kinds of columns that are not to be found out, by their names, such as {'zip':
        'categorical'}.
    locale : str or None, default=None
        Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not
        given.
    keep_format : sequence of str, default=()
        Columns of personal data that keep the shapes of their texts, with letters and digits drawn
        anew.
    consistent : sequence of str, default=()
        Columns of personal data in which one value always becomes the same stand-in.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same rows on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes.
           https://doi.org/10.48550/arXiv.1312.6114
    .. [2] Kingma, D. P. et al. (2016). Improved variational inference with inverse autoregressive
           flow. https://doi.org/10.48550/arXiv.1606.04934

    Examples
    --------
    >>> from lookalike import VAE
    >>> ages = [20 + row % 50 for row in range(200)]
    >>> table = {"age": ages, "member": ["yes" if age > 40 else "no" for age in ages]}
    >>> synthetic = VAE(epochs=2).fit(table).sample(5)
    >>> list(synthetic), len(synthetic["age"])
    (['age', 'member'], 5)
    """

    _method = "vae"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "patience": "patience",
        "latent_dim": "latent",
        "hidden_dims": "hidden",
        "encoding": "encoding",
        "reconstruction": "reconstruction",
        "beta": "beta",
        "warm_up": "warm-up",
        "free_nats": "free-nats",
        "conditional": "conditional",
        "balanced": "balanced",
        "sampling": "sampling",
    }

    def __init__(
        self,
        *,
        epochs: int = 200,
        batch_size: int = 250,
        learning_rate: float = 0.001,
        max_seconds: float | None = None,
        patience: int = 6,
        latent_dim: int = 32,
        hidden_dims: Sequence[int] = (256, 256),
        encoding: _Encoding = "quantile-normal",
        reconstruction: _Reconstruction = "likelihood",
        beta: float = 1.0,
        warm_up: float = 0.2,
        free_nats: float = 0.0,
        conditional: bool = True,
        balanced: bool = False,
        sampling: _Sampling = "posterior",
        target: str | None = None,
        unit: str | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.patience = patience
        self.latent_dim = latent_dim
        self.hidden_dims = hidden_dims
        self.encoding = encoding
        self.reconstruction = reconstruction
        self.beta = beta
        self.warm_up = warm_up
        self.free_nats = free_nats
        self.conditional = conditional
        self.balanced = balanced
        self.sampling = sampling
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose


class TVAE(Generator):
    """TVAE: a variational autoencoder of numbers and one-hot levels.

    As the paper has it, with the usual implementation's known defects mended: levels are drawn from
    what the decoder gives, rather than the likeliest taken; numbers are written by rank; and values
    that come back again and again are kept apart from the numbers around them.

    Parameters
    ----------
    epochs : int, default=200
        How often every row is seen at most, at least 1.
    batch_size : int, default=250
        Rows in a batch, at least 2; never more than a twentieth of the rows (or 8).
    learning_rate : float, default=0.001
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds with the best so far; the model then depends on the
        speed of the machine.
    patience : int, default=6
        Learning ends after so many looks at held-out rows without improvement, of 30 in all epochs;
        0 to go on.
    embedding_dim : int, default=32
        How many numbers stand between encoder and decoder, at least 1.
    hidden_dims : sequence of int, default=(256, 256)
        Units of each hidden layer of the decoder, and in reverse of the encoder.
    encoding : {'mode-specific', 'quantile-normal', 'standard', 'min-max'}, default='quantile-normal'
        How numbers are written for the network.

        - 'mode-specific': Each value by one of several normal distributions and its place in it (Xu
          et al. 2019).
        - 'quantile-normal': By rank: as the normal number of the same rank.
        - 'standard': Less the mean, over the standard deviation.
        - 'min-max': As a share of the way from the least to the largest.
    loss_factor : float, default=1.0
        How much reconstruction counts against divergence, above 0.
    corrected : bool, default=True
        True to put right what single columns get wrong after learning.
    target : str or None, default=None
        The column that one wants to predict: its classes are never lost silently.
    unit : str or None, default=None
        The column that names whom protection counts, such as a patient; each row by itself if not
        given.
    condition_on : sequence of str, default=()
        Columns that sampling will put conditions on. Methods that need to know them beforehand draw
        them first.
    protect : int or None, default=5
        How many units must share a value before it is reproduced, at least 2; None to reproduce
        everything, however rare.
    constraints : sequence of str or path, default=()
        What must hold in every row, such as 'admitted <= discharged'; paths are of files of
        constraints.
    schema : path, dict, Metadata or None, default=None
        What the columns mean, as this package or SDV writes it; found out from the data if not
        given.
    columns : dict or None, default=None
        The kinds of columns that are not to be found out, by their names, such as {'zip':
        'categorical'}.
    locale : str or None, default=None
        Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not
        given.
    keep_format : sequence of str, default=()
        Columns of personal data that keep the shapes of their texts, with letters and digits drawn
        anew.
    consistent : sequence of str, default=()
        Columns of personal data in which one value always becomes the same stand-in.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same rows on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Xu, L., Skoularidou, M., Cuesta-Infante, A. and Veeramachaneni, K. (2019). Modeling
           tabular data using conditional GAN. https://doi.org/10.48550/arXiv.1907.00503

    Examples
    --------
    >>> from lookalike import TVAE
    >>> ages = [20 + row % 50 for row in range(200)]
    >>> table = {"age": ages, "member": ["yes" if age > 40 else "no" for age in ages]}
    >>> synthetic = TVAE(epochs=2).fit(table).sample(5)
    >>> list(synthetic), len(synthetic["age"])
    (['age', 'member'], 5)
    """

    _method = "tvae"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "patience": "patience",
        "embedding_dim": "latent",
        "hidden_dims": "hidden",
        "encoding": "encoding",
        "loss_factor": "loss-factor",
        "corrected": "corrected",
    }

    def __init__(
        self,
        *,
        epochs: int = 200,
        batch_size: int = 250,
        learning_rate: float = 0.001,
        max_seconds: float | None = None,
        patience: int = 6,
        embedding_dim: int = 32,
        hidden_dims: Sequence[int] = (256, 256),
        encoding: _Encoding = "quantile-normal",
        loss_factor: float = 1.0,
        corrected: bool = True,
        target: str | None = None,
        unit: str | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.patience = patience
        self.embedding_dim = embedding_dim
        self.hidden_dims = hidden_dims
        self.encoding = encoding
        self.loss_factor = loss_factor
        self.corrected = corrected
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose


class GAN(Generator):
    """A generative adversarial network of dense layers.

    A generator of rows learns against a critic that tells them from real ones. It is the network of
    the tutorials, with what is known to keep it from collapsing as options. Rows are drawn by the
    running mean of the generator that did best beside held-out rows.

    Parameters
    ----------
    epochs : int, default=200
        How often every row is seen at most, at least 1.
    batch_size : int, default=250
        Rows in a batch, at least 2; never more than a twentieth of the rows (or 8).
    learning_rate : float, default=0.0002
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds with the best so far; the model then depends on the
        speed of the machine.
    patience : int, default=0
        Learning ends after so many looks at held-out rows without improvement, of 30 in all epochs;
        0 to go on.
    latent_dim : int, default=64
        How many numbers of noise a row is made of, at least 1.
    generator_dim : sequence of int, default=(256, 256)
        Units of each hidden layer of the generator.
    discriminator_dim : sequence of int, default=(256, 256)
        Units of each hidden layer of the critic.
    encoding : {'mode-specific', 'quantile-normal', 'standard', 'min-max'}, default='quantile-normal'
        How numbers are written for the network.

        - 'mode-specific': Each value by one of several normal distributions and its place in it (Xu
          et al. 2019).
        - 'quantile-normal': By rank: as the normal number of the same rank.
        - 'standard': Less the mean, over the standard deviation.
        - 'min-max': As a share of the way from the least to the largest.
    loss : {'cross-entropy', 'wasserstein'}, default='cross-entropy'
        What generator and critic want.

        - 'cross-entropy': That rows are taken for real, by binary cross-entropy (the generator's
          form that does not saturate).
        - 'wasserstein': That the critic's numbers are as high or low as they can be.
    restraint : {'none', 'r1', 'gradient-penalty', 'spectral-norm'}, default='r1'
        What keeps the critic from growing too steep.

        - 'none': Nothing, as in the tutorials.
        - 'r1': A penalty on its slope at real rows (R1).
        - 'gradient-penalty': A penalty on slopes other than 1 between real and made rows.
        - 'spectral-norm': Linear maps that stretch nothing.
    ema_decay : float, default=0.999
        How much of the generator's running mean stays at each step, in [0, 1); 0 for the generator
        as it is.
    corrected : bool, default=True
        True to put right what single columns get wrong after learning.
    target : str or None, default=None
        The column that one wants to predict: its classes are never lost silently.
    unit : str or None, default=None
        The column that names whom protection counts, such as a patient; each row by itself if not
        given.
    condition_on : sequence of str, default=()
        Columns that sampling will put conditions on. Methods that need to know them beforehand draw
        them first.
    protect : int or None, default=5
        How many units must share a value before it is reproduced, at least 2; None to reproduce
        everything, however rare.
    constraints : sequence of str or path, default=()
        What must hold in every row, such as 'admitted <= discharged'; paths are of files of
        constraints.
    schema : path, dict, Metadata or None, default=None
        What the columns mean, as this package or SDV writes it; found out from the data if not
        given.
    columns : dict or None, default=None
        The kinds of columns that are not to be found out, by their names, such as {'zip':
        'categorical'}.
    locale : str or None, default=None
        Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not
        given.
    keep_format : sequence of str, default=()
        Columns of personal data that keep the shapes of their texts, with letters and digits drawn
        anew.
    consistent : sequence of str, default=()
        Columns of personal data in which one value always becomes the same stand-in.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same rows on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Goodfellow, I. et al. (2014). Generative adversarial nets.
           https://doi.org/10.48550/arXiv.1406.2661
    .. [2] Mescheder, L., Geiger, A. and Nowozin, S. (2018). Which training methods for GANs do
           actually converge? https://doi.org/10.48550/arXiv.1801.04406

    Examples
    --------
    >>> from lookalike import GAN
    >>> ages = [20 + row % 50 for row in range(200)]
    >>> table = {"age": ages, "member": ["yes" if age > 40 else "no" for age in ages]}
    >>> synthetic = GAN(epochs=2).fit(table).sample(5)
    >>> list(synthetic), len(synthetic["age"])
    (['age', 'member'], 5)
    """

    _method = "gan"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "patience": "patience",
        "latent_dim": "latent",
        "generator_dim": "hidden",
        "discriminator_dim": "critic",
        "encoding": "encoding",
        "loss": "loss",
        "restraint": "restraint",
        "ema_decay": "average",
        "corrected": "corrected",
    }

    def __init__(
        self,
        *,
        epochs: int = 200,
        batch_size: int = 250,
        learning_rate: float = 0.0002,
        max_seconds: float | None = None,
        patience: int = 0,
        latent_dim: int = 64,
        generator_dim: Sequence[int] = (256, 256),
        discriminator_dim: Sequence[int] = (256, 256),
        encoding: _Encoding = "quantile-normal",
        loss: _Loss = "cross-entropy",
        restraint: _Restraint = "r1",
        ema_decay: float = 0.999,
        corrected: bool = True,
        target: str | None = None,
        unit: str | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.patience = patience
        self.latent_dim = latent_dim
        self.generator_dim = generator_dim
        self.discriminator_dim = discriminator_dim
        self.encoding = encoding
        self.loss = loss
        self.restraint = restraint
        self.ema_decay = ema_decay
        self.corrected = corrected
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose


class CTGAN(Generator):
    """CTGAN: an adversarial network whose generator is told one level of one column.

    As the paper has it, with the usual implementation's known defects mended: where no condition is
    given, what is told follows the data's frequencies, so that margins are not flattened; the
    generator that is kept is a running mean, the one whose pairs of columns were nearest to
    held-out rows; and what single columns get wrong is put right afterwards.

    Parameters
    ----------
    epochs : int, default=300
        How often every row is seen at most, at least 1.
    batch_size : int, default=500
        Rows in a batch, at least 2; never more than a twentieth of the rows (or 8).
    learning_rate : float, default=0.0005
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds with the best so far; the model then depends on the
        speed of the machine.
    patience : int, default=0
        Learning ends after so many looks at held-out rows without improvement, of 30 in all epochs;
        0 to go on.
    embedding_dim : int, default=128
        How many numbers of noise a row is made of, at least 1.
    generator_dim : sequence of int, default=(128, 128)
        Units of each hidden layer of the generator.
    discriminator_dim : sequence of int, default=(128, 128)
        Units of each hidden layer of the critic.
    pac : int, default=1
        How many rows the critic sees at once, at least 1.
    dropout : float, default=0.1
        The share of the critic's units that are left out at each step, in [0, 1).
    penalty_every : int, default=2
        Steps from one penalty on the critic's slopes to the next, at least 1; it is as much
        heavier.
    encoding : {'mode-specific', 'quantile-normal', 'standard', 'min-max'}, default='quantile-normal'
        How numbers are written for the network.

        - 'mode-specific': Each value by one of several normal distributions and its place in it (Xu
          et al. 2019).
        - 'quantile-normal': By rank: as the normal number of the same rank.
        - 'standard': Less the mean, over the standard deviation.
        - 'min-max': As a share of the way from the least to the largest.
    ema_decay : float, default=0.999
        How much of the generator's running mean stays at each step, in [0, 1); 0 for the generator
        as it is.
    last_rate : float, default=0.1
        How much of the learning rate is left at the end, in [0, 1].
    corrected : bool, default=True
        True to put right what single columns get wrong after learning.
    target : str or None, default=None
        The column that one wants to predict: its classes are never lost silently.
    unit : str or None, default=None
        The column that names whom protection counts, such as a patient; each row by itself if not
        given.
    condition_on : sequence of str, default=()
        Columns that sampling will put conditions on. Methods that need to know them beforehand draw
        them first.
    protect : int or None, default=5
        How many units must share a value before it is reproduced, at least 2; None to reproduce
        everything, however rare.
    constraints : sequence of str or path, default=()
        What must hold in every row, such as 'admitted <= discharged'; paths are of files of
        constraints.
    schema : path, dict, Metadata or None, default=None
        What the columns mean, as this package or SDV writes it; found out from the data if not
        given.
    columns : dict or None, default=None
        The kinds of columns that are not to be found out, by their names, such as {'zip':
        'categorical'}.
    locale : str or None, default=None
        Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not
        given.
    keep_format : sequence of str, default=()
        Columns of personal data that keep the shapes of their texts, with letters and digits drawn
        anew.
    consistent : sequence of str, default=()
        Columns of personal data in which one value always becomes the same stand-in.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same rows on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Xu, L., Skoularidou, M., Cuesta-Infante, A. and Veeramachaneni, K. (2019). Modeling
           tabular data using conditional GAN. https://doi.org/10.48550/arXiv.1907.00503
    .. [2] Lin, Z., Khetan, A., Fanti, G. and Oh, S. (2018). PacGAN: the power of two samples in
           generative adversarial networks. https://doi.org/10.48550/arXiv.1712.04086
    .. [3] Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs.
           https://doi.org/10.48550/arXiv.1704.00028

    Examples
    --------
    >>> from lookalike import CTGAN
    >>> ages = [20 + row % 50 for row in range(200)]
    >>> table = {"age": ages, "member": ["yes" if age > 40 else "no" for age in ages]}
    >>> synthetic = CTGAN(epochs=2).fit(table).sample(5)
    >>> list(synthetic), len(synthetic["age"])
    (['age', 'member'], 5)
    """

    _method = "ctgan"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "patience": "patience",
        "embedding_dim": "latent",
        "generator_dim": "hidden",
        "discriminator_dim": "critic",
        "pac": "pac",
        "dropout": "dropout",
        "penalty_every": "penalty-every",
        "encoding": "encoding",
        "ema_decay": "average",
        "last_rate": "last-rate",
        "corrected": "corrected",
    }

    def __init__(
        self,
        *,
        epochs: int = 300,
        batch_size: int = 500,
        learning_rate: float = 0.0005,
        max_seconds: float | None = None,
        patience: int = 0,
        embedding_dim: int = 128,
        generator_dim: Sequence[int] = (128, 128),
        discriminator_dim: Sequence[int] = (128, 128),
        pac: int = 1,
        dropout: float = 0.1,
        penalty_every: int = 2,
        encoding: _Encoding = "quantile-normal",
        ema_decay: float = 0.999,
        last_rate: float = 0.1,
        corrected: bool = True,
        target: str | None = None,
        unit: str | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.patience = patience
        self.embedding_dim = embedding_dim
        self.generator_dim = generator_dim
        self.discriminator_dim = discriminator_dim
        self.pac = pac
        self.dropout = dropout
        self.penalty_every = penalty_every
        self.encoding = encoding
        self.ema_decay = ema_decay
        self.last_rate = last_rate
        self.corrected = corrected
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose


class Autoregressive(Generator):
    """Small networks, one per column, that draw column after column in any order.

    Each network learns its column given any set of others, so that what is given can come first.
    Columns that follow from others are not learned but read off.

    Parameters
    ----------
    epochs : int, default=40
        How often every row is seen at most, at least 1.
    batch_size : int, default=250
        Rows in a batch, at least 2; never more than a twentieth of the rows (or 8).
    learning_rate : float, default=0.002
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds with the best so far; the model then depends on the
        speed of the machine.
    patience : int, default=4
        A network learns no more after so many looks at held-out rows without improvement, of 30 in
        all epochs; 0 to go on.
    hidden_dims : sequence of int, default=(128, 64)
        Units of each network's hidden layers, at least one layer.
    weight_decay : float, default=0.1
        How much of every weight, times the length of the step, is taken away at each step, at least
        0.
    dropout : float, default=0.25
        The chance that a hidden unit is left out of a step, in [0, 1).
    target : str or None, default=None
        The column that one wants to predict: its classes are never lost silently.
    unit : str or None, default=None
        The column that names whom protection counts, such as a patient; each row by itself if not
        given.
    condition_on : sequence of str, default=()
        Columns that sampling will put conditions on. Methods that need to know them beforehand draw
        them first.
    protect : int or None, default=5
        How many units must share a value before it is reproduced, at least 2; None to reproduce
        everything, however rare.
    constraints : sequence of str or path, default=()
        What must hold in every row, such as 'admitted <= discharged'; paths are of files of
        constraints.
    schema : path, dict, Metadata or None, default=None
        What the columns mean, as this package or SDV writes it; found out from the data if not
        given.
    columns : dict or None, default=None
        The kinds of columns that are not to be found out, by their names, such as {'zip':
        'categorical'}.
    locale : str or None, default=None
        Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not
        given.
    keep_format : sequence of str, default=()
        Columns of personal data that keep the shapes of their texts, with letters and digits drawn
        anew.
    consistent : sequence of str, default=()
        Columns of personal data in which one value always becomes the same stand-in.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same rows on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Tiwald, P. et al. (2025). TabularARGN: a flexible and efficient auto-regressive framework
           for generating high-fidelity synthetic data. https://arxiv.org/abs/2501.12012
    .. [2] Uria, B., Murray, I. and Larochelle, H. (2014). A deep and tractable density estimator.
           https://arxiv.org/abs/1310.1757

    Examples
    --------
    >>> from lookalike import Autoregressive
    >>> ages = [20 + row % 50 for row in range(200)]
    >>> table = {"age": ages, "member": ["yes" if age > 40 else "no" for age in ages]}
    >>> synthetic = Autoregressive(epochs=2).fit(table).sample(5)
    >>> list(synthetic), len(synthetic["age"])
    (['age', 'member'], 5)
    """

    _method = "autoregressive"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "patience": "patience",
        "hidden_dims": "hidden",
        "weight_decay": "decay",
        "dropout": "dropout",
    }

    def __init__(
        self,
        *,
        epochs: int = 40,
        batch_size: int = 250,
        learning_rate: float = 0.002,
        max_seconds: float | None = None,
        patience: int = 4,
        hidden_dims: Sequence[int] = (128, 64),
        weight_decay: float = 0.1,
        dropout: float = 0.25,
        target: str | None = None,
        unit: str | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.patience = patience
        self.hidden_dims = hidden_dims
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose


class Independent(Generator):
    """Columns drawn independently of each other: the floor that every method is compared with.

    It has no options.

    Parameters
    ----------
    target : str or None, default=None
        The column that one wants to predict: its classes are never lost silently.
    unit : str or None, default=None
        The column that names whom protection counts, such as a patient; each row by itself if not
        given.
    condition_on : sequence of str, default=()
        Columns that sampling will put conditions on. Methods that need to know them beforehand draw
        them first.
    protect : int or None, default=5
        How many units must share a value before it is reproduced, at least 2; None to reproduce
        everything, however rare.
    constraints : sequence of str or path, default=()
        What must hold in every row, such as 'admitted <= discharged'; paths are of files of
        constraints.
    schema : path, dict, Metadata or None, default=None
        What the columns mean, as this package or SDV writes it; found out from the data if not
        given.
    columns : dict or None, default=None
        The kinds of columns that are not to be found out, by their names, such as {'zip':
        'categorical'}.
    locale : str or None, default=None
        Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not
        given.
    keep_format : sequence of str, default=()
        Columns of personal data that keep the shapes of their texts, with letters and digits drawn
        anew.
    consistent : sequence of str, default=()
        Columns of personal data in which one value always becomes the same stand-in.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same rows on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    Examples
    --------
    >>> from lookalike import Independent
    >>> ages = [20 + row % 50 for row in range(200)]
    >>> table = {"age": ages, "member": ["yes" if age > 40 else "no" for age in ages]}
    >>> synthetic = Independent().fit(table).sample(5)
    >>> list(synthetic), len(synthetic["age"])
    (['age', 'member'], 5)
    """

    _method = "independent"
    _own = {}

    def __init__(
        self,
        *,
        target: str | None = None,
        unit: str | None = None,
        condition_on: Sequence[str] = (),
        protect: int | None = 5,
        constraints: Sequence[Any] = (),
        schema: Any = None,
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        keep_format: Sequence[str] = (),
        consistent: Sequence[str] = (),
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.target = target
        self.unit = unit
        self.condition_on = condition_on
        self.protect = protect
        self.constraints = constraints
        self.schema = schema
        self.columns = columns
        self.locale = locale
        self.keep_format = keep_format
        self.consistent = consistent
        self.random_state = random_state
        self.verbose = verbose
