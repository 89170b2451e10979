"""Generators of images."""

# Made from the options of the library: UPDATE_DOCS=1 cargo test --test python_sources

from collections.abc import Sequence
from typing import Any

from lookalike.images._base import ImageGenerator

__all__ = [
    "ConvVAE",
    "Flow",
    "GAN",
    "VAE",
    "WGAN",
]


class Flow(ImageGenerator):
    """Flow matching: a network learns the velocity with which noise becomes images.

    New images are where noise is carried by it. A normal distribution of each class is found in
    closed form first; the network learns what that leaves.

    Parameters
    ----------
    epochs : int or None, default=None
        How often every image is seen at most, at least 1; if not said, 6 times, and fewer than
        50,000 images as much more often (at most ten times so).
    batch_size : int, default=32
        Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    learning_rate : float, default=0.002
        The length of Adam's steps, above 0; it falls to nothing along a cosine.
    max_seconds : float or None, default=None
        Learning ends after so many seconds; the model then depends on the speed of the machine.
    patience : int, default=0
        Learning ends after so many looks at held-out images without improvement, of 10 in all
        epochs; 0 to go on.
    patch : int, default=2
        Squares of so many by so many pixels are what the network takes for one, from 1 to 16.
    channels : sequence of int, default=(32, 32)
        Channels of the network at each resolution, each half the one before; multiples of 8, for 1
        to 6 resolutions. Images of other sizes than these can halve are continued from their edges
        before the network, and cut behind it.
    blocks : int, default=1
        Residual blocks at each resolution, on the way down as on the way up, at least 1.
    embedding_dim : int, default=128
        Units of the layers that read time and class, at least 1.
    axes : int, default=64
        Axes of the normal distribution that is learned of each class before the network, 0 for
        means alone; never more than one for twenty images.
    ema_decay : float, default=0.998
        How much of the network's running mean stays at each step, in [0, 1).
    class_dropout : float, default=0.1
        Share of images whose class is kept from the network while it learns, in [0, 1).
    guidance_scale : float, default=1.0
        How far images go the way of their class: 1 is as far as the network says, more is further.
    steps : int, default=8
        Steps from noise to image, at least 1; each but the last asks the network twice, and with
        guidance twice as often.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same images on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Lipman, Y. et al. (2023). Flow matching for generative modeling.
           https://doi.org/10.48550/arXiv.2210.02747
    .. [2] Liu, X., Gong, C. and Liu, Q. (2023). Flow straight and fast.
           https://doi.org/10.48550/arXiv.2209.03003
    .. [3] Ho, J. and Salimans, T. (2022). Classifier-free diffusion guidance.
           https://doi.org/10.48550/arXiv.2207.12598

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Flow
    >>> pictures = np.arange(64 * 8 * 8, dtype=np.uint8).reshape(64, 8, 8)
    >>> Flow(epochs=1, channels=(8,)).fit(pictures).sample(3).shape
    (3, 8, 8)
    """

    _method = "flow"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "patience": "patience",
        "patch": "patch",
        "channels": "channels",
        "blocks": "blocks",
        "embedding_dim": "embedding",
        "axes": "axes",
        "ema_decay": "average",
        "class_dropout": "untold",
        "guidance_scale": "guidance",
        "steps": "steps",
    }

    def __init__(
        self,
        *,
        epochs: int | None = None,
        batch_size: int = 32,
        learning_rate: float = 0.002,
        max_seconds: float | None = None,
        patience: int = 0,
        patch: int = 2,
        channels: Sequence[int] = (32, 32),
        blocks: int = 1,
        embedding_dim: int = 128,
        axes: int = 64,
        ema_decay: float = 0.998,
        class_dropout: float = 0.1,
        guidance_scale: float = 1.0,
        steps: int = 8,
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.patience = patience
        self.patch = patch
        self.channels = channels
        self.blocks = blocks
        self.embedding_dim = embedding_dim
        self.axes = axes
        self.ema_decay = ema_decay
        self.class_dropout = class_dropout
        self.guidance_scale = guidance_scale
        self.steps = steps
        self.random_state = random_state
        self.verbose = verbose


class VAE(ImageGenerator):
    """A variational autoencoder of images, of dense layers.

    Parameters
    ----------
    epochs : int or None, default=None
        How often every image is seen at most, at least 1; if not said, 40 times, and fewer than
        50,000 images as much more often (at most ten times so).
    batch_size : int, default=128
        Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    learning_rate : float, default=0.001
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds; the model then depends on the speed of the machine.
    patience : int, default=0
        Learning ends after so many looks at held-out images without improvement, of 10 in all
        epochs; 0 to go on.
    latent_dim : int, default=32
        How many numbers stand between encoder and decoder, at least 1.
    hidden_dims : sequence of int, default=(256, 512)
        Units of each hidden layer of the decoder, and in reverse of the encoder, at least 1.
    conditional : bool, default=True
        True to tell both networks an image's class.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same images on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes.
           https://doi.org/10.48550/arXiv.1312.6114

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import VAE
    >>> pictures = np.arange(64 * 8 * 8, dtype=np.uint8).reshape(64, 8, 8)
    >>> VAE(epochs=1, hidden_dims=(16,)).fit(pictures).sample(3).shape
    (3, 8, 8)
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
        "conditional": "conditional",
    }

    def __init__(
        self,
        *,
        epochs: int | None = None,
        batch_size: int = 128,
        learning_rate: float = 0.001,
        max_seconds: float | None = None,
        patience: int = 0,
        latent_dim: int = 32,
        hidden_dims: Sequence[int] = (256, 512),
        conditional: bool = True,
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
        self.conditional = conditional
        self.random_state = random_state
        self.verbose = verbose


class ConvVAE(ImageGenerator):
    """A variational autoencoder of images, of convolutions.

    Parameters
    ----------
    epochs : int or None, default=None
        How often every image is seen at most, at least 1; if not said, 20 times, and fewer than
        50,000 images as much more often (at most ten times so).
    batch_size : int, default=128
        Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    learning_rate : float, default=0.001
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds; the model then depends on the speed of the machine.
    patience : int, default=0
        Learning ends after so many looks at held-out images without improvement, of 10 in all
        epochs; 0 to go on.
    latent_dim : int, default=32
        How many numbers stand between encoder and decoder, at least 1.
    channels : sequence of int, default=(64, 32)
        Channels of the decoder at each resolution from the coarsest on, and in reverse of the
        encoder: 1 to 6 numbers of at least 1. Each resolution is half the one behind it, and the
        last half the image's.
    conditional : bool, default=True
        True to tell both networks an image's class.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same images on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes.
           https://doi.org/10.48550/arXiv.1312.6114

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import ConvVAE
    >>> pictures = np.arange(64 * 8 * 8, dtype=np.uint8).reshape(64, 8, 8)
    >>> ConvVAE(epochs=1, channels=(8, 8)).fit(pictures).sample(3).shape
    (3, 8, 8)
    """

    _method = "conv-vae"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "patience": "patience",
        "latent_dim": "latent",
        "channels": "channels",
        "conditional": "conditional",
    }

    def __init__(
        self,
        *,
        epochs: int | None = None,
        batch_size: int = 128,
        learning_rate: float = 0.001,
        max_seconds: float | None = None,
        patience: int = 0,
        latent_dim: int = 32,
        channels: Sequence[int] = (64, 32),
        conditional: bool = True,
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.patience = patience
        self.latent_dim = latent_dim
        self.channels = channels
        self.conditional = conditional
        self.random_state = random_state
        self.verbose = verbose


class GAN(ImageGenerator):
    """A generative adversarial network of images, of dense layers.

    Parameters
    ----------
    epochs : int or None, default=None
        How often every image is seen at most, at least 1; if not said, 60 times, and fewer than
        50,000 images as much more often (at most ten times so).
    batch_size : int, default=128
        Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    learning_rate : float, default=0.0002
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds; the model then depends on the speed of the machine.
    latent_dim : int, default=100
        How many numbers of noise an image is made of, at least 1.
    hidden_dims : sequence of int, default=(256, 512)
        Units of each hidden layer of the generator, and in reverse of the critic, at least 1.
    negative_slope : float, default=0.2
        The slope of units below 0, in [0, 1).
    beta1 : float, default=0.5
        How much of Adam's mean gradient is kept at each step, in [0, 1).
    conditional : bool, default=True
        True to tell both networks an image's class.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same images on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Goodfellow, I. et al. (2014). Generative adversarial nets.
           https://doi.org/10.48550/arXiv.1406.2661

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import GAN
    >>> pictures = np.arange(64 * 8 * 8, dtype=np.uint8).reshape(64, 8, 8)
    >>> GAN(epochs=1, hidden_dims=(16,)).fit(pictures).sample(3).shape
    (3, 8, 8)
    """

    _method = "gan"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "latent_dim": "latent",
        "hidden_dims": "hidden",
        "negative_slope": "slope",
        "beta1": "beta1",
        "conditional": "conditional",
    }

    def __init__(
        self,
        *,
        epochs: int | None = None,
        batch_size: int = 128,
        learning_rate: float = 0.0002,
        max_seconds: float | None = None,
        latent_dim: int = 100,
        hidden_dims: Sequence[int] = (256, 512),
        negative_slope: float = 0.2,
        beta1: float = 0.5,
        conditional: bool = True,
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.latent_dim = latent_dim
        self.hidden_dims = hidden_dims
        self.negative_slope = negative_slope
        self.beta1 = beta1
        self.conditional = conditional
        self.random_state = random_state
        self.verbose = verbose


class WGAN(ImageGenerator):
    """An adversarial network of images whose critic measures Wasserstein's distance.

    Both are of convolutions. Unlike in the paper, what the penalty needs is found by differences
    (first derivatives suffice), and images are drawn by the running mean of the generator.

    Parameters
    ----------
    epochs : int or None, default=None
        How often every image is seen at most, at least 1; if not said, 10 times, and fewer than
        50,000 images as much more often (at most ten times so).
    batch_size : int, default=64
        Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    learning_rate : float, default=0.0003
        The length of Adam's steps, above 0.
    max_seconds : float or None, default=None
        Learning ends after so many seconds; the model then depends on the speed of the machine.
    latent_dim : int, default=64
        How many numbers of noise an image is made of, at least 1.
    channels : sequence of int, default=(64, 32)
        Channels of the generator at each resolution from the coarsest on, and in reverse of the
        critic: 1 to 6 numbers of at least 1. Each resolution is half the one behind it, and the
        last half the image's.
    gradient_penalty : float, default=10.0
        How heavily slopes of the critic other than 1 weigh, above 0.
    n_critic : int, default=3
        Steps of the critic for each of the generator, at least 1.
    ema_decay : float, default=0.995
        How much of the generator's running mean stays at each of its steps, in [0, 1).
    conditional : bool, default=True
        True to tell both networks an image's class.
    random_state : int, NumPy generator or None, default=0
        The seed. The same seed gives the same model and the same images on any number of threads;
        None for another one each time.
    verbose : bool or None, default=None
        Whether progress is shown; if None, where somebody watches a terminal or a notebook and the
        work takes more than two seconds.

    References
    ----------
    .. [1] Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs.
           https://doi.org/10.48550/arXiv.1704.00028

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import WGAN
    >>> pictures = np.arange(64 * 8 * 8, dtype=np.uint8).reshape(64, 8, 8)
    >>> WGAN(epochs=1, channels=(8, 8)).fit(pictures).sample(3).shape
    (3, 8, 8)
    """

    _method = "wgan"
    _own = {
        "epochs": "epochs",
        "batch_size": "batch",
        "learning_rate": "rate",
        "max_seconds": "max-seconds",
        "latent_dim": "latent",
        "channels": "channels",
        "gradient_penalty": "penalty",
        "n_critic": "critic-steps",
        "ema_decay": "average",
        "conditional": "conditional",
    }

    def __init__(
        self,
        *,
        epochs: int | None = None,
        batch_size: int = 64,
        learning_rate: float = 0.0003,
        max_seconds: float | None = None,
        latent_dim: int = 64,
        channels: Sequence[int] = (64, 32),
        gradient_penalty: float = 10.0,
        n_critic: int = 3,
        ema_decay: float = 0.995,
        conditional: bool = True,
        random_state: Any = 0,
        verbose: bool | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_seconds = max_seconds
        self.latent_dim = latent_dim
        self.channels = channels
        self.gradient_penalty = gradient_penalty
        self.n_critic = n_critic
        self.ema_decay = ema_decay
        self.conditional = conditional
        self.random_state = random_state
        self.verbose = verbose
