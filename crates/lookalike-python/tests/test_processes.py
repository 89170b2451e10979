"""Ctrl-C, threads, forks."""

import concurrent.futures
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from conftest import people
from lookalike import CTGAN, Forest


def ages(seed):
    return Forest(random_state=seed).fit(people(200)).sample(50)["age"]


@pytest.fixture
def heard():
    """Ctrl-C is heard, also where these tests run in the background of a shell, which lets its jobs ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_learning_within_a_second(heard):
    began = []

    def interrupt():
        time.sleep(1.0)
        began.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    generator = CTGAN(epochs=100_000)
    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        generator.fit(people(2000))
    ended = time.monotonic()
    thread.join()
    assert ended - began[0] < 1.0
    # The process is healthy, and the generator is as it was.
    assert not generator.__sklearn_is_fitted__()
    assert len(ages(1)) == 50


def test_other_threads_run_meanwhile():
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(1)
            time.sleep(0.01)

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.monotonic()
    CTGAN(epochs=30).fit(people(1000))
    seconds = time.monotonic() - begin
    stop.set()
    thread.join()
    assert len(ticks) > 10 * seconds


def test_threads_give_the_same():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ages, [1, 2, 1, 2]))
    assert found[:2] == found[2:]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_give_the_same(method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("not on this system")
    here = [ages(1), ages(2)]
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        assert pool.map_async(ages, [1, 2]).get(timeout=120) == here


def test_joblib_gives_the_same():
    joblib = pytest.importorskip("joblib")
    here = [ages(1), ages(2)]
    for backend in ("loky", "threading", "multiprocessing"):
        assert joblib.Parallel(n_jobs=2, backend=backend)(joblib.delayed(ages)(seed) for seed in (1, 2)) == here


def test_importing_is_quick_and_needs_nothing():
    program = (
        "import time; t = time.perf_counter(); import lookalike; took = time.perf_counter() - t\n"
        "import sys; print(took, sorted({'numpy', 'pandas', 'polars', 'pyarrow', 'sklearn', 'duckdb'} & set(sys.modules)))"
    )
    best = None
    for _ in range(3):
        out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        seconds, others = out.split(" ", 1)
        assert others.strip() == "[]"
        best = min(best or 9.0, float(seconds))
    assert best < 0.2
