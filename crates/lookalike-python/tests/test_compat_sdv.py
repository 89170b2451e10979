"""Code for SDV with only its imports changed."""

import importlib
import json
import pickle
import zipfile
from pathlib import Path

import pytest

pd = pytest.importorskip("pandas")
np = pytest.importorskip("numpy")

import lookalike  # noqa: E402
from lookalike.compat.sdv.metadata import Metadata, SingleTableMetadata  # noqa: E402
from lookalike.compat.sdv.metadata.errors import InvalidMetadataError  # noqa: E402
from lookalike.compat.sdv.sampling import Condition, DataFrameCondition  # noqa: E402
from lookalike.compat.sdv.single_table import (  # noqa: E402
    CopulaGANSynthesizer,
    CTGANSynthesizer,
    ForestSynthesizer,
    GaussianCopulaSynthesizer,
    TVAESynthesizer,
)

pytestmark = pytest.mark.filterwarnings("ignore::lookalike.LookalikeWarning")
FIXTURES = Path(__file__).parent / "fixtures" / "sdv"
WRITTEN_BY_SDV = sorted(path for path in FIXTURES.glob("*.json") if not path.stem.startswith("constraints"))


def guests(n=200):
    """As `fixtures/sdv/record.py` has it."""
    rng = np.random.default_rng(1)
    first = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 365, n), unit="D")
    return pd.DataFrame(
        {
            "guest_email": [f"guest{i}@example.org" for i in range(n)],
            "has_rewards": rng.random(n) < 0.3,
            "room_type": rng.choice(["BASIC", "DELUXE", "SUITE"], n),
            "amenities_fee": np.where(rng.random(n) < 0.1, np.nan, rng.normal(20, 5, n).round(2)),
            "checkin_date": first.strftime("%d %b %Y"),
            "checkout_date": (first + pd.to_timedelta(rng.integers(1, 9, n), unit="D")).strftime("%d %b %Y"),
            "room_rate": rng.normal(150, 30, n).round(2),
            "guest_id": np.arange(n),
        }
    )


@pytest.fixture(scope="module")
def table():
    return guests()


@pytest.fixture(scope="module")
def metadata(table):
    return Metadata.detect_from_dataframe(table, table_name="guests")


@pytest.fixture(scope="module")
def copula(table, metadata):
    synthesizer = GaussianCopulaSynthesizer(metadata)
    synthesizer.fit(table)
    return synthesizer


def test_the_quickstart_runs(tmp_path, capsys):
    # The steps of SDV's quickstart; of its imports only the root differs.
    from lookalike.compat.sdv.datasets.demo import download_demo
    from lookalike.compat.sdv.evaluation.single_table import evaluate_quality, get_column_plot, run_diagnostic
    from lookalike.compat.sdv.single_table import GaussianCopulaSynthesizer

    real_data, metadata = download_demo(modality="single_table", dataset_name="fake_hotel_guests")
    synthesizer = GaussianCopulaSynthesizer(metadata)
    synthesizer.fit(data=real_data)
    synthetic_data = synthesizer.sample(num_rows=500)
    diagnostic = run_diagnostic(real_data=real_data, synthetic_data=synthetic_data, metadata=metadata)
    quality_report = evaluate_quality(real_data, synthetic_data, metadata)
    details = quality_report.get_details("Column Shapes")
    fig = get_column_plot(
        real_data=real_data, synthetic_data=synthetic_data, column_name="amenities_fee", metadata=metadata
    )
    fig.show()
    synthesizer.save(str(tmp_path / "my_synthesizer.pkl"))
    synthesizer = GaussianCopulaSynthesizer.load(str(tmp_path / "my_synthesizer.pkl"))

    assert list(synthetic_data.columns) == list(real_data.columns)
    assert (synthetic_data.dtypes == real_data.dtypes).all()
    assert synthetic_data["guest_email"].is_unique
    assert not set(synthetic_data["guest_email"]) & set(real_data["guest_email"])
    assert not set(synthetic_data["credit_card_number"]) & set(real_data["credit_card_number"])
    assert diagnostic.get_score() == 1.0
    assert quality_report.get_score() > 0.7
    assert set(details.columns) == {"Table", "Column", "Metric", "Score"}
    assert synthesizer.sample(num_rows=10).shape == (10, 9)
    assert "Overall Score (Average): 100.0%" in capsys.readouterr().out


def test_the_guide_runs(tmp_path, monkeypatch):
    guide = Path(__file__).parents[3] / "docs" / "coming-from-sdv.md"
    if not guide.exists():
        pytest.skip("the guide stands in the repository only")
    monkeypatch.chdir(tmp_path)
    code = guide.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    ran = {}
    exec(code, ran)
    assert ran["suites"].shape == (20, 9)
    assert (tmp_path / "guests.pkl").exists()


def test_the_older_quickstart_runs(table, tmp_path):
    # As SDV 1.0 to 1.17 are called: SingleTableMetadata, and names of parameters.
    metadata = SingleTableMetadata()
    metadata.detect_from_dataframe(data=table)
    metadata.update_column(column_name="guest_id", sdtype="id", regex_format="G[0-9]{4}")
    metadata.set_primary_key(column_name="guest_email")
    metadata.validate()
    synthesizer = CTGANSynthesizer(
        metadata, enforce_rounding=True, epochs=2, batch_size=100, verbose=False, cuda=False, generator_dim=(16, 16)
    )
    synthesizer.fit(table.assign(guest_id=[f"G{i:04}" for i in range(len(table))]))
    rows = synthesizer.sample(num_rows=30, batch_size=10, output_file_path=tmp_path / "rows.csv")
    assert rows.shape == (30, 8)
    assert rows["guest_id"].str.fullmatch("G[0-9]{4}").all()
    assert pd.read_csv(tmp_path / "rows.csv").shape == rows.shape
    with pytest.raises(ValueError, match="already"):
        synthesizer.sample(num_rows=1, output_file_path=tmp_path / "rows.csv")
    losses = synthesizer.get_loss_values()
    assert list(losses.columns) == ["Epoch", "Generator Loss", "Discriminator Loss"]
    assert losses["Epoch"].tolist() == [0, 1]
    assert np.isfinite(losses.to_numpy()).all()
    assert synthesizer.get_loss_values_plot().to_svg().count("<polyline") == 2
    assert synthesizer.get_parameters()["epochs"] == 2
    assert synthesizer.get_parameters()["generator_dim"] == (16, 16)


@pytest.mark.parametrize("version", ["V1", "V2"])
def test_sdv_2_hands_over_dicts(table, version, tmp_path):
    metadata = Metadata.load_from_dict(Metadata.detect_from_dataframes({"guests": table}).to_dict(version))
    synthesizer = ForestSynthesizer(metadata)
    synthesizer.fit({"guests": table})
    rows = synthesizer.sample(num_rows=7, main_table_name="guests", output_folder_path=tmp_path / "out")
    assert list(rows) == ["guests"] and rows["guests"].shape == (7, 8)
    assert (tmp_path / "out" / "guests.csv").exists()
    assert (
        synthesizer.sample_from_conditions([Condition({"room_type": "SUITE"}, table_name="guests")])["guests"].shape[0]
        == 1
    )
    known = DataFrameCondition(pd.DataFrame({"room_type": ["SUITE", "BASIC"]}), table_name="guests")
    assert synthesizer.sample_from_conditions([known])["guests"]["room_type"].tolist() == ["SUITE", "BASIC"]
    from lookalike.compat.sdv.evaluation import evaluate_quality, get_column_plot

    rows = synthesizer.sample(200)
    assert evaluate_quality({"guests": table}, rows, metadata, verbose=False).get_score() > 0.8
    assert get_column_plot({"guests": table}, rows, metadata, "guests", "room_rate").title.endswith("'room_rate'")
    with pytest.raises(lookalike.DataError, match="guests"):
        synthesizer.fit({"hotels": table})


@pytest.mark.parametrize("make", [GaussianCopulaSynthesizer, ForestSynthesizer, TVAESynthesizer, CopulaGANSynthesizer])
def test_every_synthesizer_does_the_whole_job(make, table, metadata, tmp_path):
    small = {"epochs": 2, "embedding_dim": 8} if make in (TVAESynthesizer, CopulaGANSynthesizer) else {}
    synthesizer = make(metadata, **small)
    assert synthesizer.get_info()["is_fit"] is False
    synthesizer.fit(table)
    first = synthesizer.sample(num_rows=20)
    assert (first.dtypes == table.dtypes).all()
    assert first.index.equals(pd.RangeIndex(20))
    # Another call goes on, until it is begun anew.
    second = synthesizer.sample(num_rows=20)
    assert not second.equals(first)
    synthesizer.reset_sampling()
    pd.testing.assert_frame_equal(synthesizer.sample(num_rows=40), pd.concat([first, second], ignore_index=True))
    # A file is no pickle, and gives the same rows with the same types.
    path = tmp_path / "synthesizer.pkl"
    synthesizer.save(path)
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(path.read_bytes())
    assert zipfile.ZipFile(path).namelist() == ["synthesizer.json", "model.lookalike"]
    again = make.load(path)
    pd.testing.assert_frame_equal(again.sample(num_rows=20), first)
    assert again.get_parameters() == synthesizer.get_parameters()
    assert again.get_metadata().to_dict() == metadata.to_dict()
    assert again.get_info() == synthesizer.get_info()
    # Same seed, same rows; another seed, others.
    other = make(metadata, random_state=1, **small)
    other.fit(table)
    assert not other.sample(num_rows=20).equals(first)
    # Pickling works all the same, and keeps where drawing stands.
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(again)).sample(num_rows=20), second)
    if make is TVAESynthesizer:
        assert list(synthesizer.get_loss_values().columns) == ["Epoch", "Batch", "Loss"]


def test_conditions_are_fulfilled(copula, table):
    day = table["checkin_date"].mode()[0]
    rows = copula.sample_from_conditions(
        conditions=[
            Condition({"room_type": "SUITE", "has_rewards": True}, num_rows=30),
            Condition({"amenities_fee": None}, num_rows=5),
            Condition({"checkin_date": day}, num_rows=2),
        ]
    )
    assert rows.index.equals(pd.RangeIndex(37))
    assert set(rows["room_type"][:30]) == {"SUITE"} and rows["has_rewards"][:30].all()
    assert rows["amenities_fee"][30:35].isna().all()
    assert set(rows["checkin_date"][35:]) == {day}
    assert rows["guest_id"].is_unique
    with pytest.raises(ValueError, match="no column 'room'"):
        copula.sample_from_conditions([Condition({"room": "SUITE"})])
    with pytest.raises(ValueError, match="room_type") as caught:
        copula.sample_from_conditions([Condition({"room_type": "SECRET"})])
    assert "SECRET" not in str(caught.value)
    with pytest.raises(lookalike.ParameterError) as caught:
        Condition({}, num_rows=0)
    assert len(caught.value.problems) == 2


def test_columns_of_any_name_can_be_conditions(table):
    table = table.rename(columns={"room_type": "room = type"})
    synthesizer = ForestSynthesizer(Metadata.detect_from_dataframe(table))
    synthesizer.fit(table)
    rows = synthesizer.sample_from_conditions([Condition({"room = type": "SUITE"}, num_rows=9)])
    assert set(rows["room = type"]) == {"SUITE"} and len(rows) == 9
    with pytest.raises(lookalike.DataError, match="named by texts"):
        Metadata.detect_from_dataframe(pd.DataFrame({3: [1, 2]}))


def test_a_date_is_a_condition_as_pandas_has_it(table):
    table = table.assign(checkin_date=pd.to_datetime(table["checkin_date"], format="%d %b %Y"))
    metadata = Metadata.detect_from_dataframe(table)
    synthesizer = ForestSynthesizer(metadata)
    synthesizer.fit(table)
    day = table["checkin_date"].mode()[0]
    rows = synthesizer.sample_from_conditions([Condition({"checkin_date": day}, num_rows=3)])
    assert (rows["checkin_date"] == day).all()
    assert rows["checkin_date"].dtype == table["checkin_date"].dtype


@pytest.mark.parametrize("before", [0, 1, 5])
def test_known_columns_stay(copula, before):
    copula.reset_sampling()
    if before:
        copula.sample(before)
    known = pd.DataFrame(
        {"room_type": ["SUITE", "BASIC", "SUITE"], "room_rate": [99.5, 180.0, 150.25]}, index=[5, 6, 9]
    )
    rows = copula.sample_remaining_columns(known_columns=known)
    pd.testing.assert_frame_equal(rows[["room_type", "room_rate"]], known)
    assert list(rows.columns) == list(guests(2).columns)


def test_constraints_hold(table, metadata):
    from lookalike.compat.sdv import cag, constraints
    from lookalike.compat.sdv.evaluation.single_table import run_diagnostic

    table = table.assign(
        low=table["room_rate"].round() - 30, high=table["room_rate"].round() + 30, steps=(table["room_rate"] // 50) * 50
    )
    kinds = pd.get_dummies(table["room_type"]).astype(int)
    table = pd.concat([table, kinds], axis=1)
    metadata = Metadata.detect_from_dataframe(table)
    demanded = [
        cag.Inequality(low_column_name="checkin_date", high_column_name="checkout_date", strict_boundaries=True),
        cag.Range("low", "room_rate", "high", strict_boundaries=False),
        cag.FixedIncrements(column_name="steps", increment_value=50),
        cag.OneHotEncoding(column_names=list(kinds)),
        cag.FixedCombinations(column_names=["room_type", "has_rewards"]),
        constraints.ScalarRange("room_rate", low_value=0, high_value=np.float64(1000)),
        constraints.Unique(["guest_id"]),
        {"constraint_class": "Positive", "constraint_parameters": {"column_name": "room_rate"}},
        "amenities_fee >= 0",
    ]
    synthesizer = ForestSynthesizer(metadata)
    synthesizer.add_constraints(demanded)
    synthesizer.fit(table)
    rows = synthesizer.sample(300)
    dates = [pd.to_datetime(rows[name], format="%d %b %Y") for name in ("checkin_date", "checkout_date")]
    assert (dates[0] < dates[1]).all()
    assert rows["room_rate"].between(rows["low"], rows["high"]).all()
    assert (rows["steps"] % 50 == 0).all()
    assert (rows[list(kinds)].sum(axis=1) == 1).all()
    assert rows["guest_id"].is_unique
    synthesizer.validate_constraints(rows)
    found = run_diagnostic(table, rows, metadata, constraints=demanded, verbose=False)
    assert (found.get_details("Constraint Validity")["Score"] == 1.0).all()
    assert repr(synthesizer.get_constraints()[3]) == f"OneHotEncoding(column_names={list(kinds)!r})"
    broken = rows.assign(checkout_date=rows["checkin_date"])
    with pytest.raises(lookalike.DataError, match="checkin_date"):
        synthesizer.validate_constraints(broken)


def test_constraints_that_are_wrong_are_all_named(metadata, tmp_path):
    synthesizer = GaussianCopulaSynthesizer(metadata)
    with pytest.raises(lookalike.ParameterError) as caught:
        synthesizer.add_constraints(
            [
                {"constraint_class": "MyOwn", "constraint_parameters": {}},
                {"constraint_class": "Inequality", "constraint_parameters": {"low_column_name": "checkin_date"}},
                {"constraint_class": "Unique", "constraint_parameters": {"column_names": ["guest"]}},
                3,
            ]
        )
    assert len(caught.value.problems) == 4
    assert synthesizer.get_constraints() == []
    synthesizer.add_constraints(["room_rate >= 0"])
    synthesizer.get_constraints(tmp_path / "rules.json")
    other = GaussianCopulaSynthesizer(metadata)
    other.set_constraints(tmp_path / "rules.json")
    assert other.get_constraints() == ["room_rate >= 0"]
    with pytest.raises(lookalike.ParameterError, match="no code"):
        other.load_custom_constraint_classes("mine.py", ["Mine"])


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("constraints-*.json")), ids=lambda path: path.stem)
def test_constraints_that_sdv_wrote_are_read(path, table, metadata, tmp_path):
    from lookalike.compat.sdv.utils import load_constraints

    synthesizer = GaussianCopulaSynthesizer(metadata)
    synthesizer.add_constraints(load_constraints(path))
    synthesizer.fit(table)
    rows = synthesizer.sample(200)
    dates = [pd.to_datetime(rows[name], format="%d %b %Y") for name in ("checkin_date", "checkout_date")]
    assert (dates[0] <= dates[1]).all()
    synthesizer.get_constraints(tmp_path / "again.json")
    parameters = [
        {**one["parameters"], "table_name": None} for one in json.loads((tmp_path / "again.json").read_text())
    ]
    assert parameters == [one["parameters"] for one in json.loads(path.read_text())]


@pytest.mark.parametrize("path", WRITTEN_BY_SDV, ids=lambda path: path.stem)
def test_metadata_that_sdv_wrote_are_read_and_written(path, tmp_path):
    written = json.loads(path.read_text(encoding="utf-8"))
    metadata = Metadata.load_from_json(path)
    metadata.validate()
    version = "V2" if written["METADATA_SPEC_VERSION"] == "V2" else "V1"
    tables = written.get("tables", {"table": written})
    told = metadata.to_dict()
    assert told["METADATA_SPEC_VERSION"] == version
    for name, table in tables.items():
        for key in ("columns", "primary_key", "alternate_keys"):
            assert told["tables"][name].get(key) == table.get(key), key
    assert told["relationships"] == written.get("relationships", [])
    # What is written is read again, and says the same.
    metadata.save_to_json(tmp_path / "again.json")
    assert Metadata.load_from_json(tmp_path / "again.json").to_dict() == told
    if "columns" in written:
        alone = SingleTableMetadata.load_from_json(path)
        assert alone.to_dict() == written
    # The other version says as much as it can.
    for other in ("V1", "V2"):
        turned = Metadata.load_from_dict(metadata.to_dict(other))
        assert turned.METADATA_SPEC_VERSION == other
        for name, table in metadata.tables.items():
            assert list(turned.tables[name].columns) == list(table.columns)
            assert turned.tables[name].primary_key == table.primary_key


def test_there_are_metadata_of_every_version():
    versions = {json.loads(path.read_text(encoding="utf-8"))["METADATA_SPEC_VERSION"] for path in WRITTEN_BY_SDV}
    assert versions == {"SINGLE_TABLE_V1", "MULTI_TABLE_V1", "V1", "V2"}


@pytest.mark.parametrize("path", [path for path in WRITTEN_BY_SDV if "guests" in path.stem], ids=lambda path: path.stem)
def test_metadata_that_sdv_wrote_are_learned_with(path, table):
    synthesizer = GaussianCopulaSynthesizer(Metadata.load_from_json(path))
    synthesizer.fit(table)
    rows = synthesizer.sample(50)
    assert (rows.dtypes == table.dtypes).all()
    assert set(rows["room_type"]) <= {"BASIC", "DELUXE", "SUITE"}
    # Version 2 lists the values of columns without an order too.
    kinds = dict(zip(synthesizer._engine._model.schema.names, synthesizer._engine._model.schema.kinds))
    assert kinds["room_type"] == ("ordinal" if "single" in path.stem else "categorical")


def table_of(columns, n=200):
    """Cells for columns as metadata describe them."""
    rng = np.random.default_rng(4)
    made = {}
    for name, said in columns.items():
        sdtype, levels = said["sdtype"], said.get("order") or said.get("range_values")
        if name == "id":
            made[name] = [f"{i:05}" for i in range(n)]
        elif name == "other_id":
            made[name] = rng.integers(0, 50, n)
        elif sdtype == "numerical":
            made[name] = rng.normal(0, 50, n).round(2)
        elif sdtype in ("categorical", "ordinal"):
            made[name] = rng.choice(levels or ["a", "b"], n)
        elif sdtype == "boolean":
            made[name] = rng.random(n) < 0.5
        elif sdtype == "datetime":
            seconds = pd.to_timedelta(rng.integers(0, 10**7, n), unit="s")
            made[name] = (pd.Timestamp("2020-01-01") + seconds).strftime(said["datetime_format"])
        elif sdtype in ("latitude", "longitude"):
            made[name] = rng.uniform(-80, 80, n).round(4)
        elif said["pii"]:
            made[name] = [f"{sdtype} {i}" for i in range(n)]
        else:
            made[name] = rng.choice(["Rome", "Oslo", "Bern"], n)
    return pd.DataFrame(made)


@pytest.mark.parametrize("path", [path for path in WRITTEN_BY_SDV if "every" in path.stem], ids=lambda path: path.stem)
def test_columns_of_every_sdtype_are_learned(path):
    metadata = Metadata.load_from_json(path)
    table = table_of(metadata.get_table_metadata().columns)
    synthesizer = GaussianCopulaSynthesizer(metadata)
    synthesizer.fit(table)
    rows = synthesizer.sample(100)
    assert (rows.dtypes == table.dtypes).all()
    assert rows["id"].is_unique and rows["email"].is_unique
    assert set(rows["known_city"]) == {"Rome", "Oslo", "Bern"}
    # Nothing that leads to people is there.
    personal = metadata.get_column_names(pii=True)
    assert len(personal) >= 27
    assert not [name for name in personal if set(rows[name]) & set(table[name])]


def test_several_columns_can_be_a_key():
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"shop": rng.integers(0, 20, 200), "day": pd.date_range("2020-01-01", periods=200)})
    metadata = Metadata.detect_from_dataframe(table)
    metadata.set_primary_key(["shop", "day"])
    synthesizer = GaussianCopulaSynthesizer(metadata)
    synthesizer.fit(table)
    assert not synthesizer.sample(200).duplicated(["shop", "day"]).any()


def test_versions_are_turned_into_each_other():
    metadata = SingleTableMetadata()
    metadata.add_column("size", sdtype="categorical", order=["S", "L"])
    metadata.add_column("rank", sdtype="categorical", order_by="numerical_value")
    metadata.add_column("town", sdtype="categorical")
    metadata.add_column("age", sdtype="numerical", computer_representation="Int64")
    named = Metadata.load_from_dict(metadata.to_dict(), single_table_name="people")
    second = named.to_dict("V2")["tables"]["people"]["columns"]
    assert second == {
        "size": {"sdtype": "ordinal", "range_values": ["S", "L"]},
        "rank": {"sdtype": "ordinal"},
        "town": {"sdtype": "categorical"},
        "age": {"sdtype": "numerical"},
    }
    back = Metadata.load_from_dict(named.to_dict("V2")).to_dict("V1")["tables"]["people"]["columns"]
    assert back["size"] == {"sdtype": "categorical", "order": ["S", "L"]}
    assert back["rank"] == {"sdtype": "categorical", "order_by": "alphabetical"}


def test_metadata_are_changed(metadata, tmp_path):
    metadata = Metadata.load_from_dict(metadata.to_dict())
    assert metadata.get_column_names(sdtype="numerical") == ["amenities_fee", "room_rate"]
    assert metadata.get_column_names(pii=True) == ["guest_email"]
    metadata.update_column(column_name="room_rate", table_name="guests", sdtype="categorical")
    metadata.update_columns(["has_rewards", "room_type"], sdtype="categorical")
    metadata.update_columns_metadata({"guest_id": {"sdtype": "id", "regex_format": "[0-9]{3}"}})
    metadata.set_primary_key("guest_id")
    metadata.add_alternate_keys(["guest_email"])
    assert metadata.tables["guests"].columns["guest_id"] == {"sdtype": "id", "regex_format": "[0-9]{3}"}
    with pytest.raises(InvalidMetadataError, match="is a key"):
        metadata.remove_column("guest_id")
    metadata.remove_primary_key()
    metadata.remove_column("guest_id")
    with pytest.raises(InvalidMetadataError, match="no column 'guest_id'"):
        metadata.set_primary_key("guest_id")
    with pytest.raises(InvalidMetadataError, match="pattern"):
        metadata.update_column("room_rate", sdtype="numerical", pattern="x")
    with pytest.raises(InvalidMetadataError, match="already"):
        metadata.add_column("room_rate", sdtype="numerical")
    metadata.save_to_json(tmp_path / "m.json")
    with pytest.raises(InvalidMetadataError, match="overwrite"):
        metadata.save_to_json(tmp_path / "m.json")
    metadata.save_to_json(tmp_path / "m.json", mode="overwrite", version="V2")
    assert json.loads((tmp_path / "m.json").read_text())["METADATA_SPEC_VERSION"] == "V2"
    assert "room_rate" not in json.dumps(metadata.anonymize().to_dict())
    metadata.visualize(output_filepath=tmp_path / "m.svg")
    assert "room_rate : categorical" in (tmp_path / "m.svg").read_text(encoding="utf-8")


def test_metadata_are_detected(table, tmp_path):
    table.to_csv(tmp_path / "guests.csv", index=False)
    alone = SingleTableMetadata()
    alone.detect_from_csv(tmp_path / "guests.csv")
    assert {name: entry["sdtype"] for name, entry in alone.columns.items()} == {
        "guest_email": "email",
        "has_rewards": "boolean",
        "room_type": "categorical",
        "amenities_fee": "numerical",
        "checkin_date": "datetime",
        "checkout_date": "datetime",
        "room_rate": "numerical",
        "guest_id": "id",
    }
    assert alone.columns["checkin_date"]["datetime_format"] == "%d %b %Y"
    with pytest.raises(InvalidMetadataError, match="already"):
        alone.detect_from_dataframe(table)
    assert Metadata.detect_from_csv(tmp_path / "guests.csv", table_name="g").tables["g"].columns == alone.columns
    several = Metadata()
    several.detect_from_csvs(tmp_path)
    assert list(several.tables) == ["guests"]
    blank = Metadata.detect_from_dataframe(table, infer_sdtypes=False, infer_keys=None)
    assert blank.get_column_names(sdtype="unknown") == list(table.columns)


def test_tables_that_do_not_fit_are_refused(table, metadata):
    metadata = Metadata.load_from_dict(metadata.to_dict())
    metadata.set_primary_key("guest_email")
    synthesizer = GaussianCopulaSynthesizer(metadata)
    twice = table.drop(columns="room_type").assign(more=1, guest_email="secret@example.org", room_rate="secret")
    with pytest.raises(lookalike.DataError) as caught:
        synthesizer.fit(twice)
    assert len(caught.value.problems) == 4
    assert "secret" not in str(caught.value)
    with pytest.raises(lookalike.NotFittedError):
        synthesizer.sample(num_rows=1)
    with pytest.raises(lookalike.DataError, match="no pandas DataFrame"):
        synthesizer.fit([1, 2])
    with pytest.raises(lookalike.DataError, match="lacks columns"):
        metadata.validate_table(table.drop(columns="room_rate"))
    with pytest.raises(lookalike.DataError, match="'guests' is missing"):
        metadata.validate_data({})


def test_what_cannot_be_learned_is_refused(table, metadata):
    keyed = Metadata.load_from_dict(metadata.to_dict())
    keyed.set_sequence_key("guest_id")
    with pytest.raises(lookalike.ParameterError, match="sequence"):
        GaussianCopulaSynthesizer(keyed)
    two = Metadata.detect_from_dataframes({"a": table, "b": table})
    with pytest.raises(lookalike.ParameterError, match="2 tables"):
        GaussianCopulaSynthesizer(two)
    with pytest.raises(lookalike.ParameterError) as caught:
        GaussianCopulaSynthesizer(
            metadata, numerical_distributions={"x": "norm"}, default_distribution="y", locales="de_DE"
        )
    assert len(caught.value.problems) == 3
    with pytest.raises(lookalike.ParameterError, match="generator_lr") as caught:
        CTGANSynthesizer(metadata, epochs=0, generator_lr=-1).fit(table)
    assert len(caught.value.problems) == 2


def test_parameters_without_meaning_are_warned_of(metadata):
    with pytest.warns(lookalike.LookalikeWarning) as caught:
        CTGANSynthesizer(metadata, discriminator_steps=5, enforce_rounding=False, epochs=10)
    assert sorted(str(one.message).split()[0] for one in caught) == ["discriminator_steps", "enforce_rounding"]
    synthesizer = GaussianCopulaSynthesizer(metadata)
    synthesizer.auto_assign_transformers(guests())
    assert set(synthesizer.get_transformers().values()) == {None}
    synthesizer.update_transformers({"room_rate": None})
    with pytest.raises(lookalike.LookalikeError, match="sdtype"):
        synthesizer.update_transformers({"room_rate": object()})
    synthesizer.fit_processed_data(synthesizer.preprocess(guests()))
    assert synthesizer.get_learned_distributions()["room_rate"]["distribution"] == "empirical"


def test_parameters_that_are_not_sdvs_defaults_count(metadata):
    synthesizer = CTGANSynthesizer(metadata, generator_dim=(64,), pac=5, generator_lr=1e-3, epochs=300)
    assert synthesizer._options() == {"hidden": [64], "pac": 5, "rate": 1e-3}
    assert TVAESynthesizer(metadata, decompress_dims=(64, 32))._options() == {"hidden": [64, 32]}


def test_files_of_others_are_told(copula, table, tmp_path):
    (tmp_path / "theirs.pkl").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(lookalike.ModelFileError, match="pickle"):
        GaussianCopulaSynthesizer.load(tmp_path / "theirs.pkl")
    with pytest.raises(FileNotFoundError):
        GaussianCopulaSynthesizer.load(tmp_path / "none.pkl")
    copula.save(tmp_path / "copula.pkl")
    with pytest.raises(lookalike.ModelFileError, match="GaussianCopulaSynthesizer"):
        CTGANSynthesizer.load(tmp_path / "copula.pkl")
    from lookalike.compat.sdv.utils import load_synthesizer

    assert isinstance(load_synthesizer(tmp_path / "copula.pkl"), GaussianCopulaSynthesizer)
    # A model of the program `lookalike fit` is read as well.
    lookalike.Forest().fit(table).save(tmp_path / "forest.lookalike")
    assert ForestSynthesizer.load(tmp_path / "forest.lookalike").sample(num_rows=3).shape == (3, 8)
    unfitted = ForestSynthesizer(copula.get_metadata())
    unfitted.save(tmp_path / "unfitted.pkl")
    with pytest.raises(lookalike.NotFittedError):
        ForestSynthesizer.load(tmp_path / "unfitted.pkl").sample(num_rows=1)


def test_reports_tell_what_sdmetrics_does(copula, table, metadata, tmp_path):
    from lookalike.compat.sdv.evaluation.single_table import QualityReport, evaluate_quality, run_diagnostic

    copula.reset_sampling()
    rows = copula.sample(200)
    report = evaluate_quality(real_data=table, synthetic_data=rows, metadata=metadata, verbose=False)
    assert report.get_properties()["Property"].tolist() == ["Column Shapes", "Column Pair Trends"]
    shapes, trends = report.get_details("Column Shapes"), report.get_details("Column Pair Trends")
    assert report.get_score() == pytest.approx(
        (shapes["Score"].mean() + trends.loc[trends["Meets Threshold?"], "Score"].mean()) / 2, abs=1e-12
    )
    by_column = shapes.set_index("Column")
    present = [side["room_type"].value_counts(normalize=True) for side in (table, rows)]
    assert by_column.loc["room_type", "Metric"] == "TVComplement"
    assert by_column.loc["room_type", "Score"] == pytest.approx(
        1 - (present[0] - present[1]).abs().sum() / 2, abs=1e-12
    )
    assert by_column.loc["room_rate", "Metric"] == "KSComplement"
    assert list(trends.columns) == [
        "Table", "Column 1", "Column 2", "Metric", "Score", "Real Correlation", "Synthetic Correlation", "Real Association",
        "Meets Threshold?",
    ]  # fmt: skip
    report.save(tmp_path / "report.pkl")
    assert QualityReport.load(tmp_path / "report.pkl").get_score() == report.get_score()
    with pytest.raises(lookalike.ParameterError, match="Column Shapes"):
        report.get_details("Beauty")
    for name in ("Column Shapes", "Column Pair Trends"):
        assert report.get_visualization(property_name=name).title.startswith(name)
    other = rows.drop(columns="room_type").assign(room_rate=rows["room_rate"] + 1000)
    worse = run_diagnostic(table, other, metadata, verbose=False)
    assert worse.get_details("Data Structure")["Score"].tolist() == [7 / 8]
    assert worse.get_details("Data Validity").set_index("Column").loc["room_rate", "Score"] == 0.0


def test_charts_are_drawn(copula, table, metadata, tmp_path):
    from lookalike.compat.sdv.evaluation.single_table import get_column_pair_plot, get_column_plot

    rows = copula.sample(100)
    for name in ("has_rewards", "room_type", "room_rate", "checkin_date"):
        assert get_column_plot(table, rows, metadata, name)._repr_svg_().startswith("<svg")
    for names in (["room_type", "room_rate"], ["room_rate", "checkin_date"], ["room_type", "has_rewards"]):
        chart = get_column_pair_plot(table, rows, metadata, names)
        chart.write_html(tmp_path / "chart.html")
        assert names[0] in (tmp_path / "chart.html").read_text(encoding="utf-8")
    with pytest.raises(lookalike.ParameterError, match="no column 'room'"):
        get_column_plot(table, rows, metadata, "room")


def test_folders_are_read_and_written(table, tmp_path):
    from lookalike.compat.sdv.datasets.local import load_csvs, save_csvs
    from lookalike.compat.sdv.io.local import CSVHandler

    save_csvs({"guests": table}, tmp_path / "out", suffix="-v1")
    pd.testing.assert_frame_equal(load_csvs(tmp_path / "out")["guests-v1"], table)
    (tmp_path / "zip.csv").write_text("code,n\n007,1\n010,2\n")
    assert CSVHandler().read(tmp_path)["zip"].iloc[0].tolist() == ["007", 1]
    with pytest.raises(FileExistsError):
        save_csvs({"guests": table}, tmp_path / "out", suffix="-v1")


@pytest.mark.parametrize(
    ("module", "name", "sentence"),
    [
        ("multi_table", "HMASynthesizer", "one table"),
        ("sequential", "PARSynthesizer", "sequences"),
        ("metadata", "MultiTableMetadata", "Metadata"),
        ("cag", "ProgrammableConstraint", "no code"),
        ("constraints", "create_custom_constraint_class", "no code"),
        ("single_table", "DayZSynthesizer", "ForestSynthesizer"),
        ("utils", "drop_unknown_references", "tables"),
    ],
)
def test_what_is_not_there_says_so(module, name, sentence):
    whole = importlib.import_module(f"lookalike.compat.sdv.{module}")
    with pytest.raises(ImportError, match=sentence):
        getattr(whole, name)
    with pytest.raises(ImportError, match=sentence):
        exec(f"from lookalike.compat.sdv.{module} import {name}")


def test_names_can_be_taken_from_the_root():
    from lookalike.compat import sdv

    assert sdv.Metadata is sdv.metadata.Metadata
    assert sdv.CTGANSynthesizer is sdv.single_table.CTGANSynthesizer
    assert sdv.__version__ == lookalike.__version__
    with pytest.raises(AttributeError, match="Beauty"):
        sdv.Beauty


def test_nothing_is_downloaded():
    from lookalike.compat.sdv.datasets.demo import download_demo, get_available_demos

    with pytest.raises(lookalike.ParameterError, match="never uses the network"):
        download_demo(modality="single_table", dataset_name="adult")
    assert get_available_demos("single_table")["dataset_name"].tolist() == ["fake_hotel_guests"]
    first, again = download_demo()[0], download_demo()[0]
    pd.testing.assert_frame_equal(first, again)
