"""Fits and samples SDV's Gaussian copula on a CSV file and prints the cost as one line of JSON."""

import json
import resource
import sys
import time
import warnings

warnings.filterwarnings("ignore")


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    path, rows = sys.argv[1], int(sys.argv[2])
    import pandas
    from sdv.single_table import GaussianCopulaSynthesizer

    try:
        from sdv.metadata import Metadata

        def detect(table):
            return Metadata.detect_from_dataframe(table)
    except ImportError:
        from sdv.metadata import SingleTableMetadata

        def detect(table):
            metadata = SingleTableMetadata()
            metadata.detect_from_dataframe(table)
            return metadata

    table = pandas.read_csv(path)
    synthesizer = GaussianCopulaSynthesizer(detect(table))
    wall, cpu = time.perf_counter(), cpu_seconds()
    try:
        synthesizer.fit(table)
    except Exception:  # SDV 2 takes a dictionary of tables.
        synthesizer.fit({"table": table})
    fit_wall, fit_cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    wall, cpu = time.perf_counter(), cpu_seconds()
    sample = synthesizer.sample(rows)
    if isinstance(sample, dict):
        sample = next(iter(sample.values()))
    sample.to_csv("/dev/null", index=False)
    sample_wall, sample_cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    print(
        json.dumps(
            {
                "fit_wall": fit_wall,
                "fit_cpu": fit_cpu,
                "rows_per_second": rows / sample_wall,
                "rows_per_cpu_second": rows / sample_cpu,
            }
        )
    )


main()
