"""Resamplers that add rows to classes."""

# Made from the options of the library: UPDATE_DOCS=1 cargo test --test python_sources

from collections.abc import Callable, Mapping
from typing import Any, Literal

from lookalike._resampling import GenerativeOverSampler, Resampler

__all__ = [
    "ADASYN",
    "BorderlineSMOTE",
    "GaussianNoiseOverSampler",
    "GenerativeOverSampler",
    "KMeansSMOTE",
    "ROSE",
    "RandomOverSampler",
    "SMOTE",
    "SMOTEN",
    "SMOTENC",
    "SVMSMOTE",
]

_Kind = Literal["borderline-1", "borderline-2"]


class RandomOverSampler(Resampler):
    """Random oversampling: rows of a class are drawn with replacement and repeated.

    With shrinkage it is the smoothed bootstrap, as ROSE.

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
    shrinkage : float or None, default=None
        How much of the bandwidth of the smoothed bootstrap is used, at least 0; None to repeat rows
        as they are.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import RandomOverSampler
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = RandomOverSampler(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 32), ('usual', 32)]
    """

    _method = "random"
    _own = {}
    _turns = {"shrinkage": ("rose", "shrinkage")}
    _balance = ("textbook",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        shrinkage: float | None = None,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.shrinkage = shrinkage
        self.textbook = textbook


class ROSE(Resampler):
    """ROSE, the smoothed bootstrap: rows of a class are repeated, and their numbers moved.

    Rows are drawn with replacement. Numbers move by a normal amount of standard deviation shrinkage
    * (4 / ((p + 2) n))^(1 / (p + 4)) * s, where a class has n rows, p columns of numbers and in
    each the standard deviation s. Levels are copied.

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
    shrinkage : float, default=1.0
        How much of the bandwidth is used; 0 copies rows as they are.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Menardi, G. and Torelli, N. (2014). Training and assessing classification rules with
           imbalanced data. https://doi.org/10.1007/s10618-012-0295-5
    .. [2] Bowman, A. W. and Azzalini, A. (1997). Applied smoothing techniques for data analysis.
           Oxford University Press.

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import ROSE
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = ROSE(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 32), ('usual', 32)]
    """

    _method = "rose"
    _own = {"shrinkage": "shrinkage"}
    _balance = ("textbook",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        shrinkage: float = 1.0,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.shrinkage = shrinkage
        self.textbook = textbook


class GaussianNoiseOverSampler(Resampler):
    """Noise: rows of a class are repeated, and their numbers moved by a normal amount.

    Rows are drawn with replacement. The amount's standard deviation is a share of the class's own
    in each column. Levels are copied.

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
    spread : float, default=0.1
        The noise's standard deviation, in parts of that of the class.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Lee, S. S. (2000). Noisy replication in skewed binary classification.
           https://doi.org/10.1016/S0167-9473(99)00095-X

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import GaussianNoiseOverSampler
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = GaussianNoiseOverSampler(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 32), ('usual', 32)]
    """

    _method = "noise"
    _own = {"spread": "spread"}
    _balance = ("textbook",)

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        spread: float = 0.1,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.spread = spread
        self.textbook = textbook


class SMOTE(Resampler):
    """SMOTE, for tables of numbers.

    A new row lies at a random place between a row of the class and one of its nearest neighbours in
    the class.

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
    k_neighbors : int, default=5
        How many nearest neighbours a row has, at least 1.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Chawla, N. V., Bowyer, K. W., Hall, L. O. and Kegelmeyer, W. P. (2002). SMOTE: synthetic
           minority over-sampling technique. https://doi.org/10.1613/jair.953

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import SMOTE
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = SMOTE(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 32), ('usual', 32)]
    """

    _method = "smote"
    _own = {"k_neighbors": "neighbors"}
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        k_neighbors: int = 5,
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.k_neighbors = k_neighbors
        self.raw_units = raw_units
        self.textbook = textbook


class SMOTENC(Resampler):
    """SMOTE for tables of numbers and levels.

    Numbers of a new row lie at a random place between those of a row of the class and of one of its
    nearest neighbours in the class; levels become the most frequent ones among the row's
    neighbours.

    Parameters
    ----------
    categorical_features : 'auto', sequence of str, of int or of bool, default='auto'
        The columns that are levels, by name, by place, or as a mask; with 'auto', those whose type
        or values say so.
    categorical_encoder : None
        In imbalanced-learn, the encoder of levels. Only None is accepted.
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
    k_neighbors : int, default=5
        How many nearest neighbours a row has, at least 1.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Chawla, N. V., Bowyer, K. W., Hall, L. O. and Kegelmeyer, W. P. (2002). SMOTE: synthetic
           minority over-sampling technique. https://doi.org/10.1613/jair.953

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import SMOTENC
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = SMOTENC(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 32), ('usual', 32)]
    """

    _method = "smotenc"
    _own = {"k_neighbors": "neighbors"}
    _refused = {"categorical_encoder": (None,)}
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        categorical_features: Any = "auto",
        *,
        categorical_encoder: Any = None,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        k_neighbors: int = 5,
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.categorical_features = categorical_features
        self.categorical_encoder = categorical_encoder
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.k_neighbors = k_neighbors
        self.raw_units = raw_units
        self.textbook = textbook


class SMOTEN(Resampler):
    """SMOTEN: SMOTE for tables of levels alone, after section 6.2 of the paper.

    Neighbours are near by the value difference metric: the distance of two rows is the root of the
    sum over columns of the square of sum over classes |P(class | level a) - P(class | level b)|. A
    new row has the levels that are most frequent among a row's neighbours.

    Parameters
    ----------
    categorical_encoder : None
        In imbalanced-learn, the encoder of levels. Only None is accepted.
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
    k_neighbors : int, default=5
        How many nearest neighbours a row has, at least 1.

    References
    ----------
    .. [1] Chawla, N. V., Bowyer, K. W., Hall, L. O. and Kegelmeyer, W. P. (2002). SMOTE: synthetic
           minority over-sampling technique. https://doi.org/10.1613/jair.953
    .. [2] Stanfill, C. and Waltz, D. (1986). Toward memory-based reasoning.
           https://doi.org/10.1145/7902.7906
    .. [3] Cost, S. and Salzberg, S. (1993). A weighted nearest neighbor algorithm for learning with
           symbolic features. https://doi.org/10.1023/A:1022664626993

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import SMOTEN
    >>> X = {"color": ["red green blue".split()[row % 3] for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = SMOTEN(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new).items())
    [('rare', 32), ('usual', 32)]
    """

    _method = "smoten"
    _own = {"k_neighbors": "neighbors"}
    _refused = {"categorical_encoder": (None,)}

    def __init__(
        self,
        categorical_encoder: Any = None,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        k_neighbors: int = 5,
    ) -> None:
        self.categorical_encoder = categorical_encoder
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.k_neighbors = k_neighbors


class BorderlineSMOTE(Resampler):
    """Borderline-SMOTE: new rows start from rows in danger only.

    A row is in danger when at least half of its neighbours in the whole table, but not all, are of
    other classes.

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
    k_neighbors : int, default=5
        How many neighbours in the class (and in the others) a row has.
    m_neighbors : int, default=10
        How many neighbours in the whole table say whether a row is in danger.
    kind : {'borderline-1', 'borderline-2'}, default='borderline-1'
        With 'borderline-1', new rows lie between a row in danger and its neighbours in the class.
        With 'borderline-2', half of them lie between it and its neighbours in other classes
        instead, in the nearer half of the way.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Han, H., Wang, W.-Y. and Mao, B.-H. (2005). Borderline-SMOTE: a new over-sampling method
           in imbalanced data sets learning. https://doi.org/10.1007/11538059_91

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import BorderlineSMOTE
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = BorderlineSMOTE(random_state=0).fit_resample(X, y)
    >>> Counter(y_new)["usual"], Counter(y_new)["rare"] > 8
    (32, True)
    """

    _method = "borderline-smote"
    _own = {"k_neighbors": "neighbors", "m_neighbors": "danger_neighbors", "kind": "version"}
    _words = {"kind": {"borderline-1": 1, "borderline-2": 2}}
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        k_neighbors: int = 5,
        m_neighbors: int = 10,
        kind: _Kind = "borderline-1",
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.k_neighbors = k_neighbors
        self.m_neighbors = m_neighbors
        self.kind = kind
        self.raw_units = raw_units
        self.textbook = textbook


class SVMSMOTE(Resampler):
    """SVM-SMOTE: new rows start from the class's support vectors.

    These are those of a support vector machine with radial kernel that tells the class from the
    others. New rows lie towards a neighbour in the class where at least half of the neighbours in
    the whole table are of other classes, and away from one where fewer are; support vectors with no
    neighbour of the class are taken for noise.

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
    k_neighbors : int, default=5
        How many neighbours in the class a row has.
    m_neighbors : int, default=10
        How many neighbours in the whole table say on which side of the boundary a row lies.
    svm_estimator : None
        In imbalanced-learn, the support vector machine. Only None is accepted.
    out_step : float, default=0.5
        How far away from a neighbour a new row may lie, in parts of the way to it.
    C : float, default=1.0
        What an error costs the support vector machine, above 0.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Nguyen, H. M., Cooper, E. W. and Kamei, K. (2011). Borderline over-sampling for
           imbalanced data classification. https://doi.org/10.1504/IJKESDP.2011.039875

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import SVMSMOTE
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = SVMSMOTE(random_state=0).fit_resample(X, y)
    >>> Counter(y_new)["usual"], Counter(y_new)["rare"] > 8
    (32, True)
    """

    _method = "svm-smote"
    _own = {
        "k_neighbors": "neighbors",
        "m_neighbors": "danger_neighbors",
        "out_step": "out_step",
        "C": "penalty",
    }
    _refused = {"svm_estimator": (None,)}
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        k_neighbors: int = 5,
        m_neighbors: int = 10,
        svm_estimator: Any = None,
        out_step: float = 0.5,
        C: float = 1.0,
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.k_neighbors = k_neighbors
        self.m_neighbors = m_neighbors
        self.svm_estimator = svm_estimator
        self.out_step = out_step
        self.C = C
        self.raw_units = raw_units
        self.textbook = textbook


class KMeansSMOTE(Resampler):
    """KMeans-SMOTE: SMOTE within clusters of the whole table in which the class has its share.

    Most new rows are made where the class is sparse. A cluster's sparsity is the mean distance of
    its rows of the class to the power of the number of columns, divided by their number.

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
    k_neighbors : int, default=2
        How many neighbours a row has; fewer in clusters that have fewer.
    n_jobs : int or None, default=None
        Accepted for code that sets it, and without effect: all processors are used, and the rows do
        not depend on how many there are.
    kmeans_estimator : int or None, default=None
        How many clusters there are. None stands for 8.
    cluster_balance_threshold : float or 'auto', default='auto'
        A cluster counts where the class has at least this share of its rows; with 'auto', the
        class's share of all rows.
    density_exponent : float or 'auto', default='auto'
        To which power the mean distance is raised; with 'auto', the number of columns.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] Douzas, G., Bacao, F. and Last, F. (2018). Improving imbalanced learning through a
           heuristic oversampling method based on k-means and SMOTE.
           https://doi.org/10.1016/j.ins.2018.06.056

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import KMeansSMOTE
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = KMeansSMOTE(random_state=0).fit_resample(X, y)
    >>> Counter(y_new)["usual"], Counter(y_new)["rare"] > 8
    (32, True)
    """

    _method = "kmeans-smote"
    _own = {
        "k_neighbors": "neighbors",
        "kmeans_estimator": "clusters",
        "cluster_balance_threshold": "balance_threshold",
        "density_exponent": "density_exponent",
    }
    _words = {"cluster_balance_threshold": {"auto": None}, "density_exponent": {"auto": None}}
    _ignored = ("n_jobs",)
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        k_neighbors: int = 2,
        n_jobs: int | None = None,
        kmeans_estimator: int | None = None,
        cluster_balance_threshold: float | Literal["auto"] = "auto",
        density_exponent: float | Literal["auto"] = "auto",
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.k_neighbors = k_neighbors
        self.n_jobs = n_jobs
        self.kmeans_estimator = kmeans_estimator
        self.cluster_balance_threshold = cluster_balance_threshold
        self.density_exponent = density_exponent
        self.raw_units = raw_units
        self.textbook = textbook


class ADASYN(Resampler):
    """ADASYN: as SMOTE, with most new rows where neighbours are of other classes.

    A row is the base of as many new ones as its neighbours in the whole table are of other classes.
    Since the numbers of new rows are rounded row by row, a class ends near the size that it was to
    have, not exactly there.

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
    n_neighbors : int, default=5
        How many neighbours a row has, both in the class and in the whole table.
    raw_units : bool, default=False
        True to measure distances in the columns' own units, as imbalanced-learn does: the column
        with the largest numbers then decides who is near. Otherwise numbers are divided by their
        standard deviation first.
    textbook : bool, default=False
        True to leave made-up numbers as they were calculated. Otherwise whole numbers stay whole,
        decimals keep their places, and no number lies outside what its column has.

    References
    ----------
    .. [1] He, H., Bai, Y., Garcia, E. A. and Li, S. (2008). ADASYN: adaptive synthetic sampling
           approach for imbalanced learning. https://doi.org/10.1109/IJCNN.2008.4633969

    Examples
    --------
    >>> from collections import Counter
    >>> from lookalike.over_sampling import ADASYN
    >>> X = {"size": [row % 7 for row in range(40)], "weight": [row * 0.5 for row in range(40)]}
    >>> y = ["rare" if row % 5 == 0 else "usual" for row in range(40)]
    >>> X_new, y_new = ADASYN(random_state=0).fit_resample(X, y)
    >>> Counter(y_new)["usual"], Counter(y_new)["rare"] > 8
    (32, True)
    """

    _method = "adasyn"
    _own = {"n_neighbors": "neighbors"}
    _balance = ("raw_units", "textbook")

    def __init__(
        self,
        *,
        sampling_strategy: float | str | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: Any = None,
        n_neighbors: int = 5,
        raw_units: bool = False,
        textbook: bool = False,
    ) -> None:
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.n_neighbors = n_neighbors
        self.raw_units = raw_units
        self.textbook = textbook
