"""Reads a CSV file with pandas and prints the cost as one line of JSON."""

import json
import os
import sys
import time

import pandas

path = sys.argv[1]
start = time.perf_counter()
table = pandas.read_csv(path)
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "megabytes_per_second": os.path.getsize(path) / 1e6 / seconds}))
