#!/usr/bin/env python3
"""Measures dose-response fits beside SciPy and, where installed, R's drc on the same curves.

usage: fits.py BUILD
"""
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time

bench = os.path.abspath(os.path.join(sys.argv[1], "ingest-bench"))

ours = json.loads(subprocess.run([bench, "fits", "100000"], capture_output=True, text=True, check=True).stdout)
print(f"{ours['curves']} curves of 4 free parameters, {ours['points']:.1f} points on average")
print(f"  bare estimate            {ours['estimate']:10.0f} fits/s of CPU")
print(f"  complete verified fit    {ours['fit']:10.0f} fits/s of CPU, {ours['fitTwoCores']:.0f} fits/s on two cores")
print(f"  with profile intervals   {ours['profiles']:10.0f} curves/s of CPU")
print(f"  1,536 curves: analysis {ours['analysis1536']:.2f} s, page {ours['page1536']:.2f} s and {ours['page1536Bytes'] / 1e6:.2f} MB;"
      f" page of one curve {ours['page1Bytes'] / 1e3:.0f} kB")

count = 400
lines = subprocess.run([bench, "fits-export", str(count)], capture_output=True, text=True, check=True).stdout.splitlines()
curves = [json.loads(line) for line in lines]


def told(name, seconds, results):
    """How fast, and how often the residual sum of squares is above ours by more than 1e-6."""
    solved = [(c, r) for c, r in zip(curves, results) if c["status"] == "ok"]
    worse = sum(1 for c, r in solved if r is None or r > c["rss"] * (1 + 1e-6))
    claimed = sum(1 for c, r in zip(curves, results) if c["status"] != "ok" and r is not None)
    others = sum(1 for c in curves if c["status"] != "ok")
    below = sum(1 for c, r in solved if r is not None and r < c["rss"] * (1 - 1e-9))
    print(f"  {name:24} {len(curves) / seconds:10.0f} fits/s, ours {ours['fit'] * seconds / len(curves):.0f} times as fast;"
          f" RSS worse {100 * worse / max(1, len(solved)):.1f} %, lower {below}; called converged without an optimum {claimed} of {others}")


try:
    import numpy as np
    from scipy.optimize import curve_fit
except ImportError:
    print("  SciPy is not installed: no comparison")
else:
    import warnings
    warnings.simplefilter("ignore")

    def mean(x, b, c, d, e):
        return c + (d - c) / (1 + (x / e) ** b)

    results, start = [], time.process_time()
    for curve in curves:
        x, y = np.array(curve["x"]), np.array(curve["y"])
        try:
            p, _ = curve_fit(mean, x, y, p0=[1, y.min(), y.max(), math.exp(np.log(x).mean())], maxfev=4000)
            rss = float(((y - mean(x, *p)) ** 2).sum())
            results.append(rss if math.isfinite(rss) else None)
        except RuntimeError:
            results.append(None)
    told("SciPy curve_fit", time.process_time() - start, results)

if shutil.which("Rscript"):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "curves.csv"), "w") as file:
            file.write("curve,x,y\n")
            for place, curve in enumerate(curves):
                file.writelines(f"{place},{x!r},{y!r}\n" for x, y in zip(curve["x"], curve["y"]))
        script = """suppressMessages(library(drc)); d <- read.csv("curves.csv"); s <- proc.time()[[1]]
            r <- sapply(unique(d$curve), function(i) { f <- try(drm(y ~ x, data = d[d$curve == i, ], fct = LL.4()), silent = TRUE)
            if (inherits(f, "try-error")) NA else sum(residuals(f)^2) }); cat(proc.time()[[1]] - s, r)"""
        ran = subprocess.run(["Rscript", "-e", script], cwd=folder, capture_output=True, text=True)
        if ran.returncode == 0:
            values = ran.stdout.split()
            told("R drc", float(values[0]), [None if v == "NA" else float(v) for v in values[1:]])
        else:
            print("  R is installed, its package drc is not: no comparison")
else:
    print("  R is not installed: no comparison with drc")

print("simulated curves:")
for line in subprocess.run([bench, "fits-simulate", "100000"], capture_output=True, text=True, check=True).stdout.splitlines():
    s = json.loads(line)
    print(f"  {s['curves']:9} {s['count']} curves, verdicts {s['verdictsPercent']} %, coverage {s['coveragePercent']} %")
    print(f"            first reasons {s['firstReasonsPercent']} %")
