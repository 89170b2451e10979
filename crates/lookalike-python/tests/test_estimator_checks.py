"""Checks that nobody here wrote: imbalanced-learn's of samplers, and scikit-learn's of estimators."""

import inspect
import warnings

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("imblearn")
pytest.importorskip("pandas")

from imblearn.over_sampling.base import BaseOverSampler
from imblearn.under_sampling.base import BaseCleaningSampler, BaseUnderSampler
from imblearn.utils import estimator_checks as of_imbalanced_learn
from sklearn.utils import estimator_checks as of_scikit_learn

import lookalike
from lookalike import combine, over_sampling, under_sampling
from lookalike._strategy import CLEAN, UNDER

if "expected_failed_checks" not in inspect.signature(of_scikit_learn.parametrize_with_checks).parameters:
    pytest.skip("these checks cannot be told what to expect", allow_module_level=True)

# The checks ask what is expected of a sampler by its base class.
for module in (over_sampling, under_sampling):
    for name in module.__all__:
        one = getattr(module, name)
        if one is not over_sampling.GenerativeOverSampler:
            sampling = one()._sampling_type
            base = {CLEAN: BaseCleaningSampler, UNDER: BaseUnderSampler}.get(sampling, BaseOverSampler)
            base.register(one)


def _resamplers():
    for module in (over_sampling, under_sampling, combine):
        for name in module.__all__:
            resampler = getattr(module, name)
            if resampler is over_sampling.GenerativeOverSampler:
                yield resampler(lookalike.Forest(), random_state=0)
            elif name == "SMOTENC":
                yield resampler([0], random_state=0)
            else:
                seeded = "random_state" in resampler().get_params()
                yield resampler(**({"random_state": 0} if seeded else {}))


def _expected_of_resamplers(resampler):
    if isinstance(resampler, combine.SMOTEENN):
        return {
            "check_samplers_nan": "its classes are drawn by lot, so cleaning rightly leaves few rows; that one of them has a gap, "
            "as the check wants, is luck (imbalanced-learn's own takes no gaps, and is not asked)"
        }
    return {}


@of_imbalanced_learn.parametrize_with_checks(list(_resamplers()), expected_failed_checks=_expected_of_resamplers)
def test_resamplers_are_as_imbalanced_learn_wants_them(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lookalike.LookalikeWarning)
        check(estimator)


_WITHOUT_DENSITY = "this method cannot tell how likely a row is, and says so; the check calls `score`"


def _expected_of_generators(generator):
    if not isinstance(generator, lookalike.GaussianCopula):
        return {}
    return dict.fromkeys(["check_fit_score_takes_y", "check_pipeline_consistency"], _WITHOUT_DENSITY)


# Without protection: the checks fit tables of so few rows that there is no crowd to hide in, and protection refuses them.
_GENERATORS = [lookalike.Forest(protect=None), lookalike.GaussianCopula(protect=None), lookalike.Independent(protect=None)]


@of_scikit_learn.parametrize_with_checks(_GENERATORS, expected_failed_checks=_expected_of_generators)
def test_generators_are_as_scikit_learn_wants_estimators(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lookalike.LookalikeWarning)
        check(estimator)
