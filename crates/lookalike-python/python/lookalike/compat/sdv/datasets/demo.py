"""The table of SDV's quickstart, made up here: nothing is ever downloaded."""

from __future__ import annotations

import datetime
import os
import random
from typing import Any

from lookalike.compat.sdv.errors import DemoResourceNotFoundError
from lookalike.compat.sdv.metadata import Metadata

__all__ = ["download_demo", "get_available_demos"]

#: The one table that is there.
GUESTS = "fake_hotel_guests"
_ROWS = 500
_FIRST = (
    "ada",
    "ben",
    "carl",
    "dora",
    "emil",
    "fay",
    "gus",
    "hana",
    "ivo",
    "jo",
    "kim",
    "lea",
    "max",
    "nia",
    "otto",
    "pia",
)
_LAST = (
    "abel",
    "brandt",
    "cook",
    "diaz",
    "engel",
    "fuchs",
    "gray",
    "hahn",
    "ito",
    "jones",
    "kern",
    "lopez",
    "moss",
    "novak",
)
_STREETS = (
    "Oak Street",
    "Main Street",
    "Lake Road",
    "Hill Lane",
    "Park Avenue",
    "Mill Road",
    "Church Street",
    "Elm Drive",
)
_CITIES = ("Springfield, IL 62701", "Salem, OR 97301", "Fairview, TN 37062", "Dover, DE 19901", "Madison, WI 53703")


def download_demo(
    modality: str = "single_table",
    dataset_name: str = GUESTS,
    output_folder_name: str | os.PathLike[str] | None = None,
    **elsewhere: Any,
) -> tuple[Any, Metadata]:
    """The table `fake_hotel_guests` and its metadata.

    It has the columns of SDV's table of that name, and other rows, which are made up here: the name is kept so that
    notebooks run, and nothing is downloaded. Every call gives the same rows.

    Parameters
    ----------
    modality : {'single_table'}
    dataset_name : {'fake_hotel_guests'}
    output_folder_name : path, optional
        A folder to write the table (CSV) and its metadata (JSON) to as well.

    Returns
    -------
    pandas.DataFrame, Metadata

    Raises
    ------
    DemoResourceNotFoundError
        For any other.

    Examples
    --------
    >>> from lookalike.compat.sdv.datasets.demo import download_demo
    >>> real_data, metadata = download_demo(modality="single_table", dataset_name="fake_hotel_guests")
    >>> real_data.shape
    (500, 9)
    """
    if modality != "single_table" or dataset_name != GUESTS:
        raise DemoResourceNotFoundError(
            f"lookalike never uses the network, and of SDV's demo tables has only {GUESTS!r} (modality 'single_table'), "
            "made up here: read another from a file, with pandas or load_csvs"
        )
    import pandas as pd

    table = pd.DataFrame(_guests())
    metadata = Metadata.load_from_dict(_METADATA)
    if output_folder_name is not None:
        os.makedirs(output_folder_name, exist_ok=True)
        table.to_csv(os.path.join(output_folder_name, f"{GUESTS}.csv"), index=False)
        metadata.save_to_json(os.path.join(output_folder_name, "metadata.json"))
    return table, metadata


def get_available_demos(modality: str = "single_table", **elsewhere: Any) -> Any:
    """What `download_demo` has, as a DataFrame."""
    import pandas as pd

    names = [GUESTS] if modality == "single_table" else []
    return pd.DataFrame({"dataset_name": names, "size_MB": [0.1] * len(names), "num_tables": [1] * len(names)})


_METADATA = {
    "tables": {
        GUESTS: {
            "columns": {
                "guest_email": {"sdtype": "email", "pii": True},
                "has_rewards": {"sdtype": "boolean"},
                "room_type": {"sdtype": "categorical"},
                "amenities_fee": {"sdtype": "numerical", "computer_representation": "Float"},
                "checkin_date": {"sdtype": "datetime", "datetime_format": "%d %b %Y"},
                "checkout_date": {"sdtype": "datetime", "datetime_format": "%d %b %Y"},
                "room_rate": {"sdtype": "numerical", "computer_representation": "Float"},
                "billing_address": {"sdtype": "address", "pii": True},
                "credit_card_number": {"sdtype": "credit_card_number", "pii": True},
            },
            "primary_key": "guest_email",
        }
    },
    "relationships": [],
    "METADATA_SPEC_VERSION": "V1",
}


def _guests() -> dict[str, list[Any]]:
    """Guests who stay longer in cheaper rooms, and pay for amenities where they have no rewards."""
    draw = random.Random(20)
    columns: dict[str, list[Any]] = {name: [] for name in _METADATA["tables"][GUESTS]["columns"]}  # type: ignore[index]
    for number in range(_ROWS):
        room = draw.choices(("BASIC", "DELUXE", "SUITE"), (0.7, 0.2, 0.1))[0]
        rewards = draw.random() < {"BASIC": 0.1, "DELUXE": 0.3, "SUITE": 0.6}[room]
        arrival = datetime.date(2020, 1, 1) + datetime.timedelta(days=draw.randrange(366))
        nights = 1 + min(int(draw.expovariate({"BASIC": 0.7, "DELUXE": 1.0, "SUITE": 1.5}[room])), 13)
        base = {"BASIC": 130.0, "DELUXE": 190.0, "SUITE": 270.0}[room]
        summer = 1.15 if arrival.month in (6, 7, 8) else 1.0
        fee = 0.0 if rewards else round(max(draw.gauss(base / 8, 4), 0), 2)
        name = f"{draw.choice(_FIRST)}.{draw.choice(_LAST)}{number:03}"
        row = (
            f"{name}@example.{draw.choice(('com', 'net', 'org'))}",
            rewards,
            room,
            None if draw.random() < 0.09 else fee,
            _written(arrival),
            None if draw.random() < 0.04 else _written(arrival + datetime.timedelta(days=nights)),
            round(max(draw.gauss(base * summer, base / 12), 80), 2),
            f"{draw.randrange(1, 999)} {draw.choice(_STREETS)}, {draw.choice(_CITIES)}",
            # Of an issuer that does not exist.
            int("9" + "".join(str(draw.randrange(10)) for _ in range(15))),
        )
        for column, cell in zip(columns.values(), row):
            column.append(cell)
    return columns


#: Names of months that do not depend on where the program runs.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _written(day: datetime.date) -> str:
    return f"{day.day:02} {_MONTHS[day.month - 1]} {day.year}"
