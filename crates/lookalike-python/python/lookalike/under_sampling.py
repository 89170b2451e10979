"""Resamplers that leave rows of classes out."""

# Made from the options of the library: UPDATE_DOCS=1 cargo test --test python_sources

from collections.abc import Callable, Mapping
from typing import Any, Literal

from lookalike._resampling import Resampler

__all__ = [
    "AllKNN",
    "ClusterCentroids",
    "CondensedNearestNeighbour",
    "EditedNearestNeighbours",
    "InstanceHardnessThreshold",
    "NearMiss",
    "NeighbourhoodCleaningRule",
    "OneSidedSelection",
    "RandomUnderSampler",
    "RepeatedEditedNearestNeighbours",
    "TomekLinks",
]

_KindSel = Literal["all", "mode"]


class RandomUnderSampler(Resampler):
    """Random undersampling: rows of a class are drawn without replacement, and the others left out.

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
    replacement : bool, default=False
        In imbalanced-learn, whether a row may be drawn twice. Only False is accepted.

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import RandomUnderSampler
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = RandomUnderSampler(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 8), ('usual', 8)]
    """

    _method = "random-under"
    _own = {}
    _refused = {"replacement": (False,)}

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        replacement: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.replacement = replacement


class NearMiss(Resampler):
    """NearMiss: of a class those rows are kept that are nearest to the smallest class.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards. A float is the number of rows of the smaller of two
        classes divided by that of the larger. A str names the classes that are meant: 'minority',
        'majority', 'not minority', 'not majority', 'all', or 'auto', which is 'not majority' where
        rows are added and 'not minority' where they are left out. A dict says how many rows classes
        have; others stay as they are. A callable takes y and returns such a dict. Methods that
        clean take a str only.
    version : int, default=1
        1: the least mean distance to the nearest rows of the smallest class. 2: the least mean
        distance to the furthest ones. 3: of those that are among the neighbours of a row of the
        smallest class, the greatest mean distance to its nearest rows.
    n_neighbors : int, default=3
        How many rows of the smallest class a distance is the mean of.
    n_neighbors_ver3 : int, default=3
        How many neighbours each row of the smallest class proposes, in version 3.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.

    References
    ----------
    .. [1] Mani, I. and Zhang, J. (2003). kNN approach to unbalanced data distributions: a case
           study involving information extraction. ICML workshop on learning from imbalanced
           datasets.

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import NearMiss
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = NearMiss().fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 8), ('usual', 8)]
    """

    _method = "nearmiss"
    _own = {"version": "version", "n_neighbors": "neighbors", "n_neighbors_ver3": "proposed"}
    _ignored = ("n_jobs",)
    _balance = ("raw_units",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        version: int = 1,
        n_neighbors: int = 3,
        n_neighbors_ver3: int = 3,
        n_jobs: int | None = None,
        raw_units: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.version = version
        self.n_neighbors = n_neighbors
        self.n_neighbors_ver3 = n_neighbors_ver3
        self.n_jobs = n_jobs
        self.raw_units = raw_units


class TomekLinks(Resampler):
    """Tomek links: two rows of different classes, each the nearest of the other.

    Those of the classes that are to shrink are left out.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards. A float is the number of rows of the smaller of two
        classes divided by that of the larger. A str names the classes that are meant: 'minority',
        'majority', 'not minority', 'not majority', 'all', or 'auto', which is 'not majority' where
        rows are added and 'not minority' where they are left out. A dict says how many rows classes
        have; others stay as they are. A callable takes y and returns such a dict. Methods that
        clean take a str only.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.

    References
    ----------
    .. [1] Tomek, I. (1976). Two modifications of CNN. https://doi.org/10.1109/TSMC.1976.4309452

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import TomekLinks
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = TomekLinks().fit_resample(X, y)
    >>> Counter(y_new)["rare"], Counter(y_new)["usual"] <= 32
    (8, True)
    """

    _method = "tomek"
    _own = {}
    _ignored = ("n_jobs",)
    _balance = ("raw_units",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        n_jobs: int | None = None,
        raw_units: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.n_jobs = n_jobs
        self.raw_units = raw_units


class EditedNearestNeighbours(Resampler):
    """Edited nearest neighbours: rows whose neighbours do not agree with their class are left out.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards. A float is the number of rows of the smaller of two
        classes divided by that of the larger. A str names the classes that are meant: 'minority',
        'majority', 'not minority', 'not majority', 'all', or 'auto', which is 'not majority' where
        rows are added and 'not minority' where they are left out. A dict says how many rows classes
        have; others stay as they are. A callable takes y and returns such a dict. Methods that
        clean take a str only.
    n_neighbors : int, default=3
        How many nearest neighbours a row has, at least 1.
    kind_sel : {'all', 'mode'}, default='all'
        How the neighbours of a row say that it may stay.

        - 'all': All are of its class.
        - 'mode': Its class is the most frequent among them, or the first of several that are.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.

    References
    ----------
    .. [1] Wilson, D. L. (1972). Asymptotic properties of nearest neighbor rules using edited data.
           https://doi.org/10.1109/TSMC.1972.4309137

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import EditedNearestNeighbours
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = EditedNearestNeighbours().fit_resample(X, y)
    >>> Counter(y_new)["rare"], Counter(y_new)["usual"] <= 32
    (8, True)
    """

    _method = "enn"
    _own = {"n_neighbors": "neighbors", "kind_sel": "agreement"}
    _ignored = ("n_jobs",)
    _balance = ("raw_units",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        n_neighbors: int = 3,
        kind_sel: _KindSel = "all",
        n_jobs: int | None = None,
        raw_units: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.n_neighbors = n_neighbors
        self.kind_sel = kind_sel
        self.n_jobs = n_jobs
        self.raw_units = raw_units


class RepeatedEditedNearestNeighbours(Resampler):
    """Repeated edited nearest neighbours: edited until nothing changes.

    It ends earlier when a class has become smaller than the one that was the smallest, or when the
    next round would leave nothing of one.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards. A float is the number of rows of the smaller of two
        classes divided by that of the larger. A str names the classes that are meant: 'minority',
        'majority', 'not minority', 'not majority', 'all', or 'auto', which is 'not majority' where
        rows are added and 'not minority' where they are left out. A dict says how many rows classes
        have; others stay as they are. A callable takes y and returns such a dict. Methods that
        clean take a str only.
    n_neighbors : int, default=3
        How many nearest neighbours a row has, at least 1.
    max_iter : int, default=100
        In imbalanced-learn, the most rounds; here they end by themselves. Only 100 is accepted.
    kind_sel : {'all', 'mode'}, default='all'
        How the neighbours of a row say that it may stay.

        - 'all': All are of its class.
        - 'mode': Its class is the most frequent among them, or the first of several that are.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.

    References
    ----------
    .. [1] Tomek, I. (1976). An experiment with the edited nearest-neighbor rule.
           https://doi.org/10.1109/TSMC.1976.4309523

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import RepeatedEditedNearestNeighbours
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = RepeatedEditedNearestNeighbours().fit_resample(X, y)
    >>> Counter(y_new)["rare"], Counter(y_new)["usual"] <= 32
    (8, True)
    """

    _method = "repeated-enn"
    _own = {"n_neighbors": "neighbors", "kind_sel": "agreement"}
    _refused = {"max_iter": (100,)}
    _ignored = ("n_jobs",)
    _balance = ("raw_units",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        n_neighbors: int = 3,
        max_iter: int = 100,
        kind_sel: _KindSel = "all",
        n_jobs: int | None = None,
        raw_units: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.n_neighbors = n_neighbors
        self.max_iter = max_iter
        self.kind_sel = kind_sel
        self.n_jobs = n_jobs
        self.raw_units = raw_units


class AllKNN(Resampler):
    """All k-NN: edited with 1 neighbour, the result with 2, and so on.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards. A float is the number of rows of the smaller of two
        classes divided by that of the larger. A str names the classes that are meant: 'minority',
        'majority', 'not minority', 'not majority', 'all', or 'auto', which is 'not majority' where
        rows are added and 'not minority' where they are left out. A dict says how many rows classes
        have; others stay as they are. A callable takes y and returns such a dict. Methods that
        clean take a str only.
    n_neighbors : int, default=3
        How many neighbours a row has in the last round.
    kind_sel : {'all', 'mode'}, default='all'
        How the neighbours of a row say that it may stay.

        - 'all': All are of its class.
        - 'mode': Its class is the most frequent among them, or the first of several that are.
    allow_minority : bool, default=False
        In imbalanced-learn, whether the largest class may become the smallest. Only False is
        accepted.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.

    References
    ----------
    .. [1] Tomek, I. (1976). An experiment with the edited nearest-neighbor rule.
           https://doi.org/10.1109/TSMC.1976.4309523

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import AllKNN
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = AllKNN().fit_resample(X, y)
    >>> Counter(y_new)["rare"], Counter(y_new)["usual"] <= 32
    (8, True)
    """

    _method = "all-knn"
    _own = {"n_neighbors": "neighbors", "kind_sel": "agreement"}
    _refused = {"allow_minority": (False,)}
    _ignored = ("n_jobs",)
    _balance = ("raw_units",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        n_neighbors: int = 3,
        kind_sel: _KindSel = "all",
        allow_minority: bool = False,
        n_jobs: int | None = None,
        raw_units: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.n_neighbors = n_neighbors
        self.kind_sel = kind_sel
        self.allow_minority = allow_minority
        self.n_jobs = n_jobs
        self.raw_units = raw_units


class CondensedNearestNeighbour(Resampler):
    """The condensed nearest neighbour rule: what the rows chosen so far get wrong is chosen too.

    It begins with the smallest class and one row of a class that is to shrink. Rows of that class
    that the nearest chosen row takes for another class are chosen too, until there are none.

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
    n_neighbors : int or None, default=None
        In imbalanced-learn, the number of neighbours, one here. Only None or 1 is accepted.
    n_seeds_S : int, default=1
        In imbalanced-learn, how many rows of a class to begin with, one here. Only 1 is accepted.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.

    References
    ----------
    .. [1] Hart, P. (1968). The condensed nearest neighbor rule.
           https://doi.org/10.1109/TIT.1968.1054155

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import CondensedNearestNeighbour
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = CondensedNearestNeighbour(random_state=0).fit_resample(X, y)
    >>> Counter(y_new)["rare"], Counter(y_new)["usual"] <= 32
    (8, True)
    """

    _method = "condensed-nn"
    _own = {}
    _refused = {"n_neighbors": (None, 1), "n_seeds_S": (1,)}
    _ignored = ("n_jobs",)
    _balance = ("raw_units",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        n_neighbors: int | None = None,
        n_seeds_S: int = 1,
        n_jobs: int | None = None,
        raw_units: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.n_neighbors = n_neighbors
        self.n_seeds_S = n_seeds_S
        self.n_jobs = n_jobs
        self.raw_units = raw_units


class OneSidedSelection(Resampler):
    """One-sided selection: what is far from the border is left out, and so is what is on it.

    The smallest class stays, with one row of each class that is to shrink and those of it that the
    nearest of these takes for another class; then without the Tomek links among them.

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
    n_neighbors : int or None, default=None
        In imbalanced-learn, the number of neighbours, one here. Only None or 1 is accepted.
    n_seeds_S : int, default=1
        In imbalanced-learn, how many rows of a class to begin with, one here. Only 1 is accepted.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.

    References
    ----------
    .. [1] Kubat, M. and Matwin, S. (1997). Addressing the curse of imbalanced training sets:
           one-sided selection. ICML.

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import OneSidedSelection
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = OneSidedSelection(random_state=0).fit_resample(X, y)
    >>> Counter(y_new)["rare"], Counter(y_new)["usual"] <= 32
    (8, True)
    """

    _method = "one-sided-selection"
    _own = {}
    _refused = {"n_neighbors": (None, 1), "n_seeds_S": (1,)}
    _ignored = ("n_jobs",)
    _balance = ("raw_units",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        n_neighbors: int | None = None,
        n_seeds_S: int = 1,
        n_jobs: int | None = None,
        raw_units: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.n_neighbors = n_neighbors
        self.n_seeds_S = n_seeds_S
        self.n_jobs = n_jobs
        self.raw_units = raw_units


class NeighbourhoodCleaningRule(Resampler):
    """The neighbourhood cleaning rule: rows that most of their neighbours contradict are left out.

    So are the neighbours that contradict a row of the smallest class. Such a row has a vote on
    itself there, as in imbalanced-learn: with 3 neighbours both of the nearest two must contradict
    it.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default='auto'
        How many rows each class has afterwards. A float is the number of rows of the smaller of two
        classes divided by that of the larger. A str names the classes that are meant: 'minority',
        'majority', 'not minority', 'not majority', 'all', or 'auto', which is 'not majority' where
        rows are added and 'not minority' where they are left out. A dict says how many rows classes
        have; others stay as they are. A callable takes y and returns such a dict. Methods that
        clean take a str only.
    edited_nearest_neighbours : None
        In imbalanced-learn, the resampler of the first step. Only None is accepted.
    n_neighbors : int, default=3
        How many nearest neighbours a row has, at least 1.
    threshold_cleaning : float, default=0.5
        Only classes with more rows than this share of the smallest one's lose rows in the second
        step.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.

    References
    ----------
    .. [1] Laurikkala, J. (2001). Improving identification of difficult small classes by balancing
           class distribution. https://doi.org/10.1007/3-540-48229-6_9

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import NeighbourhoodCleaningRule
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = NeighbourhoodCleaningRule().fit_resample(X, y)
    >>> Counter(y_new)["rare"], Counter(y_new)["usual"] <= 32
    (8, True)
    """

    _method = "neighbourhood-cleaning"
    _own = {"n_neighbors": "neighbors", "threshold_cleaning": "threshold"}
    _refused = {"edited_nearest_neighbours": (None,)}
    _ignored = ("n_jobs",)
    _balance = ("raw_units",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        edited_nearest_neighbours: Any = None,
        n_neighbors: int = 3,
        threshold_cleaning: float = 0.5,
        n_jobs: int | None = None,
        raw_units: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.edited_nearest_neighbours = edited_nearest_neighbours
        self.n_neighbors = n_neighbors
        self.threshold_cleaning = threshold_cleaning
        self.n_jobs = n_jobs
        self.raw_units = raw_units


class InstanceHardnessThreshold(Resampler):
    """The instance-hardness threshold: of a class those rows are kept that are easy to tell.

    They are those whose class a random forest that has not seen them finds most probable.

    Parameters
    ----------
    estimator : None
        In imbalanced-learn, the classifier, a random forest here. Only None is accepted.
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
    cv : int, default=5
        In how many parts the rows are divided; each is judged by a forest of the others.
    n_estimators : int, default=100
        How many trees a forest has.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.

    References
    ----------
    .. [1] Smith, M. R., Martinez, T. and Giraud-Carrier, C. (2014). An instance level analysis of
           data complexity. https://doi.org/10.1007/s10994-013-5422-z

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import InstanceHardnessThreshold
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = InstanceHardnessThreshold(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 8), ('usual', 8)]
    """

    _method = "instance-hardness"
    _own = {"cv": "folds", "n_estimators": "trees"}
    _refused = {"estimator": (None,)}
    _ignored = ("n_jobs",)

    def __init__(
        self,
        *,
        estimator: Any = None,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        cv: int = 5,
        n_estimators: int = 100,
        n_jobs: int | None = None,
    ) -> None:
        self.estimator = estimator
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.cv = cv
        self.n_estimators = n_estimators
        self.n_jobs = n_jobs


class ClusterCentroids(Resampler):
    """Cluster centroids: a class becomes the means of its clusters, as many as it is to have rows.

    Clusters are found by k-means. None of the class's rows stays.

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
    estimator : None
        In imbalanced-learn, what finds clusters, k-means here. Only None is accepted.
    voting : str, default='auto'
        In imbalanced-learn, whether centres or the rows nearest to them are taken, centres here.
        Only 'auto' or 'soft' is accepted.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Yen, S.-J. and Lee, Y.-S. (2009). Cluster-based under-sampling approaches for imbalanced
           data distributions. https://doi.org/10.1016/j.eswa.2008.06.108

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.under_sampling import ClusterCentroids
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = ClusterCentroids(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 8), ('usual', 8)]
    """

    _method = "cluster-centroids"
    _own = {}
    _refused = {"estimator": (None,), "voting": ("auto", "soft")}
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        estimator: Any = None,
        voting: str = "auto",
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.estimator = estimator
        self.voting = voting
        self.raw_units = raw_units
        self.textbook = textbook
