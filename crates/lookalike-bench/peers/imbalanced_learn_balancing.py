"""Balances a table with imbalanced-learn's SMOTE or SMOTENC and prints the cost as one line of JSON."""

import json
import resource
import sys
import time

import pandas
from imblearn.over_sampling import SMOTE, SMOTENC

path, kinds, target, method = sys.argv[1:]
table = pandas.read_csv(path)
columns = json.load(open(kinds))
columns = columns.get("columns") or next(iter(columns["tables"].values()))["columns"]
y = table.pop(f"column {target}")
levels = [name for name in table.columns if columns[name]["sdtype"] in ("categorical", "boolean")]
for name in levels:
    # It takes no gaps.
    table[name] = table[name].astype("string").fillna("?").astype(object)


def balance():
    sampler = SMOTENC(categorical_features=levels, random_state=1) if method == "smotenc" else SMOTE(random_state=1)
    return len(sampler.fit_resample(table, y)[1])


rows = balance()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
runs = 3
wall, cpu = time.perf_counter(), time.process_time()
for _ in range(runs):
    balance()
print(
    json.dumps(
        {
            "wall": (time.perf_counter() - wall) / runs,
            "cpu": (time.process_time() - cpu) / runs,
            "peak_megabytes": peak,
            "rows": rows,
        }
    )
)
