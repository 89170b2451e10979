"""A random forest of scikit-learn on the matrix that is given: seconds by the clock and of all processors, and the area
under the ROC curve of the rows held out, as one line of JSON. The least of several runs."""

import json
import pathlib
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score


def main():
    folder, width, learned = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    trees, jobs, runs = (int(argument) for argument in sys.argv[4:7])
    cells = np.fromfile(folder / "cells.bin", dtype="<f8").reshape(width, -1).T
    classes = np.fromfile(folder / "classes.bin", dtype="u1")
    train, test = np.ascontiguousarray(cells[:learned], dtype=np.float32), cells[learned:].astype(np.float32)
    best = None
    areas = []
    for run in range(runs):
        model = RandomForestClassifier(n_estimators=trees, n_jobs=jobs, random_state=run)
        wall, cpu = time.perf_counter(), time.process_time()
        model.fit(train, classes[:learned])
        cost = (time.perf_counter() - wall, time.process_time() - cpu)
        wall = time.perf_counter()
        areas.append(roc_auc_score(classes[learned:], model.predict_proba(test)[:, 1]))
        predict = time.perf_counter() - wall
        if best is None or cost[0] < best["wall"]:
            best = {"wall": cost[0], "cpu": cost[1], "predict": predict}
    print(json.dumps({**best, "auc": float(np.mean(areas))}))


main()
