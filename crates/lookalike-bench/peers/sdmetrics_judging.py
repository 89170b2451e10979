"""Times SDMetrics' quality report and its distances to the closest record.

    python sdmetrics_judging.py real.csv synthetic.csv metadata.json SECONDS

prints one JSON object. Distances are computed for growing numbers of rows, doubled until a run takes longer than SECONDS.
"""

import json
import pathlib
import sys
import time
import warnings

import pandas as pd
from sdmetrics.reports.single_table import QualityReport
from sdmetrics.single_table.privacy.dcr_utils import calculate_dcr

warnings.filterwarnings("ignore")

real, synthetic = (pd.read_csv(path) for path in sys.argv[1:3])
(metadata,) = json.loads(pathlib.Path(sys.argv[3]).read_text())["tables"].values()
seconds = float(sys.argv[4])


def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


report = QualityReport()
figures = {}
runs = [timed(lambda: QualityReport().generate(real, synthetic, metadata, verbose=False)) for _ in range(3)]
figures["report_wall"], figures["report_cpu"] = min(runs)
report.generate(real, synthetic, metadata, verbose=False)
figures["report_score"] = report.get_score()

rows = 1000
while rows <= len(real):
    wall, cpu = timed(lambda: calculate_dcr(synthetic.head(rows), real.head(rows), metadata))
    if wall > seconds:
        break
    figures["dcr_rows"], figures["dcr_wall"], figures["dcr_cpu"] = rows, wall, cpu
    rows = min(rows * 2, len(real)) if rows < len(real) else rows + 1
print(json.dumps(figures))
