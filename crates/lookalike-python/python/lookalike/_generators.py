"""Provisional."""

from lookalike._base import Generator

class Forest(Generator):
    _method = "forest"
    _own = {'effort': 'effort'}

    def __init__(self, *, effort=None, target=None, unit=None, condition_on=(), protect=5, constraints=(), schema=None, columns=None, locale=None, keep_format=(), consistent=(), random_state=0, verbose=None):
        self.effort = effort
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
    _method = "copula"
    _own = {}

    def __init__(self, *, target=None, unit=None, condition_on=(), protect=5, constraints=(), schema=None, columns=None, locale=None, keep_format=(), consistent=(), random_state=0, verbose=None):
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
    _method = "vae"
    _own = {'epochs': 'epochs'}

    def __init__(self, *, epochs=None, target=None, unit=None, condition_on=(), protect=5, constraints=(), schema=None, columns=None, locale=None, keep_format=(), consistent=(), random_state=0, verbose=None):
        self.epochs = epochs
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
    _method = "tvae"
    _own = {'epochs': 'epochs'}

    def __init__(self, *, epochs=None, target=None, unit=None, condition_on=(), protect=5, constraints=(), schema=None, columns=None, locale=None, keep_format=(), consistent=(), random_state=0, verbose=None):
        self.epochs = epochs
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
    _method = "gan"
    _own = {'epochs': 'epochs'}

    def __init__(self, *, epochs=None, target=None, unit=None, condition_on=(), protect=5, constraints=(), schema=None, columns=None, locale=None, keep_format=(), consistent=(), random_state=0, verbose=None):
        self.epochs = epochs
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
    _method = "ctgan"
    _own = {'epochs': 'epochs'}

    def __init__(self, *, epochs=None, target=None, unit=None, condition_on=(), protect=5, constraints=(), schema=None, columns=None, locale=None, keep_format=(), consistent=(), random_state=0, verbose=None):
        self.epochs = epochs
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
    _method = "autoregressive"
    _own = {'epochs': 'epochs'}

    def __init__(self, *, epochs=None, target=None, unit=None, condition_on=(), protect=5, constraints=(), schema=None, columns=None, locale=None, keep_format=(), consistent=(), random_state=0, verbose=None):
        self.epochs = epochs
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
    _method = "independent"
    _own = {}

    def __init__(self, *, target=None, unit=None, condition_on=(), protect=5, constraints=(), schema=None, columns=None, locale=None, keep_format=(), consistent=(), random_state=0, verbose=None):
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


