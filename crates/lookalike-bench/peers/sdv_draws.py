"""Fits SDV's Gaussian copula to a CSV file and writes draws of as many rows, one CSV file each.

Arguments: the file, its metadata (SDV's JSON, version 2), the files to write. Prints the seconds of fitting as one line
of JSON. Of what goes wrong it tells the step and the exception's name alone: the message may hold values of the table.
"""

import json
import os
import sys
import time
import warnings


def kinds(path):
    """The metadata of the only table, with levels of every sort as categorical: SDV 1.38 cannot fit an order that is
    declared, and takes no truth values but Python's."""
    with open(path, encoding="utf-8") as file:
        table = json.load(file)["tables"]["table"]
    for column in table["columns"].values():
        if column["sdtype"] in ("boolean", "ordinal"):
            column.clear()
            column["sdtype"] = "categorical"
    return table


def main():
    path, metadata_path, *draws = sys.argv[1:]
    step = "its import"
    try:
        import pandas
        from sdv.metadata import Metadata
        from sdv.single_table import GaussianCopulaSynthesizer

        step = "reading"
        told = kinds(metadata_path)
        # Levels that look like numbers stay text, or a missing one would turn 1 into 1.0.
        text = {name: str for name, column in told["columns"].items() if column["sdtype"] != "numerical"}
        table = pandas.read_csv(path, dtype=text, keep_default_na=False, na_values=[""])
        metadata = Metadata.load_from_dict({"tables": {"table": told}, "relationships": []})
        step = "fitting"
        synthesizer = GaussianCopulaSynthesizer(metadata)
        start = time.perf_counter()
        synthesizer.fit(table)
        seconds = time.perf_counter() - start
        step = "sampling"
        for draw in draws:
            # Each call goes on where the one before left the random numbers.
            synthesizer.sample(len(table)).to_csv(draw, index=False)
    except Exception as error:
        return f"{step} failed with {type(error).__name__}"
    print(json.dumps({"fit_wall": seconds}))
    return None


warnings.filterwarnings("ignore")
with open(os.devnull, "w", encoding="utf-8") as sys.stderr:
    problem = main()
sys.stderr = sys.__stderr__
sys.exit(problem)
