#!/usr/bin/env python3
"""Measures ingest beside other readers of the same files: MB of file a second of CPU time, and peak memory.

usage: bench.py BUILD DATA [MB]

Each measurement is a process of its own, three times; the best is taken, for a shared machine only ever slows one down.
Readers that are not installed are left out, and said so.
"""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True  # The sources stay as they are.
from measuring import best, run

build, data = sys.argv[1], sys.argv[2]
megabytes = sys.argv[3] if len(sys.argv) > 3 else os.environ.get("BENCH_MB", "500")
bench = os.path.join(build, "ingest-bench")
os.makedirs(data, exist_ok=True)

PEERS = {
    "pandas": "import pandas; pandas.read_csv(sys.argv[1], sep=sep, skiprows=skip, header=header)",
    "polars": "import polars; polars.read_csv(sys.argv[1], separator=sep, skip_rows=skip, has_header=header == 0)",
    "pyarrow": "import pyarrow.csv as c; c.read_csv(sys.argv[1], "
    "read_options=c.ReadOptions(skip_rows=skip, autogenerate_column_names=header is None), "
    "parse_options=c.ParseOptions(delimiter=sep))",
    "csv": "import csv\nfor row in csv.reader(open(sys.argv[1], newline=''), delimiter=sep): pass",
}


def measure(kind, sep, skip, header):
    path = os.path.join(data, f"{kind}.csv")
    if not os.path.exists(path) or abs(os.path.getsize(path) / 1e6 - float(megabytes)) > 5:
        subprocess.check_call([bench, "generate", kind, path, megabytes])
    size = os.path.getsize(path) / 1e6
    print(f"\n{kind}: {size:.0f} MB")
    rows = {}
    out = os.path.join(data, "out.jsonl")
    for name, command in [
        ("DelimitedScanner alone", [bench, "scan", path]),
        ("records, every cell accounted for", [bench, "records", path]),
        ("JSON Lines on disk", [bench, "lines", path, out]),
        ("two files side by side, CPU of both", None),
    ]:
        if command is None:
            twin = os.path.join(data, f"{kind}-2.csv")
            if not os.path.exists(twin):
                os.link(path, twin)
            result = best([os.path.join(build, "ingest"), "--quiet", path, twin], 1)
            if result:
                cpu, wall, memory, _ = result
                print(f"  two files, ingest --quiet               wall {wall:6.2f} s, CPU {cpu:6.2f} s ({cpu / wall:.2f} cores), {memory} MB")
            continue
        result = best(command)
        if not result:
            print(f"  {name}: failed")
            continue
        cpu, wall, memory, text = result
        cpu = json.loads(text)["cpu"]
        rows[name] = size / cpu
        print(f"  {name:38s} {size / cpu:7.0f} MB/s CPU  {wall:6.2f} s wall  {memory:5d} MB peak")
    if os.path.exists(out):
        print(f"  (records are {os.path.getsize(out) / size / 1e6:.1f} times as large as the file)")
        os.remove(out)
    for peer, code in PEERS.items():
        code = f"import sys; sep, skip, header = {sep!r}, {skip}, {header}\n{code}"
        result = best([sys.executable, "-c", code, path], 2)
        if not result:
            print(f"  {peer:38s} not installed")
            continue
        cpu, wall, memory, _ = result
        rows[peer] = size / cpu
        print(f"  {peer:38s} {size / cpu:7.0f} MB/s CPU  {wall:6.2f} s wall  {memory:5d} MB peak")
    ours = rows.get("records, every cell accounted for")
    for peer in PEERS:
        if ours and peer in rows:
            print(f"  records / {peer:28s} {ours / rows[peer]:7.2f}")


measure("peaks", ",", 0, 0)
measure("trace", "\t", 2, None)
start = min(run([os.path.join(build, "ingest"), "--version"])[1] for _ in range(20)) * 1000
print(f"\nstart-up, ingest --version: {start:.1f} ms (best of 20)")
