"""What goes wrong under SDV's calls has SDV's names, and what is ours alone has none of them."""

import pkgutil

import pytest

pd = pytest.importorskip("pandas")

import lookalike  # noqa: E402
import lookalike.compat.sdv  # noqa: E402
from lookalike.compat.sdv import errors  # noqa: E402
from lookalike.compat.sdv.evaluation import evaluate_quality, run_diagnostic  # noqa: E402
from lookalike.compat.sdv.metadata import Metadata  # noqa: E402
from lookalike.compat.sdv.sampling import Condition  # noqa: E402
from lookalike.compat.sdv.single_table import (  # noqa: E402
    CTGANSynthesizer,
    ForestSynthesizer,
    GaussianCopulaSynthesizer,
)

TABLE = pd.DataFrame({"age": [20 + i % 50 for i in range(300)], "sex": [["Female", "Male"][i % 2] for i in range(300)]})
METADATA = Metadata.detect_from_dataframe(TABLE)


@pytest.fixture(scope="module")
def fitted():
    synthesizer = GaussianCopulaSynthesizer(METADATA)
    synthesizer.fit(TABLE)
    return synthesizer


def test_rows_that_cannot_be_drawn(fitted):
    for call in (
        lambda: fitted.sample_from_conditions([Condition({"sex": "robot"})]),
        lambda: fitted.sample_remaining_columns(pd.DataFrame({"sex": ["robot"]})),
    ):
        with pytest.raises(errors.SamplingError) as caught:
            call()
        assert isinstance(caught.value, ValueError) and not isinstance(caught.value, lookalike.NotFittedError)
        assert isinstance(caught.value.__cause__, lookalike.LookalikeError) and "robot" not in str(caught.value)


def test_before_there_is_anything_to_draw_from():
    for call in (ForestSynthesizer(METADATA).sample, CTGANSynthesizer(METADATA).get_loss_values):
        with pytest.raises(errors.SamplingError) as caught:
            call(*[3] * (call.__name__ == "sample"))
        assert isinstance(caught.value, (lookalike.NotFittedError, ValueError))


def test_parameters_that_are_out_of_range():
    with pytest.raises(errors.SynthesizerInputError) as caught:
        CTGANSynthesizer(METADATA, epochs=-1, generator_lr="fast").fit(TABLE)
    assert isinstance(caught.value, ValueError) and isinstance(caught.value.__cause__, lookalike.ParameterError)
    assert "epochs" in str(caught.value)


def test_tables_that_cannot_be_learned():
    few = TABLE[:3]
    with pytest.raises(errors.InvalidDataError) as caught:
        ForestSynthesizer(METADATA).fit(few)
    assert isinstance(caught.value.__cause__, lookalike.DataError) and isinstance(caught.value, ValueError)
    with pytest.raises(errors.InvalidDataError):
        Metadata.detect_from_dataframe(pd.DataFrame({"a": [[1], [2]]}))


def test_files_that_are_of_something_else(fitted, tmp_path):
    fitted.save(tmp_path / "copula.pkl")
    (tmp_path / "text.pkl").write_text("no synthesizer")
    for name in ("copula.pkl", "text.pkl"):
        with pytest.raises(errors.SynthesizerFileError) as caught:
            CTGANSynthesizer.load(tmp_path / name)
        assert isinstance(caught.value, ValueError) and isinstance(caught.value, lookalike.ModelFileError)
    report = evaluate_quality(TABLE, TABLE, METADATA, verbose=False)
    report.save(tmp_path / "report.json")
    with pytest.raises(errors.SynthesizerInputError, match="DiagnosticReport"):
        run_diagnostic(TABLE, TABLE, METADATA, verbose=False).load(tmp_path / "report.json")


def test_every_error_is_a_value_error():
    for name in errors.__all__:
        kind = getattr(errors, name)
        assert issubclass(kind, ValueError) and issubclass(kind, lookalike.LookalikeError), name


def test_reports_are_shown_with_their_score():
    report = evaluate_quality(TABLE, TABLE, METADATA, verbose=False)
    assert repr(report) == f"QualityReport(score={report.get_score():.3f})"
    assert repr(run_diagnostic(TABLE, TABLE, METADATA, verbose=False)) == "DiagnosticReport(score=1.000)"


#: SDV's own modules that stand here.
THEIRS = {
    *("cag", "constraints", "datasets", "datasets.demo", "datasets.local", "errors", "evaluation", "evaluation.single_table"),
    *("io", "io.local", "lite", "metadata", "metadata.errors", "multi_table", "sampling", "sequential"),
    *("single_table", "single_table.base", "utils"),
}


def test_modules_of_ours_are_private():
    prefix = "lookalike.compat.sdv."
    found = [one.name.removeprefix(prefix) for one in pkgutil.walk_packages(lookalike.compat.sdv.__path__, prefix)]
    public = {name for name in found if not any(part.startswith("_") for part in name.split("."))}
    assert public == THEIRS
