"""Learns a CSV file with the ctgan package, samples as many rows to CSV, and prints the cost as one line of JSON."""

import json
import resource
import sys
import warnings

warnings.filterwarnings("ignore")


def main():
    path, method, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    import pandas
    import torch
    from ctgan import CTGAN, TVAE

    # Without this its epochs take several times as long towards the end.
    torch.set_flush_denormal(True)
    table = pandas.read_csv(path)
    discrete = [name for name in table.columns if not pandas.api.types.is_numeric_dtype(table[name])]
    kind = {"ctgan": CTGAN, "tvae": TVAE}[method]
    try:
        model = kind(epochs=epochs, enable_gpu=False)
    except TypeError:
        model = kind(epochs=epochs, cuda=False)
    model.fit(table, discrete)
    model.sample(len(table)).to_csv("/dev/null", index=False)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {"cpu": usage.ru_utime + usage.ru_stime, "peak_megabytes": usage.ru_maxrss / 1024},
        )
    )


main()
