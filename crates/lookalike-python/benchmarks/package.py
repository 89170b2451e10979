"""What the Python package costs: import, size, the way of a table in, and `fit` beside the program.

    python package.py --cli target/release/lookalike --wheel target/wheels/lookalike-*.whl [--sdv PYTHON]

Run it with a Python in which the wheel is installed. `--sdv` is a Python in which SDV is, whose figures then stand beside.
Prints one line a figure: ours, what is wanted, and the peer's with the ratio where there is one.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings


def cpu_of(command, repeats=5):
    """The least processor seconds and the least clock seconds of a command, over several runs."""
    best = (float("inf"), float("inf"))
    for _ in range(repeats):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        clock = time.perf_counter() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = (min(best[0], cpu), min(best[1], clock))
    return best


def size_of(folder):
    """The bytes under a folder."""
    return sum(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(folder) for name in names)


def environment_size(python):
    """The bytes of what is installed beside a Python."""
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    return size_of(subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip())


def line(what, ours, wanted, unit, theirs=None):
    beside = "" if theirs is None else f"   SDV {theirs:.3g} {unit}, {theirs / ours:.3g} times as much"
    print(f"{what:<52} {ours:10.3f} {unit:<6} (wanted: {wanted}){beside}")


def imports(options):
    bare = cpu_of([sys.executable, "-c", "pass"])
    ours = cpu_of([sys.executable, "-c", "import lookalike"])
    theirs = None
    if options.sdv:
        base = cpu_of([options.sdv, "-c", "pass"], 1)
        theirs = cpu_of([options.sdv, "-c", "import sdv.single_table"], 2)[0] - base[0]
    line("import, processor time beyond Python's own", ours[0] - bare[0], "<= 0.2", "s", theirs)
    line("import, clock time beyond Python's own", ours[1] - bare[1], "<= 0.2", "s")


def sizes(options):
    wheel = os.path.getsize(options.wheel) / 1e6
    theirs = environment_size(options.sdv) / 1e6 if options.sdv else None
    line("wheel", wheel, "<= 15", "MB", theirs)


def arrow(_):
    try:
        import numpy
        import pyarrow
    except ImportError:
        print("a table of Arrow: NumPy or pyarrow is missing, not measured")
        return
    from lookalike import _frames

    table = pyarrow.table({f"x{index}": numpy.random.default_rng(index).normal(size=1_000_000) for index in range(20)})
    begun = time.perf_counter()
    native, _ = _frames.read(table)
    seconds = time.perf_counter() - begun
    shared = sum(
        ours == theirs.chunk(0).buffers()[1].address for ours, theirs in zip(native.addresses(), table.columns)
    )
    line("Arrow columns of 1,000,000 rows shared, of 20", shared, "20", "")
    line("  the way in", seconds, "-", "s")


def fitting(options):
    with tempfile.TemporaryDirectory() as folder:
        csv, model = os.path.join(folder, "adult.csv"), os.path.join(folder, "m.model")
        from lookalike import _native

        _native.write_demo_table(csv)
        cli = cpu_of([options.cli, "fit", csv, "-o", model])
        with open(model, "rb") as file:
            theirs = file.read()
        code = f"import lookalike; lookalike.Forest().fit({csv!r}).save({model!r})"
        own = cpu_of([sys.executable, "-W", "ignore", "-c", code])
        with open(model, "rb") as file:
            same = file.read() == theirs
        line("fit of Adult from its file, clock, of the program's", own[1] / cli[1], "<= 1.05", "x")
        line("  processor time", own[0] / cli[0], "<= 1.05", "x")
        print(f"  the model's bytes are {'the same' if same else 'DIFFERENT'}")
        try:
            import pandas
        except ImportError:
            return
        import lookalike

        frame = pandas.read_csv(csv)
        best = float("inf")
        for _ in range(5):
            begun = time.perf_counter()
            lookalike.Forest().fit(frame)
            best = min(best, time.perf_counter() - begun)
        line("fit of Adult from a pandas DataFrame, clock", best / cli[1], "<= 1.05", "x")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--wheel", required=True)
    parser.add_argument("--sdv")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for part in (imports, sizes, arrow, fitting):
        part(options)


if __name__ == "__main__":
    main()
