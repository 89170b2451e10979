"""What users see of the package: its modules, and what each function says of its parameters."""

import inspect
import re
import subprocess
import sys

import pytest

import lookalike
from lookalike import combine, images, over_sampling, under_sampling

MODULES = ["combine", "compat", "images", "over_sampling", "under_sampling"]


def test_modules_are_there_without_an_import_of_their_own():
    program = (
        "import sys, lookalike as ll\n"
        f"names = {MODULES}\n"
        "assert set(names) <= set(dir(ll)) and not {f'lookalike.{name}' for name in names} & set(sys.modules)\n"
        "assert all(getattr(ll, name).__name__ == f'lookalike.{name}' for name in names)\n"
        "assert ll.over_sampling.SMOTE and ll.compat.sdv.__name__ == 'lookalike.compat.sdv'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    for module in (lookalike, lookalike.compat):
        with pytest.raises(AttributeError, match="no_such_module"):
            module.no_such_module


def undescribed(names, text):
    """Parameters of which a docstring has no line of their own."""
    return [name for name in names if not re.search(rf"^(?:.*, )?\**{name}(?:, .*)?(?: : .*)?$", text, re.MULTILINE)]


@pytest.mark.parametrize("module", [lookalike, images, over_sampling, under_sampling, combine], ids=lambda one: one.__name__)
def test_parameters_are_described(module):
    missing = {}
    for name in module.__all__:
        public = getattr(module, name)
        functions = {name: public} if inspect.isfunction(public) else {}
        if inspect.isclass(public):
            # Those that users do not make themselves say nothing of how they are made.
            made = issubclass(public, BaseException) or name in ("Audit", "Evaluation")
            if "__init__" in vars(public) and not made:
                found = undescribed(inspect.signature(public).parameters, inspect.getdoc(public) or "")
                missing.update({name: found} if found else {})
            for method in dir(public):
                one = inspect.getattr_static(public, method)
                one = getattr(one, "__func__", one)
                if not method.startswith("_") and inspect.isfunction(one) and one.__module__.startswith("lookalike"):
                    functions[f"{name}.{method}"] = one
        for where, function in functions.items():
            parameters = [one for one in inspect.signature(function).parameters if one not in ("self", "cls")]
            found = undescribed(parameters, inspect.getdoc(function) or "")
            missing.update({where: found} if found else {})
    assert not missing


def test_what_no_seed_means_is_said():
    for function in (lookalike.split, lookalike.simulate, lookalike.emit_schema, lookalike.audit, lookalike.evaluate):
        told = re.search(r"random_state : .*\n(.*)", inspect.getdoc(function))[1]
        assert "None" in told, function.__name__
    for method in (lookalike.Generator.sample, lookalike.Generator.impute, images.ImageGenerator.sample):
        assert "the generator's own if None" in inspect.getdoc(method)
