"""What can be done to pictures, with chance, under the names that users of albumentations know."""

# Made from the options of the library: UPDATE_DOCS=1 cargo test --test python_sources

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lookalike.images._base import Transform

__all__ = [
    "Affine",
    "CLAHE",
    "CenterCrop",
    "CoarseDropout",
    "ColorJitter",
    "D4",
    "Downscale",
    "ElasticTransform",
    "Equalize",
    "Erasing",
    "GaussNoise",
    "GaussianBlur",
    "GridDistortion",
    "HorizontalFlip",
    "HueSaturationValue",
    "ISONoise",
    "ImageCompression",
    "InvertImg",
    "MedianBlur",
    "MotionBlur",
    "MultiplicativeNoise",
    "Normalize",
    "PadIfNeeded",
    "Perspective",
    "Posterize",
    "RandomBrightnessContrast",
    "RandomCrop",
    "RandomGamma",
    "RandomResizedCrop",
    "RandomRotate90",
    "Resize",
    "Rotate",
    "SafeRotate",
    "SaltAndPepper",
    "Sharpen",
    "ShiftScaleRotate",
    "ShotNoise",
    "Solarize",
    "ToGray",
    "Transpose",
    "VerticalFlip",
]

_Interpolation = Literal["nearest", "linear", "cubic", "lanczos4", "area"]
_BorderMode = Literal["constant", "replicate", "reflect", "wrap", "reflect_101"]
_RotateMethod = Literal["largest_box", "ellipse"]
_NoiseDistribution = Literal["gaussian", "uniform"]
_PadPosition = Literal["center", "top_left", "top_right", "bottom_left", "bottom_right", "random"]
_Fill = Literal["random", "random_uniform"]
_Method = Literal["kernel", "gaussian"]
_Mode = Literal["cv", "pil"]
_ToGrayMethod = Literal["weighted_average", "from_lab", "desaturation", "average", "max"]
_Normalization = Literal["standard", "image", "image_per_channel", "min_max", "min_max_per_channel"]


class HorizontalFlip(Transform):
    """Left and right exchanged.

    Parameters
    ----------
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import HorizontalFlip
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> HorizontalFlip(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "HorizontalFlip"

    def __init__(
        self,
        *,
        p: float = 0.5,
    ) -> None:
        self.p = p


class VerticalFlip(Transform):
    """Above and below exchanged.

    Parameters
    ----------
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import VerticalFlip
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> VerticalFlip(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "VerticalFlip"

    def __init__(
        self,
        *,
        p: float = 0.5,
    ) -> None:
        self.p = p


class Transpose(Transform):
    """Rows become columns.

    Parameters
    ----------
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Transpose
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Transpose(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Transpose"

    def __init__(
        self,
        *,
        p: float = 0.5,
    ) -> None:
        self.p = p


class RandomRotate90(Transform):
    """None to three quarter turns, all equally likely.

    Parameters
    ----------
    p : float, default=1.0
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import RandomRotate90
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> RandomRotate90(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "RandomRotate90"

    def __init__(
        self,
        *,
        p: float = 1.0,
    ) -> None:
        self.p = p


class D4(Transform):
    """One of the eight ways to lay a square down, all equally likely.

    Parameters
    ----------
    p : float, default=1.0
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import D4
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> D4(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "D4"

    def __init__(
        self,
        *,
        p: float = 1.0,
    ) -> None:
        self.p = p


class Rotate(Transform):
    """A turn about the middle of the picture, which keeps its size.

    Parameters
    ----------
    limit : float or tuple of 2 float, default=(-90, 90)
        How far the picture turns counter-clockwise, in degrees, -360 to 360. One number x stands
        for -x to x.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is seen beyond the edges.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    rotate_method : {'largest_box', 'ellipse'}, default='largest_box'
        How bounding boxes follow the turn.

        - 'largest_box': The smallest upright box around the four moved corners.
        - 'ellipse': The smallest upright box around the moved ellipse inside the box: tighter.
    crop_border : bool, default=False
        True to crop to the largest rectangle that holds nothing from beyond the edges.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Rotate
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Rotate(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Rotate"

    def __init__(
        self,
        *,
        limit: float | tuple[float, float] = (-90, 90),
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        rotate_method: _RotateMethod = "largest_box",
        crop_border: bool = False,
        p: float = 0.5,
    ) -> None:
        self.limit = limit
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.rotate_method = rotate_method
        self.crop_border = crop_border
        self.p = p


class SafeRotate(Transform):
    """A turn about the middle of the picture, made smaller so that all of it stays in.

    Parameters
    ----------
    limit : float or tuple of 2 float, default=(-90, 90)
        How far the picture turns counter-clockwise, in degrees, -360 to 360. One number x stands
        for -x to x.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is seen beyond the edges.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    rotate_method : {'largest_box', 'ellipse'}, default='largest_box'
        How bounding boxes follow the turn.

        - 'largest_box': The smallest upright box around the four moved corners.
        - 'ellipse': The smallest upright box around the moved ellipse inside the box: tighter.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import SafeRotate
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> SafeRotate(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "SafeRotate"

    def __init__(
        self,
        *,
        limit: float | tuple[float, float] = (-90, 90),
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        rotate_method: _RotateMethod = "largest_box",
        p: float = 0.5,
    ) -> None:
        self.limit = limit
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.rotate_method = rotate_method
        self.p = p


class Affine(Transform):
    """Stretched, slanted, turned about the middle and moved, in this order.

    Parameters
    ----------
    scale : float or tuple of 2 float, default=(1.0, 1.0)
        The factor of both directions, 0.01 to 100; each is drawn by itself unless keep_ratio is
        true.
    translate_percent : float or tuple of 2 float, default=(0.0, 0.0)
        How far the picture moves to the right and down, as shares of width and height, -10 to 10.
        One number x stands for -x to x.
    translate_px : float or tuple of 2 float, default=(0.0, 0.0)
        How far it moves besides, in whole pixels. One number x stands for -x to x.
    rotate : float or tuple of 2 float, default=(0.0, 0.0)
        How far the picture turns counter-clockwise, in degrees, -360 to 360. One number x stands
        for -x to x.
    shear : float or tuple of 2 float, default=(0.0, 0.0)
        How far it is slanted in each direction, in degrees, -85 to 85. One number x stands for -x
        to x.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is seen beyond the edges.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    rotate_method : {'largest_box', 'ellipse'}, default='largest_box'
        How bounding boxes follow the turn.

        - 'largest_box': The smallest upright box around the four moved corners.
        - 'ellipse': The smallest upright box around the moved ellipse inside the box: tighter.
    fit_output : bool, default=False
        True to give the new picture the size that all of the old one needs.
    keep_ratio : bool, default=False
        True for the same factor in both directions.
    balanced_scale : bool, default=False
        True to make pictures smaller and larger equally often, when scale has both.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Affine
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Affine(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Affine"

    def __init__(
        self,
        *,
        scale: float | tuple[float, float] = (1.0, 1.0),
        translate_percent: float | tuple[float, float] = (0.0, 0.0),
        translate_px: float | tuple[float, float] = (0.0, 0.0),
        rotate: float | tuple[float, float] = (0.0, 0.0),
        shear: float | tuple[float, float] = (0.0, 0.0),
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        rotate_method: _RotateMethod = "largest_box",
        fit_output: bool = False,
        keep_ratio: bool = False,
        balanced_scale: bool = False,
        p: float = 0.5,
    ) -> None:
        self.scale = scale
        self.translate_percent = translate_percent
        self.translate_px = translate_px
        self.rotate = rotate
        self.shear = shear
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.rotate_method = rotate_method
        self.fit_output = fit_output
        self.keep_ratio = keep_ratio
        self.balanced_scale = balanced_scale
        self.p = p


class ShiftScaleRotate(Transform):
    """Moved, stretched and turned about the middle.

    Parameters
    ----------
    shift_limit : float or tuple of 2 float, default=(-0.0625, 0.0625)
        How far the picture moves to the right and down, as shares of width and height, -10 to 10.
        One number x stands for -x to x.
    shift_limit_x : float or tuple of 2 float or None, default=None
        How far the picture moves to the right, as a share of the width, instead of shift_limit. One
        number x stands for -x to x.
    shift_limit_y : float or tuple of 2 float or None, default=None
        How far the picture moves down, as a share of the height, instead of shift_limit. One number
        x stands for -x to x.
    scale_limit : float or tuple of 2 float, default=(-0.1, 0.1)
        How much is added to a factor of 1, above -0.99. One number x stands for -x to x.
    rotate_limit : float or tuple of 2 float, default=(-45, 45)
        How far the picture turns counter-clockwise, in degrees, -360 to 360. One number x stands
        for -x to x.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is seen beyond the edges.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    rotate_method : {'largest_box', 'ellipse'}, default='largest_box'
        How bounding boxes follow the turn.

        - 'largest_box': The smallest upright box around the four moved corners.
        - 'ellipse': The smallest upright box around the moved ellipse inside the box: tighter.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import ShiftScaleRotate
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> ShiftScaleRotate(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "ShiftScaleRotate"

    def __init__(
        self,
        *,
        shift_limit: float | tuple[float, float] = (-0.0625, 0.0625),
        shift_limit_x: float | tuple[float, float] | None = None,
        shift_limit_y: float | tuple[float, float] | None = None,
        scale_limit: float | tuple[float, float] = (-0.1, 0.1),
        rotate_limit: float | tuple[float, float] = (-45, 45),
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        rotate_method: _RotateMethod = "largest_box",
        p: float = 0.5,
    ) -> None:
        self.shift_limit = shift_limit
        self.shift_limit_x = shift_limit_x
        self.shift_limit_y = shift_limit_y
        self.scale_limit = scale_limit
        self.rotate_limit = rotate_limit
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.rotate_method = rotate_method
        self.p = p


class Perspective(Transform):
    """Seen from another point: the four corners are moved inwards, each by itself.

    Parameters
    ----------
    scale : float or tuple of 2 float, default=(0.05, 0.1)
        The standard deviation of each corner's way, as a share of the size, 0 to 0.4; no way is
        longer than 0.32.
    keep_size : bool, default=True
        True to give the new picture the size of the old one.
    fit_output : bool, default=False
        True to see all of the old picture.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is seen beyond the edges.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Perspective
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Perspective(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Perspective"

    def __init__(
        self,
        *,
        scale: float | tuple[float, float] = (0.05, 0.1),
        keep_size: bool = True,
        fit_output: bool = False,
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        p: float = 0.5,
    ) -> None:
        self.scale = scale
        self.keep_size = keep_size
        self.fit_output = fit_output
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.p = p


class ElasticTransform(Transform):
    """A smooth random displacement.

    Parameters
    ----------
    alpha : float, default=1.0
        What the smoothed field is multiplied by, 0 to 1,000,000. With sigma, displacements are of
        about 0.28 alpha / sigma pixels.
    sigma : float, default=50.0
        How far the field is smoothed, in pixels, 0.5 to 1000.
    same_dxdy : bool, default=False
        True to displace as much to the right as downwards.
    noise_distribution : {'gaussian', 'uniform'}, default='gaussian'
        What the field is made of before it is smoothed.

        - 'gaussian': Standard normal numbers.
        - 'uniform': Uniform from -1 to 1.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is seen beyond the edges.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    References
    ----------
    .. [1] Simard, P. Y., Steinkraus, D. and Platt, J. C. (2003). Best practices for convolutional
           neural networks applied to visual document analysis.
           https://doi.org/10.1109/ICDAR.2003.1227801

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import ElasticTransform
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> ElasticTransform(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "ElasticTransform"

    def __init__(
        self,
        *,
        alpha: float = 1.0,
        sigma: float = 50.0,
        same_dxdy: bool = False,
        noise_distribution: _NoiseDistribution = "gaussian",
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        p: float = 0.5,
    ) -> None:
        self.alpha = alpha
        self.sigma = sigma
        self.same_dxdy = same_dxdy
        self.noise_distribution = noise_distribution
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.p = p


class GridDistortion(Transform):
    """The columns and rows of an even grid stretched, each by itself.

    Parameters
    ----------
    num_steps : int, default=5
        Cells in each direction, 1 to 1000.
    distort_limit : float or tuple of 2 float, default=(-0.3, 0.3)
        By what share of its size a cell becomes larger, above -0.99. One number x stands for -x to
        x.
    normalized : bool, default=True
        True to keep the picture's edges where they are.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is seen beyond the edges.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import GridDistortion
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> GridDistortion(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "GridDistortion"

    def __init__(
        self,
        *,
        num_steps: int = 5,
        distort_limit: float | tuple[float, float] = (-0.3, 0.3),
        normalized: bool = True,
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        p: float = 0.5,
    ) -> None:
        self.num_steps = num_steps
        self.distort_limit = distort_limit
        self.normalized = normalized
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.p = p


class RandomCrop(Transform):
    """A part of the picture, anywhere.

    Parameters
    ----------
    height : int
        Rows of the part, 1 to 16,384.
    width : int
        Pixels in a row of the part, 1 to 16,384.
    pad_if_needed : bool, default=False
        True to give pictures that are too small more room; otherwise what there is of them is
        taken.
    pad_position : {'center', 'top_left', 'top_right', 'bottom_left', 'bottom_right', 'random'}, default='center'
        Where pictures that are too small are put in the room.

        - 'center': In the middle; the odd pixel goes below and to the right.
        - 'top_left': Into the upper left corner.
        - 'top_right': Into the upper right corner.
        - 'bottom_left': Into the lower left corner.
        - 'bottom_right': Into the lower right corner.
        - 'random': Anywhere.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is put around pictures that are too small.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    p : float, default=1.0
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import RandomCrop
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> RandomCrop(height=32, width=24, p=1.0)(image=picture)["image"].shape
    (32, 24, 3)
    """

    _step = "RandomCrop"

    def __init__(
        self,
        height: int,
        width: int,
        *,
        pad_if_needed: bool = False,
        pad_position: _PadPosition = "center",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        p: float = 1.0,
    ) -> None:
        self.height = height
        self.width = width
        self.pad_if_needed = pad_if_needed
        self.pad_position = pad_position
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.p = p


class CenterCrop(Transform):
    """The middle of the picture.

    Parameters
    ----------
    height : int
        Rows of the part, 1 to 16,384.
    width : int
        Pixels in a row of the part, 1 to 16,384.
    pad_if_needed : bool, default=False
        True to give pictures that are too small more room; otherwise what there is of them is
        taken.
    pad_position : {'center', 'top_left', 'top_right', 'bottom_left', 'bottom_right', 'random'}, default='center'
        Where pictures that are too small are put in the room.

        - 'center': In the middle; the odd pixel goes below and to the right.
        - 'top_left': Into the upper left corner.
        - 'top_right': Into the upper right corner.
        - 'bottom_left': Into the lower left corner.
        - 'bottom_right': Into the lower right corner.
        - 'random': Anywhere.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is put around pictures that are too small.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    p : float, default=1.0
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import CenterCrop
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> CenterCrop(height=32, width=24, p=1.0)(image=picture)["image"].shape
    (32, 24, 3)
    """

    _step = "CenterCrop"

    def __init__(
        self,
        height: int,
        width: int,
        *,
        pad_if_needed: bool = False,
        pad_position: _PadPosition = "center",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        p: float = 1.0,
    ) -> None:
        self.height = height
        self.width = width
        self.pad_if_needed = pad_if_needed
        self.pad_position = pad_position
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.p = p


class RandomResizedCrop(Transform):
    """A part of the picture, of any size and ratio, brought to one size.

    Parameters
    ----------
    size : tuple of 2 int
        Rows and pixels in a row of the new picture, 1 to 16,384.
    scale : float or tuple of 2 float, default=(0.08, 1.0)
        The part's share of the picture's area, above 0, at most 1.
    ratio : float or tuple of 2 float, default=(0.75, 1.3333333333333333)
        The part's width by its height, 0.01 to 100, even on a logarithmic scale.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    p : float, default=1.0
        How likely it is done, 0 to 1.

    References
    ----------
    .. [1] Szegedy, C. et al. (2015). Going deeper with convolutions.
           https://doi.org/10.1109/CVPR.2015.7298594

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import RandomResizedCrop
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> RandomResizedCrop(size=(32, 24), p=1.0)(image=picture)["image"].shape
    (32, 24, 3)
    """

    _step = "RandomResizedCrop"

    def __init__(
        self,
        size: tuple[int, int],
        *,
        scale: float | tuple[float, float] = (0.08, 1.0),
        ratio: float | tuple[float, float] = (0.75, 1.3333333333333333),
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        p: float = 1.0,
    ) -> None:
        self.size = size
        self.scale = scale
        self.ratio = ratio
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.p = p


class Resize(Transform):
    """Another size.

    Parameters
    ----------
    height : int
        Rows of the new picture, 1 to 16,384.
    width : int
        Pixels in a row of the new picture, 1 to 16,384.
    interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='linear'
        How values between pixels are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    mask_interpolation : {'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'
        How values between pixels of the mask are found.

        - 'nearest': The nearest pixel.
        - 'linear': Between the four around it.
        - 'cubic': Between sixteen: the cubic of Keys (1981,
          https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as OpenCV has it.
        - 'lanczos4': Between sixty-four: Lanczos' window over four pixels to each side.
        - 'area': The mean over the area of the new pixel: for making pictures smaller. Only for
          changes of size.
    p : float, default=1.0
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Resize
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Resize(height=32, width=24, p=1.0)(image=picture)["image"].shape
    (32, 24, 3)
    """

    _step = "Resize"

    def __init__(
        self,
        height: int,
        width: int,
        *,
        interpolation: _Interpolation = "linear",
        mask_interpolation: _Interpolation = "nearest",
        p: float = 1.0,
    ) -> None:
        self.height = height
        self.width = width
        self.interpolation = interpolation
        self.mask_interpolation = mask_interpolation
        self.p = p


class PadIfNeeded(Transform):
    """More room around pictures that are too small.

    Parameters
    ----------
    min_height : int or None, default=None
        Rows that there are afterwards at least, 1 to 16,384. By default 1024, unless there is a
        divisor.
    min_width : int or None, default=None
        Pixels in a row that there are afterwards at least, 1 to 16,384. By default 1024, unless
        there is a divisor.
    pad_height_divisor : int or None, default=None
        A number that divides the rows that there are afterwards, instead of min_height.
    pad_width_divisor : int or None, default=None
        A number that divides the pixels in a row that there are afterwards, instead of min_width.
    position : {'center', 'top_left', 'top_right', 'bottom_left', 'bottom_right', 'random'}, default='center'
        Where the picture is put.

        - 'center': In the middle; the odd pixel goes below and to the right.
        - 'top_left': Into the upper left corner.
        - 'top_right': Into the upper right corner.
        - 'bottom_left': Into the lower left corner.
        - 'bottom_right': Into the lower right corner.
        - 'random': Anywhere.
    border_mode : {'constant', 'replicate', 'reflect', 'wrap', 'reflect_101'}, default='constant'
        What is seen beyond the edges.

        - 'constant': The fill.
        - 'replicate': aaa|abcd|ddd
        - 'reflect': cba|abcd|dcb
        - 'wrap': bcd|abcd|abc
        - 'reflect_101': dcb|abcd|cba
    fill : float or sequence of float, default=0
        The fill where border_mode is constant, 0 to 255.
    fill_mask : int, default=0
        The fill of the mask where border_mode is constant: the number of a class.
    p : float, default=1.0
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import PadIfNeeded
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> PadIfNeeded(min_height=80, min_width=96, p=1.0)(image=picture)["image"].shape
    (80, 96, 3)
    """

    _step = "PadIfNeeded"

    def __init__(
        self,
        *,
        min_height: int | None = None,
        min_width: int | None = None,
        pad_height_divisor: int | None = None,
        pad_width_divisor: int | None = None,
        position: _PadPosition = "center",
        border_mode: _BorderMode = "constant",
        fill: float | Sequence[float] = 0,
        fill_mask: int = 0,
        p: float = 1.0,
    ) -> None:
        self.min_height = min_height
        self.min_width = min_width
        self.pad_height_divisor = pad_height_divisor
        self.pad_width_divisor = pad_width_divisor
        self.position = position
        self.border_mode = border_mode
        self.fill = fill
        self.fill_mask = fill_mask
        self.p = p


class Downscale(Transform):
    """Made smaller and larger again, so that detail is lost.

    Parameters
    ----------
    scale_range : float or tuple of 2 float, default=(0.25, 0.25)
        The size in between, as a share of the picture's, above 0, at most 1.
    interpolation_pair : dict with 'downscale', 'upscale' or None, default=None
        How values between pixels are found, on the way down and back.

        - 'downscale' ({'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'): On
          the way to fewer pixels.
        - 'upscale' ({'nearest', 'linear', 'cubic', 'lanczos4', 'area'}, default='nearest'): On the
          way back.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Downscale
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Downscale(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Downscale"

    def __init__(
        self,
        *,
        scale_range: float | tuple[float, float] = (0.25, 0.25),
        interpolation_pair: Mapping[str, Any] | None = None,
        p: float = 0.5,
    ) -> None:
        self.scale_range = scale_range
        self.interpolation_pair = interpolation_pair
        self.p = p


class CoarseDropout(Transform):
    """Rectangles filled. Keypoints in them go.

    Parameters
    ----------
    num_holes_range : float or tuple of 2 float, default=(1, 2)
        How many rectangles, 1 to 10,000.
    hole_height_range : float or tuple of 2 float, default=(0.1, 0.2)
        Rows of a rectangle: a share of the height if the range ends at 1 or before, else pixels.
    hole_width_range : float or tuple of 2 float, default=(0.1, 0.2)
        Pixels in a row of a rectangle: a share of the width if the range ends at 1 or before, else
        pixels.
    fill : float or sequence of float or {'random', 'random_uniform'}, default=0
        What holes are filled with: 0 to 255, random for values each by itself, random_uniform for
        one color for each hole.
    fill_mask : int or None, default=None
        What fills the mask: the number of a class. By default the mask stays.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    References
    ----------
    .. [1] DeVries, T. and Taylor, G. W. (2017). Improved regularization of convolutional neural
           networks with cutout. https://doi.org/10.48550/arXiv.1708.04552

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import CoarseDropout
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> CoarseDropout(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "CoarseDropout"

    def __init__(
        self,
        *,
        num_holes_range: float | tuple[float, float] = (1, 2),
        hole_height_range: float | tuple[float, float] = (0.1, 0.2),
        hole_width_range: float | tuple[float, float] = (0.1, 0.2),
        fill: float | Sequence[float] | _Fill = 0,
        fill_mask: int | None = None,
        p: float = 0.5,
    ) -> None:
        self.num_holes_range = num_holes_range
        self.hole_height_range = hole_height_range
        self.hole_width_range = hole_width_range
        self.fill = fill
        self.fill_mask = fill_mask
        self.p = p


class Erasing(Transform):
    """One rectangle filled. Keypoints in it go.

    Parameters
    ----------
    scale : float or tuple of 2 float, default=(0.02, 0.33)
        The rectangle's share of the picture's area, above 0, at most 1.
    ratio : float or tuple of 2 float, default=(0.3, 3.3)
        The rectangle's width by its height, 0.01 to 100, even on a logarithmic scale.
    fill : float or sequence of float or {'random', 'random_uniform'}, default=0
        What holes are filled with: 0 to 255, random for values each by itself, random_uniform for
        one color for each hole.
    fill_mask : int or None, default=None
        What fills the mask: the number of a class. By default the mask stays.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    References
    ----------
    .. [1] Zhong, Z., Zheng, L., Kang, G., Li, S. and Yang, Y. (2020). Random erasing data
           augmentation. https://doi.org/10.1609/aaai.v34i07.7000

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Erasing
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Erasing(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Erasing"

    def __init__(
        self,
        *,
        scale: float | tuple[float, float] = (0.02, 0.33),
        ratio: float | tuple[float, float] = (0.3, 3.3),
        fill: float | Sequence[float] | _Fill = 0,
        fill_mask: int | None = None,
        p: float = 0.5,
    ) -> None:
        self.scale = scale
        self.ratio = ratio
        self.fill = fill
        self.fill_mask = fill_mask
        self.p = p


class GaussNoise(Transform):
    """Normal noise added, rounded, and clipped at both ends. Opacity stays, as with all noise.

    Parameters
    ----------
    std_range : float or tuple of 2 float, default=(0.2, 0.44)
        The standard deviation, as a share of the brightest value, 0 to 1. 25 grey levels of 255 are
        0.098.
    mean_range : float or tuple of 2 float, default=(0.0, 0.0)
        The mean, as a share of the brightest value, -1 to 1.
    per_channel : bool, default=True
        True for other noise in each channel.
    noise_scale_factor : float, default=1.0
        The share of the resolution at which noise is made before it is stretched: less is coarser
        grain; above 0, at most 1.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import GaussNoise
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> GaussNoise(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "GaussNoise"

    def __init__(
        self,
        *,
        std_range: float | tuple[float, float] = (0.2, 0.44),
        mean_range: float | tuple[float, float] = (0.0, 0.0),
        per_channel: bool = True,
        noise_scale_factor: float = 1.0,
        p: float = 0.5,
    ) -> None:
        self.std_range = std_range
        self.mean_range = mean_range
        self.per_channel = per_channel
        self.noise_scale_factor = noise_scale_factor
        self.p = p


class SaltAndPepper(Transform):
    """Single pixels white or black.

    Parameters
    ----------
    amount : float or tuple of 2 float, default=(0.01, 0.06)
        The share of pixels that become white or black, 0 to 1.
    salt_vs_pepper : float or tuple of 2 float, default=(0.4, 0.6)
        The share of white pixels among these, 0 to 1.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import SaltAndPepper
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> SaltAndPepper(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "SaltAndPepper"

    def __init__(
        self,
        *,
        amount: float | tuple[float, float] = (0.01, 0.06),
        salt_vs_pepper: float | tuple[float, float] = (0.4, 0.6),
        p: float = 0.5,
    ) -> None:
        self.amount = amount
        self.salt_vs_pepper = salt_vs_pepper
        self.p = p


class ShotNoise(Transform):
    """The noise of counting photons.

    In linear light (values to the power of 2.2), counts are Poisson-distributed.

    Parameters
    ----------
    scale_range : float or tuple of 2 float, default=(0.1, 0.3)
        How much light a photon is, as a share of the brightest, 0.000001 to 1: larger is noisier.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import ShotNoise
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> ShotNoise(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "ShotNoise"

    def __init__(
        self,
        *,
        scale_range: float | tuple[float, float] = (0.1, 0.3),
        p: float = 0.5,
    ) -> None:
        self.scale_range = scale_range
        self.p = p


class MultiplicativeNoise(Transform):
    """Values multiplied by a random factor.

    Parameters
    ----------
    multiplier : float or tuple of 2 float, default=(0.9, 1.1)
        The factor, 0 to 100.
    per_channel : bool, default=False
        True for another factor in each channel.
    elementwise : bool, default=False
        True for another factor in each pixel.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import MultiplicativeNoise
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> MultiplicativeNoise(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "MultiplicativeNoise"

    def __init__(
        self,
        *,
        multiplier: float | tuple[float, float] = (0.9, 1.1),
        per_channel: bool = False,
        elementwise: bool = False,
        p: float = 0.5,
    ) -> None:
        self.multiplier = multiplier
        self.per_channel = per_channel
        self.elementwise = elementwise
        self.p = p


class ISONoise(Transform):
    """The noise of a sensitive camera.

    The hue of each pixel changes normally, and its lightness grows by a Poisson-distributed number
    of 255ths, whose mean is intensity times the spread of lightness in the picture. Grey pictures
    have no hue.

    Parameters
    ----------
    color_shift : float or tuple of 2 float, default=(0.01, 0.05)
        The standard deviation of the hue, as a share of a whole turn, before intensity, 0 to 1.
    intensity : float or tuple of 2 float, default=(0.1, 0.5)
        How strong both changes are, 0 to 10.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import ISONoise
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> ISONoise(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "ISONoise"

    def __init__(
        self,
        *,
        color_shift: float | tuple[float, float] = (0.01, 0.05),
        intensity: float | tuple[float, float] = (0.1, 0.5),
        p: float = 0.5,
    ) -> None:
        self.color_shift = color_shift
        self.intensity = intensity
        self.p = p


class GaussianBlur(Transform):
    """A Gaussian filter.

    Parameters
    ----------
    blur_limit : float or tuple of 2 float, default=(0.0, 0.0)
        Pixels to a side, odd, up to 255; 0 for as many as matter, about 6 sigma.
    sigma_limit : float or tuple of 2 float, default=(0.5, 3.0)
        The standard deviation in pixels, 0.05 to 100.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import GaussianBlur
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> GaussianBlur(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "GaussianBlur"

    def __init__(
        self,
        *,
        blur_limit: float | tuple[float, float] = (0.0, 0.0),
        sigma_limit: float | tuple[float, float] = (0.5, 3.0),
        p: float = 0.5,
    ) -> None:
        self.blur_limit = blur_limit
        self.sigma_limit = sigma_limit
        self.p = p


class MotionBlur(Transform):
    """The camera moved: the mean along a line.

    Parameters
    ----------
    blur_limit : float or tuple of 2 float, default=(3, 7)
        The line's length in pixels, odd, 3 to 255.
    angle_range : float or tuple of 2 float, default=(0, 360)
        The line's direction in degrees, 0 to 360.
    direction_range : float or tuple of 2 float, default=(-1.0, 1.0)
        Where on the line the pixel is: -1 at its end, 0 in its middle, 1 at its beginning.
    allow_shifted : bool, default=True
        False to have the pixel always in the line's middle.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import MotionBlur
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> MotionBlur(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "MotionBlur"

    def __init__(
        self,
        *,
        blur_limit: float | tuple[float, float] = (3, 7),
        angle_range: float | tuple[float, float] = (0, 360),
        direction_range: float | tuple[float, float] = (-1.0, 1.0),
        allow_shifted: bool = True,
        p: float = 0.5,
    ) -> None:
        self.blur_limit = blur_limit
        self.angle_range = angle_range
        self.direction_range = direction_range
        self.allow_shifted = allow_shifted
        self.p = p


class MedianBlur(Transform):
    """Medians of neighbourhoods.

    Parameters
    ----------
    blur_limit : float or tuple of 2 float, default=(3, 7)
        Pixels to a side, odd, 3 to 255.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import MedianBlur
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> MedianBlur(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "MedianBlur"

    def __init__(
        self,
        *,
        blur_limit: float | tuple[float, float] = (3, 7),
        p: float = 0.5,
    ) -> None:
        self.blur_limit = blur_limit
        self.p = p


class Sharpen(Transform):
    """Edges made clearer.

    Parameters
    ----------
    alpha : float or tuple of 2 float, default=(0.2, 0.5)
        How much of the sharpened picture is mixed in, 0 to 1.
    lightness : float or tuple of 2 float, default=(0.5, 1.0)
        What is added to the weight of the pixel itself, which is 8, by the kernel method, 0 to 100;
        at 1 flat areas keep their brightness.
    method : {'kernel', 'gaussian'}, default='kernel'
        How edges are found.

        - 'kernel': By the eight neighbours.
        - 'gaussian': By what a Gaussian filter takes away.
    kernel_size : int, default=5
        Pixels to a side of the Gaussian, odd, 3 to 255.
    sigma : float, default=1.0
        The standard deviation of the Gaussian in pixels, 0.05 to 100.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Sharpen
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Sharpen(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Sharpen"

    def __init__(
        self,
        *,
        alpha: float | tuple[float, float] = (0.2, 0.5),
        lightness: float | tuple[float, float] = (0.5, 1.0),
        method: _Method = "kernel",
        kernel_size: int = 5,
        sigma: float = 1.0,
        p: float = 0.5,
    ) -> None:
        self.alpha = alpha
        self.lightness = lightness
        self.method = method
        self.kernel_size = kernel_size
        self.sigma = sigma
        self.p = p


class RandomBrightnessContrast(Transform):
    """Values multiplied, and something added to them.

    Parameters
    ----------
    brightness_limit : float or tuple of 2 float, default=(-0.2, 0.2)
        What is added to values, as a share, -10 to 10. One number x stands for -x to x.
    contrast_limit : float or tuple of 2 float, default=(-0.2, 0.2)
        What is added to the factor of 1 that values are multiplied by, -1 to 10. One number x
        stands for -x to x.
    brightness_by_max : bool, default=True
        True to take brightness_limit as a share of the brightest value, false of the picture's
        mean.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import RandomBrightnessContrast
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> RandomBrightnessContrast(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "RandomBrightnessContrast"

    def __init__(
        self,
        *,
        brightness_limit: float | tuple[float, float] = (-0.2, 0.2),
        contrast_limit: float | tuple[float, float] = (-0.2, 0.2),
        brightness_by_max: bool = True,
        p: float = 0.5,
    ) -> None:
        self.brightness_limit = brightness_limit
        self.contrast_limit = contrast_limit
        self.brightness_by_max = brightness_by_max
        self.p = p


class RandomGamma(Transform):
    """Values raised to a power, as shares of the brightest.

    Parameters
    ----------
    gamma_limit : float or tuple of 2 float, default=(80, 120)
        The power in hundredths, 1 to 10,000; above 100 is darker.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import RandomGamma
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> RandomGamma(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "RandomGamma"

    def __init__(
        self,
        *,
        gamma_limit: float | tuple[float, float] = (80, 120),
        p: float = 0.5,
    ) -> None:
        self.gamma_limit = gamma_limit
        self.p = p


class CLAHE(Transform):
    """Contrast-limited adaptive histogram equalization.

    Levels are made equally frequent in parts of the picture. Of color, this is done with the
    lightness (L).

    Parameters
    ----------
    clip_limit : float or tuple of 2 float, default=(1, 4)
        How many times as frequent as on average a level may be, 1 to 1000.
    tile_grid_size : tuple of 2 int, default=(8, 8)
        Rows and columns of parts, 1 to 256.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    References
    ----------
    .. [1] Zuiderveld, K. (1994). Contrast limited adaptive histogram equalization.
           https://doi.org/10.1016/B978-0-12-336156-1.50061-6

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import CLAHE
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> CLAHE(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "CLAHE"

    def __init__(
        self,
        *,
        clip_limit: float | tuple[float, float] = (1, 4),
        tile_grid_size: tuple[int, int] = (8, 8),
        p: float = 0.5,
    ) -> None:
        self.clip_limit = clip_limit
        self.tile_grid_size = tile_grid_size
        self.p = p


class Equalize(Transform):
    """Levels made equally frequent.

    Parameters
    ----------
    mode : {'cv', 'pil'}, default='cv'
        Whose rounding: cv for OpenCV's, pil for the Python Imaging Library's.

        - 'cv': OpenCV's.
        - 'pil': The Python Imaging Library's.
    by_channels : bool, default=True
        True to take each channel by itself; otherwise brightness alone changes, and colors stay.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Equalize
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Equalize(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Equalize"

    def __init__(
        self,
        *,
        mode: _Mode = "cv",
        by_channels: bool = True,
        p: float = 0.5,
    ) -> None:
        self.mode = mode
        self.by_channels = by_channels
        self.p = p


class Posterize(Transform):
    """Only the highest bits of values are kept.

    Parameters
    ----------
    num_bits : float or tuple of 2 float, default=(4, 4)
        How many bits, 1 to 16.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Posterize
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Posterize(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Posterize"

    def __init__(
        self,
        *,
        num_bits: float | tuple[float, float] = (4, 4),
        p: float = 0.5,
    ) -> None:
        self.num_bits = num_bits
        self.p = p


class Solarize(Transform):
    """Bright values inverted.

    Parameters
    ----------
    threshold_range : float or tuple of 2 float, default=(0.5, 0.5)
        The share of the brightest value from which on values are inverted, 0 to 1.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Solarize
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Solarize(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Solarize"

    def __init__(
        self,
        *,
        threshold_range: float | tuple[float, float] = (0.5, 0.5),
        p: float = 0.5,
    ) -> None:
        self.threshold_range = threshold_range
        self.p = p


class InvertImg(Transform):
    """Bright becomes dark.

    Parameters
    ----------
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import InvertImg
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> InvertImg(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "InvertImg"

    def __init__(
        self,
        *,
        p: float = 0.5,
    ) -> None:
        self.p = p


class ColorJitter(Transform):
    """Brightness, contrast, saturation and hue changed, in random order.

    Parameters
    ----------
    brightness : float or tuple of 2 float, default=(0.8, 1.2)
        What values are multiplied by, 0 to 100.
    contrast : float or tuple of 2 float, default=(0.8, 1.2)
        How far values are from the mean brightness afterwards, as a factor, 0 to 100.
    saturation : float or tuple of 2 float, default=(0.8, 1.2)
        How far values are from their pixel's grey afterwards, as a factor, 0 to 100.
    hue : float or tuple of 2 float, default=(-0.5, 0.5)
        How far hue is turned, as a share of a whole turn, -0.5 to 0.5. One number x stands for -x
        to x.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import ColorJitter
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> ColorJitter(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "ColorJitter"

    def __init__(
        self,
        *,
        brightness: float | tuple[float, float] = (0.8, 1.2),
        contrast: float | tuple[float, float] = (0.8, 1.2),
        saturation: float | tuple[float, float] = (0.8, 1.2),
        hue: float | tuple[float, float] = (-0.5, 0.5),
        p: float = 0.5,
    ) -> None:
        self.brightness = brightness
        self.contrast = contrast
        self.saturation = saturation
        self.hue = hue
        self.p = p


class HueSaturationValue(Transform):
    """Hue, saturation and value shifted.

    Parameters
    ----------
    hue_shift_limit : float or tuple of 2 float, default=(-20, 20)
        The shift of the hue, in steps of two degrees as OpenCV counts it, -180 to 180. One number x
        stands for -x to x.
    sat_shift_limit : float or tuple of 2 float, default=(-30, 30)
        The shift of the saturation, in 255ths, -255 to 255. One number x stands for -x to x.
    val_shift_limit : float or tuple of 2 float, default=(-20, 20)
        The shift of the value, in 255ths, -255 to 255. One number x stands for -x to x.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import HueSaturationValue
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> HueSaturationValue(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "HueSaturationValue"

    def __init__(
        self,
        *,
        hue_shift_limit: float | tuple[float, float] = (-20, 20),
        sat_shift_limit: float | tuple[float, float] = (-30, 30),
        val_shift_limit: float | tuple[float, float] = (-20, 20),
        p: float = 0.5,
    ) -> None:
        self.hue_shift_limit = hue_shift_limit
        self.sat_shift_limit = sat_shift_limit
        self.val_shift_limit = val_shift_limit
        self.p = p


class ToGray(Transform):
    """No color.

    Parameters
    ----------
    num_output_channels : int, default=3
        Channels of the new picture: 1, or 3 that are alike.
    method : {'weighted_average', 'from_lab', 'desaturation', 'average', 'max'}, default='weighted_average'
        How a color becomes grey.

        - 'weighted_average': 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
        - 'from_lab': The lightness of CIE Lab.
        - 'desaturation': Half of the strongest and the weakest channel.
        - 'average': A third of each.
        - 'max': The strongest channel.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import ToGray
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> ToGray(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "ToGray"

    def __init__(
        self,
        *,
        num_output_channels: int = 3,
        method: _ToGrayMethod = "weighted_average",
        p: float = 0.5,
    ) -> None:
        self.num_output_channels = num_output_channels
        self.method = method
        self.p = p


class ImageCompression(Transform):
    """Through a compressed file and back.

    Parameters
    ----------
    compression_type : {'jpeg'}, default='jpeg'
        The format of the file.

        - 'jpeg': Baseline JPEG, color at half the resolution.
    quality_range : float or tuple of 2 float, default=(99, 100)
        Quality, 1 to 100.
    p : float, default=0.5
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import ImageCompression
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> ImageCompression(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "ImageCompression"

    def __init__(
        self,
        *,
        compression_type: Literal["jpeg"] = "jpeg",
        quality_range: float | tuple[float, float] = (99, 100),
        p: float = 0.5,
    ) -> None:
        self.compression_type = compression_type
        self.quality_range = quality_range
        self.p = p


class Normalize(Transform):
    """Real numbers of a known mean and spread.

    No transform can follow, and only NPY files can hold them.

    Parameters
    ----------
    mean : sequence of float, default=(0.485, 0.456, 0.406)
        The mean of each channel, in shares of the brightest value; the last goes for all further
        channels.
    std : sequence of float, default=(0.229, 0.224, 0.225)
        The standard deviation of each channel, in shares of the brightest value, above 0.
    max_pixel_value : float or None, default=None
        The brightest value. By default 255 or 65535, by the picture.
    normalization : {'standard', 'image', 'image_per_channel', 'min_max', 'min_max_per_channel'}, default='standard'
        What pictures are normalized by.

        - 'standard': By the given means and standard deviations.
        - 'image': By the picture's own mean and standard deviation.
        - 'image_per_channel': By those of each of its channels.
        - 'min_max': From 0 to 1 between its darkest and its brightest value.
        - 'min_max_per_channel': The same for each channel.
    p : float, default=1.0
        How likely it is done, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import Normalize
    >>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> Normalize(p=1.0)(image=picture)["image"].shape
    (64, 64, 3)
    """

    _step = "Normalize"

    def __init__(
        self,
        *,
        mean: Sequence[float] = (0.485, 0.456, 0.406),
        std: Sequence[float] = (0.229, 0.224, 0.225),
        max_pixel_value: float | None = None,
        normalization: _Normalization = "standard",
        p: float = 1.0,
    ) -> None:
        self.mean = mean
        self.std = std
        self.max_pixel_value = max_pixel_value
        self.normalization = normalization
        self.p = p
