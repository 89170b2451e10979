"""What brings several images together."""

from __future__ import annotations

from lookalike.images._base import Mixing


class MixUp(Mixing):
    """A weighted mean of two images and of their labels.

    Parameters
    ----------
    alpha : float, default=0.4
        Both parameters of the beta distribution that the weight is drawn from, above 0, at most 100.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    References
    ----------
    .. [1] Zhang, H., Cisse, M., Dauphin, Y. N. and Lopez-Paz, D. (2018). mixup: beyond empirical risk minimization.
       https://doi.org/10.48550/arXiv.1710.09412

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import MixUp, mix
    >>> dark, light = np.zeros((2, 2), np.uint8), np.full((2, 2), 200, np.uint8)
    >>> mixed = mix(MixUp(p=1), [dark, light], ["night", "day"], random_state=1)
    >>> bool(abs(mixed["image"][0, 0] - 200 * mixed["shares"]["day"]) <= 0.5)
    True
    """

    _step = "MixUp"

    def __init__(self, *, alpha: float = 0.4, p: float = 0.5) -> None:
        self.alpha = alpha
        self.p = p


class CutMix(Mixing):
    """A rectangle of another image put in; labels by area.

    Parameters
    ----------
    alpha : float, default=1.0
        Both parameters of the beta distribution that the area that stays is drawn from, above 0, at most 100.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    References
    ----------
    .. [1] Yun, S. et al. (2019). CutMix: regularization strategy to train strong classifiers with localizable features.
       https://doi.org/10.1109/ICCV.2019.00612
    """

    _step = "CutMix"

    def __init__(self, *, alpha: float = 1.0, p: float = 0.5) -> None:
        self.alpha = alpha
        self.p = p


class Mosaic(Mixing):
    """Four images around a point.

    Parameters
    ----------
    target_size : tuple of 2 int, default=(512, 512)
        Rows and pixels in a row of the new image, 2 to 16,384.
    center_range : float or tuple of 2 float, default=(0.3, 0.7)
        Where the point is, as shares of both, 0 to 1.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    References
    ----------
    .. [1] Bochkovskiy, A., Wang, C.-Y. and Liao, H.-Y. M. (2020). YOLOv4: optimal speed and accuracy of object
       detection.
       https://doi.org/10.48550/arXiv.2004.10934
    """

    _step = "Mosaic"

    def __init__(
        self,
        *,
        target_size: tuple[int, int] = (512, 512),
        center_range: float | tuple[float, float] = (0.3, 0.7),
        p: float = 0.5,
    ) -> None:
        self.target_size = target_size
        self.center_range = center_range
        self.p = p
