#!/usr/bin/env python3
"""Measures publishing to a local tenant in a process of its own: results a second, calls, memory, time to the receipt.

usage: publishing.py BUILD DATA
"""
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import time

build, data = sys.argv[1], sys.argv[2]
ingest = os.path.abspath(os.path.join(build, "ingest"))
bench = os.path.abspath(os.path.join(build, "ingest-bench"))
home = os.path.abspath(os.path.join(data, "home"))
os.makedirs(data, exist_ok=True)


class Tenant:
    """A tenant that takes `latency` seconds for each answer, and the ingest.yaml that leads to it."""

    def __init__(self, latency):
        self.process = subprocess.Popen(
            [bench, "serve", str(latency)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.opened = json.loads(self.process.stdout.readline())
        self.config = os.path.join(data, "ingest.yaml")
        with open(self.config, "w") as file:
            file.write(f"""destinations:
  bench:
    url: {self.opened["url"]}
    credentials: {{key-from: BENCH_KEY}}
    project: Analytical Development
    registry: Sandbox Registry
publish:
  - for: lc
    accept-unknown: true
    run:
      schema: Chromatography Run
      fields: {{instrument: run.instrument.name, source_sha256: file.sha256}}
    results:
      - of: peak or compound or sample
        schema: Chromatography Result
        fields:
          run: $run
          sample_name: sample.name
          analyte: analyte.name
          retention_time: retentionTime in min
          peak_area: area in {{mAU}}.s
          chromatogram_file: blob(source)
""")
        shutil.rmtree(home, ignore_errors=True)

    def run(self, *arguments):
        """Wall seconds, CPU seconds, the receipt."""
        environment = dict(os.environ, BENCH_KEY=self.opened["apiKey"], INGEST_HOME=home)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        out = subprocess.run(
            [ingest, *arguments, "--config", self.config, "--json"], env=environment, capture_output=True, text=True)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if out.returncode not in (0, 4):
            sys.exit(f"ingest {' '.join(arguments)}: status {out.returncode}\n{out.stderr}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return wall, cpu, json.loads(out.stdout)

    def asked(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def table(name, rows):
    path = os.path.join(data, name)
    with open(path, "w") as file:
        file.write("Sample Name,Vial,Injection Date,Name,RT [min],Area [mAU*s]\n")
        for row in range(rows):
            file.write(f"S-{row // 8},{row // 8 + 1},2026-03-01 09:14,Compound {row % 8},{1 + row % 8 * 0.731:.3f},{row * 1.25 + 3:.2f}\n")
    return path


def writes(results, parts=0):
    """The calls without which it cannot be done: a blob, a run, the results."""
    blob = parts + 2 if parts else 1
    return blob + 1 + (1 if results <= 100 else 2 + (results + 99) // 100)


READS = {"GET /projects": 1, "GET /registries": 1, "GET /assay-run-schemas": 1, "GET /assay-result-schemas": 1}

print("\npublishing, to a local tenant in another process")
tenant = Tenant(0)
for rows in (200, 20_000):
    wall, cpu, receipt = tenant.run("run", table(f"publish-{rows}.csv", rows))
    asked = tenant.asked()
    made = sum(count for call, count in asked["calls"].items() if not call.startswith("GET"))
    print(
        f"  {rows:6d} results: {rows / wall:7.0f} a second, wall {wall:.2f} s, CPU of ingest {cpu:.2f} s; "
        f"{made} writes (least possible {writes(rows)}), {asked['requests'] - made} reads")
    wall, cpu, receipt = tenant.run("run", table(f"publish-{rows}.csv", rows))
    print(f"          the same again: status {receipt['status']}, wall {wall:.2f} s, {tenant.asked()['requests']} reads")
tenant.close()

print("the time from a file of 200 rows to its receipt, with a tenant that takes 50 ms for each answer")
tenant = Tenant(0.05)
for label in ("the first time", "another file"):
    wall, cpu, receipt = tenant.run("run", table(f"publish-{label.replace(' ', '-')}.csv", 200 + len(label)))
    asked = tenant.asked()
    print(f"  {label:15s} {wall * 1000:.0f} ms, {asked['requests']} calls: one after another they would take {asked['requests'] * 50} ms")
tenant.close()

print("an attachment of 1 GB")
tenant = Tenant(0)
small = table("large.csv", 12)
records = os.path.join(data, "large.jsonl")
subprocess.run([ingest, "read", "--quiet", small, "-o", records], check=False)
lines = open(records).read().splitlines()
large = os.path.join(data, "attached", "large.csv")
os.makedirs(os.path.dirname(large), exist_ok=True)
with open(large, "wb") as file:
    file.truncate(1_000_000_000)
sha256 = hashlib.sha256()
with open(large, "rb") as file:
    while chunk := file.read(1 << 20):
        sha256.update(chunk)
old = json.loads(lines[0])["file"]
replaced = [line.replace(old["sha256"], sha256.hexdigest()).replace(f'"bytes":{old["bytes"]}', '"bytes":1000000000') for line in lines]
body = "".join(line + "\n" for line in replaced[:-1])
end = json.loads(replaced[-1])
end["digest"] = hashlib.sha256(body.encode()).hexdigest()
open(records, "w").write(body + json.dumps(end, separators=(",", ":"), ensure_ascii=False) + "\n")
environment = dict(os.environ, BENCH_KEY=tenant.opened["apiKey"], INGEST_HOME=home)
start = time.perf_counter()
child = subprocess.Popen(
    [ingest, "publish", records, "--source", large, "--config", tenant.config, "--json"], env=environment,
    stdout=subprocess.PIPE, text=True)
out = child.stdout.read()
_, status, usage = os.wait4(child.pid, 0)
wall = time.perf_counter() - start
asked = tenant.asked()
made = sum(count for call, count in asked["calls"].items() if not call.startswith("GET"))
print(
    f"  status {os.waitstatus_to_exitcode(status)}, peak memory of ingest {usage.ru_maxrss // 1024} MB, wall {wall:.1f} s "
    f"({1000 / wall:.0f} MB/s), CPU {usage.ru_utime + usage.ru_stime:.1f} s, {made} writes (least possible {writes(12, 100)})")
tenant.close()
os.remove(large)
