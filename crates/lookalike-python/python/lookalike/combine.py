"""Resamplers that add rows to classes and then leave rows out."""

# Made from the options of the library: UPDATE_DOCS=1 cargo test --test python_sources

from collections.abc import Callable, Mapping
from typing import Any

from lookalike._resampling import Resampler

__all__ = [
    "SMOTEENN",
    "SMOTETomek",
]


class SMOTEENN(Resampler):
    """SMOTE, then edited nearest neighbours.

    SMOTE for any table, and what cleans after it, in all classes (Batista, Prati & Monard 2004).

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards. A float is the number of rows of the smaller of two
        classes divided by that of the larger. A str names the classes that are meant: 'minority',
        'majority', 'not minority', 'not majority', 'all', or 'auto', which is 'not majority' where
        rows are added and 'not minority' where they are left out. A dict says how many rows classes
        have; others stay as they are. A callable takes y and returns such a dict. Methods that
        clean take a str only.
    random_state : int, NumPy generator or None, default=None
        The seed. The same seed gives the same rows on any number of threads; None for another one
        each time.
    smote : None
        In imbalanced-learn, the resampler that makes rows. Only None is accepted.
    enn : None
        In imbalanced-learn, the resampler that cleans. Only None is accepted.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    k_neighbors : int, default=5
        How many neighbours a row has when new ones are made.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Batista, G. E., Prati, R. C. and Monard, M. C. (2004). A study of the behavior of several
           methods for balancing machine learning training data.
           https://doi.org/10.1145/1007730.1007735

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.combine import SMOTEENN
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = SMOTEENN(random_state=0).fit_resample(X, y)
    >>> Counter(y_new)["usual"] <= 32
    True
    """

    _method = "smote-enn"
    _own = {"k_neighbors": "neighbors"}
    _refused = {"smote": (None,), "enn": (None,)}
    _ignored = ("n_jobs",)
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        smote: Any = None,
        enn: Any = None,
        n_jobs: int | None = None,
        k_neighbors: int = 5,
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.smote = smote
        self.enn = enn
        self.n_jobs = n_jobs
        self.k_neighbors = k_neighbors
        self.raw_units = raw_units
        self.textbook = textbook


class SMOTETomek(Resampler):
    """SMOTE, then without Tomek links.

    SMOTE for any table, and what cleans after it, in all classes (Batista, Prati & Monard 2004).

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards. A float is the number of rows of the smaller of two
        classes divided by that of the larger. A str names the classes that are meant: 'minority',
        'majority', 'not minority', 'not majority', 'all', or 'auto', which is 'not majority' where
        rows are added and 'not minority' where they are left out. A dict says how many rows classes
        have; others stay as they are. A callable takes y and returns such a dict. Methods that
        clean take a str only.
    random_state : int, NumPy generator or None, default=None
        The seed. The same seed gives the same rows on any number of threads; None for another one
        each time.
    smote : None
        In imbalanced-learn, the resampler that makes rows. Only None is accepted.
    tomek : None
        In imbalanced-learn, the resampler that cleans. Only None is accepted.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    k_neighbors : int, default=5
        How many neighbours a row has when new ones are made.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Batista, G. E., Prati, R. C. and Monard, M. C. (2004). A study of the behavior of several
           methods for balancing machine learning training data.
           https://doi.org/10.1145/1007730.1007735

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.combine import SMOTETomek
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = SMOTETomek(random_state=0).fit_resample(X, y)
    >>> Counter(y_new)["usual"] <= 32
    True
    """

    _method = "smote-tomek"
    _own = {"k_neighbors": "neighbors"}
    _refused = {"smote": (None,), "tomek": (None,)}
    _ignored = ("n_jobs",)
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        smote: Any = None,
        tomek: Any = None,
        n_jobs: int | None = None,
        k_neighbors: int = 5,
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.smote = smote
        self.tomek = tomek
        self.n_jobs = n_jobs
        self.k_neighbors = k_neighbors
        self.raw_units = raw_units
        self.textbook = textbook
