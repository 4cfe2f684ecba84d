"""Reads what `lockstep export` wrote with the tools it is meant for, and prints it as JSON.

    python scripts/interop/read_back.py EXPORTS

EXPORTS is a folder with event files, CSV files and Parquet files, as `--out` had it. Event files are
read with TensorBoard's own EventAccumulator, tables with pandas and with DuckDB, which must agree.
Needs tensorboard, pandas, pyarrow and duckdb from PyPI.
"""

import json
import math
import sys
from pathlib import Path

import duckdb
import pandas
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def spelled(value):
    """JSON has neither NaN nor infinity, nor numpy's numbers."""
    if value is None or value is pandas.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return value


def read_events(folder):
    """Scalars by tag: a list of [step, wall time, value]."""
    accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    tags = accumulator.Tags()
    scalars = {
        tag: [[e.step, e.wall_time, spelled(e.value)] for e in accumulator.Scalars(tag)]
        for tag in tags["scalars"]
    }
    if tags["tensors"]:
        raise SystemExit(f"{folder}: expected scalars only, got tensors {tags['tensors']}")
    return scalars


def rows_of(frame):
    records = frame.to_dict(orient="records")
    return [{key: spelled(value) for key, value in row.items()} for row in records]


def read_table(path):
    """The rows, of which pandas and DuckDB must say the same."""
    reader = "read_csv" if path.suffix == ".csv" else "read_parquet"
    frame = pandas.read_csv(path) if path.suffix == ".csv" else pandas.read_parquet(path)
    rows = rows_of(frame)
    cursor = duckdb.sql(f"select * from {reader}('{path}')")
    names = cursor.columns
    from_duckdb = [dict(zip(names, map(spelled, row))) for row in cursor.fetchall()]
    if json.dumps(rows) != json.dumps(from_duckdb):
        for ours, theirs in zip(rows, from_duckdb):
            if json.dumps(ours) != json.dumps(theirs):
                raise SystemExit(f"{path}: pandas {ours}, DuckDB {theirs}")
        raise SystemExit(f"{path}: pandas has {len(rows)} rows, DuckDB {len(from_duckdb)}")
    return rows


def main():
    folder = Path(sys.argv[1])
    events = sorted({path.parent for path in folder.rglob("*tfevents*")})
    tables = sorted([*folder.glob("*.csv"), *folder.glob("*.parquet")])
    document = {
        "events": {str(path.relative_to(folder)): read_events(path) for path in events},
        "tables": {path.name: read_table(path) for path in tables},
    }
    json.dump(document, sys.stdout)


if __name__ == "__main__":
    main()
