"""The native module: what `crates/lookalike-python/src` gives Python. It is not public."""

from collections.abc import Callable
from typing import Any

__version__: str

Listener = Callable[[str, int, int | None], None] | None

class Schema:
    names: list[str]
    kinds: list[str]
    image_shape: tuple[int, int, int] | None
    zones: list[tuple[str, str]]
    def condition(self, text: str) -> tuple[str, str, str | None]: ...
    def to_json(self, version: str) -> str: ...

class Table:
    n_rows: int
    schema: Schema
    warnings: list[str]
    extra: list[str]
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...
    def column(self, index: int) -> tuple: ...
    def addresses(self) -> list[int]: ...
    def take(self, rows: list[int]) -> Table: ...
    def write(self, path: Any) -> None: ...

class Model:
    method: str
    schema: Schema
    n_training_rows: int
    warnings: list[str]
    def sample(
        self,
        start: int,
        stop: int,
        seed: int,
        conditions: list[str] = ...,
        named: list[tuple[str, str, list[str | None]]] = ...,
        like: Table | None = None,
        around: Table | None = None,
        low_discrepancy: bool = False,
        dials: list[str] = ...,
        truth: str | None = None,
        listener: Listener = None,
    ) -> Table: ...
    def log_prob(self, table: Table) -> bytearray | None: ...
    def impute(self, table: Table, seed: int, listener: Listener = None) -> tuple[Table, list[int]]: ...
    def kept_json(self) -> str: ...
    def training_json(self) -> str | None: ...
    def to_bytes(self) -> bytes: ...
    @staticmethod
    def from_bytes(bytes: bytes) -> Model: ...
    def save(self, path: Any) -> None: ...
    @staticmethod
    def load(path: Any) -> Model: ...

def read_table(
    source: Any,
    options: str,
    like: Schema | None = None,
    way: str = "same",
    what: str = "the table",
    listener: Listener = None,
) -> Table: ...
def write_demo_table(path: Any) -> None: ...
def split(table: Table, share: float, by: str | None, time: str | None, seed: int) -> tuple[bytearray, bytearray, list[str]]: ...
def fit(table: Table, method: str, fitting: str, seed: int, listener: Listener = None) -> Model: ...
def select(table: Table, fitting: str, seconds: float, seed: int, listener: Listener = None) -> tuple[Model, str, str]: ...
def problems(method: str, fitting: str, reading: str) -> list[str]: ...
def resample(
    table: Table, method: str, wish: str, seed: int, listener: Listener = None
) -> tuple[bytearray, bytearray, Table, list[str]]: ...
def evaluate(
    options: str,
    real: Table,
    synthetic: Table,
    holdout: Table | None = None,
    further: list[Table] = ...,
    seed: int = 0,
    listener: Listener = None,
) -> str: ...
def render(evaluation: str, shareable: bool) -> str: ...
def check(evaluation: str, gates: str) -> str: ...
def metrics() -> str: ...
def audit(
    table: Table,
    method: str,
    fitting: str,
    refits: int,
    targets: int,
    rows: int | None,
    seed: int,
    listener: Listener = None,
) -> str: ...
def simulate(
    schema: str,
    rows: int | None,
    seed: int,
    dials: list[str] = ...,
    truth: str | None = None,
    listener: Listener = None,
) -> list[tuple[str, Table]]: ...
def emit_schema(table: Table, fitting: str, seed: int, listener: Listener = None) -> tuple[str, list[str]]: ...
def suggest_constraints(table: Table) -> list[tuple[str, int, int]]: ...
def preset(method: str, name: str) -> str: ...
def set_threads(threads: int) -> None: ...

Given = tuple[bytearray, list[int], int]
Marks = tuple[list[tuple[float, float, float, float, int]], list[tuple[float, float, int]]]

class Pipeline:
    def __new__(cls, text: str, seed: int, fixed: bool) -> Pipeline: ...
    def run(self, image: Any) -> Given: ...
    def draw(self, image: Any) -> Record: ...
    def to_toml(self) -> str: ...
    @staticmethod
    def read_toml(path: Any) -> str: ...

class Record:
    def __new__(cls, text: str) -> Record: ...
    def to_json(self) -> str: ...
    def apply(
        self,
        image: Any,
        masks: list[Any] = ...,
        boxes: list[tuple[float, float, float, float]] = ...,
        points: list[tuple[float, float]] = ...,
        what: str = "image",
    ) -> tuple[Given, list[Given], list[tuple[float, float, float, float, int]], list[tuple[float, float, int]]]: ...
    def travel(
        self,
        size: tuple[int, int],
        boxes: list[tuple[float, float, float, float]],
        points: list[tuple[float, float]],
    ) -> Marks: ...

def augment(
    input: Any, out: Any, pipeline: str, wish: str, seed: int, listener: Listener = None
) -> tuple[str, list[str]]: ...
def mix(
    step: str, images: list[Any], masks: list[Any], seed: int
) -> tuple[Given, Given | None, list[tuple[int, float]]]: ...
def image_table(
    images: tuple[tuple[int, int, int, int], Any] | None = None,
    labels: tuple[Any, list[str]] | None = None,
    like: Schema | None = None,
) -> Table: ...
def read_pictures(
    path: Any,
    size: tuple[int, int] | None = None,
    labels: Any = None,
    strict: bool = False,
    like: Schema | None = None,
    listener: Listener = None,
) -> Table: ...
def pictures_of(table: Table) -> tuple[bytearray, tuple[int, int, int, int]]: ...
def labels_of(table: Table) -> tuple[bytearray, list[str]] | None: ...
def image_classes(model: Model) -> list[str] | None: ...
def interpolate(
    model: Model,
    rows: int,
    steps: int,
    seed: int,
    conditions: list[str] = ...,
    named: list[tuple[str, str, list[str | None]]] = ...,
    listener: Listener = None,
) -> tuple[bytearray, tuple[int, int, int, int, int]]: ...
def traverse(
    model: Model,
    rows: int,
    steps: int,
    seed: int,
    conditions: list[str] = ...,
    named: list[tuple[str, str, list[str | None]]] = ...,
    listener: Listener = None,
) -> tuple[bytearray, tuple[int, int, int, int, int]]: ...
def grid(table: Table, columns: int) -> Given: ...
def write_grid(table: Table, columns: int, path: Any) -> None: ...
