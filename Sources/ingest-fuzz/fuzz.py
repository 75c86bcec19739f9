"""Looks for inputs that break us: fuzz.py PROGRAM SECONDS [TARGET …]

Every target gets its share of the time, one after another; what they learn is kept beside PROGRAM for the next time. What breaks
them is made as short as it can be and put into findings/: mend it, and keep the input in Tests/Corpora/fuzz/<target>/,
written anew where it still holds something of a real file.
"""

import os
import re
import shutil
import subprocess
import sys
import time

MOST_FINDINGS = 5  # of one target in one go
TIMEOUT, MEMORY = 25, 2500  # seconds for one input, MiB

program = os.path.abspath(sys.argv[1])
seconds = float(sys.argv[2])
place = os.path.join(os.path.dirname(program), "fuzz")
findings = os.path.join(place, "findings")
os.makedirs(findings, exist_ok=True)

environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
# Leaks are looked for where the allocations of one input differ, which caches of the runtime make so.
environment["ASAN_OPTIONS"] = "detect_leaks=0:detect_stack_use_after_return=0:allocator_release_to_os_interval_ms=1000"
symbolizer = shutil.which("swiftc")
if symbolizer:
    environment["ASAN_SYMBOLIZER_PATH"] = os.path.join(os.path.dirname(os.path.realpath(symbolizer)), "llvm-symbolizer")


def run(target, arguments, log, limit):
    with open(log, "wb") as out:
        try:
            return subprocess.run([program] + arguments, stdout=out, stderr=out, timeout=limit, cwd=place,
                                  env=dict(environment, INGEST_FUZZ_TARGET=target)).returncode
        except subprocess.TimeoutExpired:
            return -1


def text(log):
    with open(log, errors="replace") as file:
        return file.read()


def reason(report):
    """What broke, in a line, and the first places of ours."""
    found = re.search(r"FINDING: (.*)", report)
    if found:
        return found.group(1).strip()[:300]
    for pattern in (r"(Fatal error.*)", r"ERROR: (.*)"):
        found = re.search(pattern, report)
        if found:
            frames = re.findall(r"#\d+ 0x\w+ in (.*?) (?:/\S*/)?((?:Sources|Plugins)/\S+|[\w+-]+\.swift\S*)", report)
            ours = [place for _, place in frames if "Fuzz" not in place]
            return found.group(1).strip()[:300] + ("  at " + ", ".join(ours[:3]) if ours else "")
    return "it ended without a word"


def kind(said):
    return re.sub(r"[\d.]+|\".*?\"|0x\w+", "#", said)[:160]


def minimise(target, artifact, said, log):
    """The shortest input that still breaks in the same way; the artifact itself where there is no shorter one."""
    short = artifact + ".short"
    run(target, ["-minimize_crash=1", "-max_total_time=40", "-timeout=%d" % TIMEOUT, "-exact_artifact_path=" + short, artifact],
        log, 90)
    if not os.path.exists(short) or os.path.getsize(short) >= os.path.getsize(artifact):
        return artifact
    run(target, ["-timeout=%d" % TIMEOUT, short], log, 60)
    return short if kind(reason(text(log))) == kind(said) else artifact


def fuzz(target, longest, share):
    home = os.path.join(place, target)
    corpus = os.path.join(home, "corpus")
    os.makedirs(corpus, exist_ok=True)
    log = os.path.join(home, "log")
    end = time.monotonic() + share
    row = {"target": target, "runs": 0, "seconds": 0.0, "covered": 0, "features": 0, "inputs": 0, "findings": []}
    while True:
        left = int(end - time.monotonic() + 0.5)
        if (left < 1 and row["runs"]) or len(row["findings"]) >= MOST_FINDINGS:
            return row
        arguments = ["-max_total_time=%d" % max(1, left), "-timeout=%d" % TIMEOUT, "-rss_limit_mb=%d" % MEMORY,
                     "-max_len=%d" % longest, "-print_final_stats=1", "-detect_leaks=0", "-reload=0", "-artifact_prefix=" + home + "/"]
        words = os.path.join(home, "words")
        if os.path.exists(words):
            arguments.append("-dict=" + words)
        began = time.monotonic()
        status = run(target, arguments + [corpus, os.path.join(home, "seeds")], log, left + 300)
        row["seconds"] += time.monotonic() - began
        report = text(log)
        done = re.search(r"stat::number_of_executed_units:\s*(\d+)", report)
        counts = re.findall(r"^#(\d+).*", report, re.M)
        row["runs"] += int(done.group(1)) if done else int(counts[-1]) if counts else 1
        for name, pattern in (("covered", r"cov: (\d+)"), ("features", r"ft: (\d+)"), ("inputs", r"corp: (\d+)")):
            numbers = re.findall(pattern, report)
            if numbers:
                row[name] = max(row[name], int(numbers[-1]))
        if status == 0:
            return row
        said = reason(report)
        written = re.search(r"Test unit written to (\S+)", report)
        if any(kind(said) == kind(other) for other, _ in row["findings"]):
            # The same again: it would be met at once the next time, too.
            return row
        kept = "(no input)"
        if written:
            name = "%s-%d" % (target, len(os.listdir(findings)) // 2 + 1)
            kept = os.path.join(findings, name)
            shutil.copy(minimise(target, written.group(1), said, log + ".minimise"), kept)
            shutil.copy(log, kept + ".log")
            os.remove(written.group(1))
        row["findings"].append((said, kept))
        print("  %s: %s\n    %s" % (target, said, kept), flush=True)


listed = subprocess.run([program, "list"], capture_output=True, text=True, check=True, env=environment).stdout.split()
targets = [(name, int(longest)) for name, longest in zip(listed[::2], listed[1::2])]
wanted = sys.argv[3:]
if wanted:
    targets = [(name, longest) for name, longest in targets if any(name == word or name.startswith(word + ".") for word in wanted)]
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
seeds = [program, "seeds", place, os.path.join(root, "Tests/Corpora/fuzz"), os.path.join(root, "Samples")]
if os.environ.get("INGEST_CORPUS"):
    seeds.append(os.environ["INGEST_CORPUS"])
else:
    print("seeds: no real files, which INGEST_CORPUS would name")
subprocess.run(seeds, check=True, env=environment)

rows = []
for name, longest in targets:
    rows.append(fuzz(name, longest, seconds / len(targets)))
line = "%-22s %10s %8s %8s %8s %9s %7s %9s"
print(line % ("target", "runs", "seconds", "runs/s", "covered", "features", "inputs", "findings"))
for row in rows:
    print(line % (row["target"], row["runs"], "%.0f" % row["seconds"], "%.0f" % (row["runs"] / max(row["seconds"], 0.01)),
                  row["covered"], row["features"], row["inputs"], len(row["findings"])))
found = sum(len(row["findings"]) for row in rows)
print("%d runs in %.0f s, %d findings" % (sum(row["runs"] for row in rows), sum(row["seconds"] for row in rows), found))
for row in rows:
    for said, kept in row["findings"]:
        print("%s: %s\n  %s" % (row["target"], said, kept))
sys.exit(1 if found else 0)
