#!/usr/bin/env python3
"""Checks records files (ingest-records/1) against everything RECORDS.md promises that a file can show.

    check_records.py FILE...          or records on standard input; several streams may follow each other in one

Written apart from the program that writes them, and from RECORDS.md alone, so that both cannot be wrong alike. Each
violation is told with its line. Status 0: none; 1: some; 64: wrong usage. Warnings (what might be a path) do not count.
"""

import hashlib
import json
import math
import os
import re
import sys

FORM = "ingest-records/1"
MOST_POINTS = 4096
MOST_TOLD = 20

VOCABULARY = set(
    """retentionTime startTime endTime relativeRetentionTime retentionVolume area height areaPercent heightPercent
    relativeToLargest baseWidth width widthAtHalfHeight amount concentration response responseFactor
    expectedRetentionTime expectedConcentration symmetry tailing plates resolution separationFactor capacityFactor
    signalToNoise massToCharge size molarity migration mobility integrity absorbance fluorescence luminescence count
    median mean standardDeviation coefficientOfVariation temperature pressure pH conductivity volume flowRate dose
    effect""".split()
)

HEX64 = re.compile(r"[0-9a-f]{64}\Z")
LOCAL = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?\Z")
OFFSET = re.compile(r"[+-]([01]\d|2[0-3]):[0-5]\d\Z")
CODE = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+\Z")
MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+\Z")
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
PATH = re.compile(
    r"""(^|[\s"'=(,;])([A-Za-z]:[\\/](?!/)|\\\\[\w.$-]+\\|/(home|Users|usr|tmp|var|mnt|opt|srv|root|work|data|Volumes)/|file://)"""
)
UNIT_ATOM = re.compile(
    r"(\d+|\{[^{} ]+\}|(da|[GMkhdcmunpf])?(s|m|g|mol|Hz|A|C|V|W|S|Pa|bar|L|l|K|Da)(-?\d)?"
    r"|min|h|d|\[psi\]|kgf|Cel|\[degF\]|%|\[ppm\]|\[ppb\]|\[pH\]|deg|cm2|kgf)(-?\d)?\Z"
)


class Check:
    """One stream: from its source line to its end line."""

    def __init__(self, tell, warn):
        self.tell, self.warn = tell, warn
        self.stage = "start"
        self.prefix = None
        self.source = None
        self.runs, self.ids, self.attachments = set(), set(), set()
        self.files, self.attached = set(), set()
        self.ordinals, self.gaps = {}, []
        self.results = self.traces = self.points = self.errors = self.diagnostics = 0
        self.trace = None
        self.hash = hashlib.sha256()

    # ---- objects: which keys there are, in which order, and what each holds

    def object(self, value, keys, where, required=()):
        """`keys` gives each key its check, in the order of RECORDS.md."""
        if not isinstance(value, dict):
            return self.tell(f"{where} is {shown(value)}, not an object")
        if not value:
            return self.tell(f"{where} is an empty object; a key without a value is left out")
        order = list(keys)
        last = -1
        for key, content in value.items():
            if key not in keys:
                self.tell(f'{where} has the key "{key}", which RECORDS.md does not know')
                continue
            if order.index(key) < last:
                self.tell(f'{where}: the key "{key}" stands behind "{order[last]}"')
            last = max(last, order.index(key))
            keys[key](content, f"{where}.{key}")
        for key in required:
            if key not in value:
                self.tell(f'{where} lacks the key "{key}"')

    def list_of(self, check):
        def checks(value, where):
            if not isinstance(value, list):
                return self.tell(f"{where} is {shown(value)}, not a list")
            if not value:
                return self.tell(f"{where} is an empty list; a key without a value is left out")
            for index, element in enumerate(value):
                check(element, f"{where}[{index}]")

        return checks

    def text(self, value, where):
        if not isinstance(value, str):
            return self.tell(f"{where} is {shown(value)}, not a text")
        if value == "":
            return self.tell(f"{where} is empty; a key without a value is left out")
        if PATH.search(value):
            self.warn(f"{where} might hold a path: {shown(value)}")

    def cell(self, value, where):
        """The text of a cell, untouched: it may be empty and may look like anything."""
        if not isinstance(value, str):
            self.tell(f"{where} is {shown(value)}, not a text")

    def one_of(self, *words):
        def checks(value, where):
            if value not in words or not isinstance(value, str):
                self.tell(f"{where} is {shown(value)}, not one of {', '.join(words)}")

        return checks

    def like(self, pattern, what):
        def checks(value, where):
            if not isinstance(value, str) or not pattern.match(value):
                self.tell(f"{where} is {shown(value)}, not {what}")

        return checks

    def whole(self, least):
        def checks(value, where):
            if type(value) is not int or value < least:
                self.tell(f"{where} is {shown(value)}, not a whole number from {least}")

        return checks

    def number(self, value, where):
        if type(value) not in (int, float) or not math.isfinite(value):
            self.tell(f"{where} is {shown(value)}, not a finite number")

    def exactly(self, expected):
        def checks(value, where):
            if value is not expected and value != expected:
                self.tell(f"{where} is {shown(value)}, not {shown(expected)}")

        return checks

    def nested(self, keys, required=()):
        return lambda value, where: self.object(value, keys, where, required)

    def unit(self, value, where):
        self.text(value, where)
        if isinstance(value, str):
            for term in re.split(r"[./](?![^{\[]*[}\]])", value.lstrip("/")):
                if not UNIT_ATOM.match(term):
                    return self.tell(f"{where} is {shown(value)}, which is no UCUM code ({shown(term)})")

    def quantity(self, value, where, named=False):
        keys = {"name": self.text, "own": self.exactly(True)} if named else {}
        keys |= {
            "written": self.cell,
            "value": self.number,
            "unit": self.unit,
            "unitWritten": self.text,
            "unitSource": self.exactly("format"),
            "bound": self.one_of("below", "above"),
            "absent": self.one_of("empty", "notReported", "notFound", "invalid", "overflow", "belowLimit"),
        }
        self.object(value, keys, where, ["name", "written"] if named else ["written"])
        if not isinstance(value, dict):
            return
        if ("value" in value) == ("absent" in value):
            self.tell(f"{where} has {'both' if 'value' in value else 'neither'} a value and a reason for none")
        if "bound" in value and "value" not in value:
            self.tell(f"{where} has a bound without a value")
        if "unitSource" in value and "unit" not in value:
            self.tell(f"{where} has a unitSource without a unit")
        if value.get("absent") == "empty" and value.get("written", "").strip(" \t\u00a0"):
            self.tell(f"{where} is absent because it is empty, but {shown(value['written'])} is written")
        if named and "own" not in value and value.get("name") not in VOCABULARY:
            self.tell(f'{where}: the name {shown(value.get("name"))} is not in the vocabulary, and not "own"')

    def measurement(self, value, where):
        self.quantity(value, where, named=True)

    def time(self, value, where, role=None):
        keys = {"role": role} if role else {}
        keys |= {
            "written": self.cell,
            "local": self.like(LOCAL, "a local time"),
            "offset": self.like(OFFSET, "an offset"),
            "offsetSource": self.one_of("stated", "given"),
            "unsettled": self.list_of(self.one_of("dayMonth", "zone", "century")),
        }
        self.object(value, keys, where, (["role"] if role else []) + ["written"])
        if not isinstance(value, dict):
            return
        unsettled = value.get("unsettled", [])
        if ("offset" in value) != ("offsetSource" in value):
            self.tell(f"{where}: an offset and its source go together")
        if ("offset" in value) == ("zone" in unsettled):
            self.tell(f"{where}: the zone is {'settled and' if 'offset' in value else 'neither settled nor'} unsettled")
        if ("local" in value) == ("dayMonth" in unsettled):
            self.tell(f"{where}: there is {'a' if 'local' in value else 'no'} local time, against unsettled")

    def run_time(self, value, where):
        self.time(value, where, self.one_of("started", "finished", "processed", "reported"))

    def extras(self, value, where):
        if not isinstance(value, dict) or not value:
            return self.tell(f"{where} is {shown(value)}, not an object with fields")
        for heading, text in value.items():
            self.text(text, f'{where}["{heading}"]')

    def digest_of_file(self, value, where):
        keys = {"name": self.text, "bytes": self.whole(0), "sha256": self.like(HEX64, "a SHA-256")}
        self.object(value, keys, where, list(keys))
        if isinstance(value, dict) and isinstance(value.get("name"), str) and value["name"].startswith(("/", "../")):
            self.tell(f"{where}.name is a path: {shown(value['name'])}")

    def at(self, value, where):
        place = {"member": self.text, "path": self.text, "line": self.whole(1), "column": self.whole(1)}
        self.object(value, place, where)

    def at_fault(self, value, where):
        place = {"member": self.text, "path": self.text, "line": self.whole(1), "column": self.whole(1)}
        self.object(value, place | {"field": self.text}, where)

    def subject(self):
        """What results and traces have in common."""
        return {
            "sample": self.nested(
                {
                    "name": self.text,
                    "id": self.text,
                    "barcode": self.text,
                    "batch": self.text,
                    "role": self.one_of("unknown", "standard", "control", "blank", "qc", "ladder", "other"),
                    "roleWritten": self.text,
                }
            ),
            "position": self.nested(
                {
                    "written": self.text,
                    "plate": self.text,
                    "row": self.whole(1),
                    "column": self.whole(1),
                    "vial": self.text,
                },
                ["written"],
            ),
            "injection": self.nested({"ordinal": self.whole(0), "acquired": self.time, "volume": self.quantity}),
            "signal": self.nested({"name": self.text, "wavelength": self.quantity}),
            "analyte": self.nested(
                {"name": self.text, "id": self.text, "role": self.one_of("target", "istd", "qualifier")}
            ),
        }

    def flags(self, value, where):
        self.list_of(self.nested({"code": self.text, "written": self.text}, ["code"]))(value, where)

    # ---- lines

    STAGES = {
        "source": ("start",),
        "run": ("source", "results"),
        "result": ("results",),
        "trace": ("results", "traces"),
        "points": ("traces",),
        "attachment": ("source", "results", "traces", "attachments"),
        "end": ("source", "results", "traces", "attachments"),
    }
    NEXT = {
        "source": "source",
        "run": "results",
        "result": "results",
        "trace": "traces",
        "points": "traces",
        "attachment": "attachments",
        "end": "end",
    }

    def line(self, raw, record):
        if not isinstance(record, dict) or next(iter(record), None) != "type":
            return self.tell('the line is no object with the key "type" first')
        kind = record["type"]
        if kind == "diagnostic":
            self.diagnostic(record)
        elif kind not in self.STAGES:
            return self.tell(f"the type {shown(kind)} is not known")
        else:
            if self.stage not in self.STAGES[kind]:
                self.tell(f'a "{kind}" line cannot stand here, after {self.stage}')
            if kind not in ("points",):
                self.end_trace()
            self.stage = self.NEXT[kind]
            getattr(self, "line_" + kind)(record)
        if kind != "end":
            self.hash.update(raw)

    def keys(self, kind, keys, record, required):
        self.object(record, {"type": lambda value, where: None} | keys, kind, required)

    def identify(self, record, where):
        identity = record.get("id")
        if not isinstance(identity, str):
            return
        if self.prefix and not re.match(re.escape(self.prefix) + r"-[^-\s].*\Z", identity, re.DOTALL):
            self.tell(f"{where}.id is {shown(identity)}, not {self.prefix}-<place>")
        if identity in self.ids:
            self.tell(f"{where}.id {shown(identity)} stands twice")
        self.ids.add(identity)

    def of_run(self, record, where):
        if "run" in record and record["run"] not in self.runs:
            self.tell(f"{where}.run {shown(record['run'])} names no run above")

    def line_source(self, record):
        choice = self.nested({"value": self.text, "why": self.text}, ["why"])
        self.keys(
            "source",
            {
                "form": self.exactly(FORM),
                "file": self.digest_of_file,
                "members": self.list_of(self.digest_of_file),
                "adapter": self.nested(
                    {"name": self.text, "version": self.whole(1), "format": self.text}, ["name", "version", "format"]
                ),
                "recognized": self.text,
                "assumptions": self.nested(
                    {"encoding": choice, "decimalMark": choice, "dateOrder": choice, "timeZone": choice, "missing": choice}
                ),
            },
            record,
            ["form", "file", "adapter", "recognized"],
        )
        assumptions = record.get("assumptions", {})
        for key, words in (("decimalMark", (".", ",")), ("dateOrder", ("dmy", "mdy", "ymd"))):
            value = assumptions.get(key, {}).get("value")
            if value is not None and value not in words:
                self.tell(f"source.assumptions.{key}.value is {shown(value)}, not one of {' '.join(words)}")
        self.source = record
        for file in [record.get("file", {})] + record.get("members", []):
            self.files.add((file.get("name"), file.get("sha256")))
        self.prefix = str(record.get("file", {}).get("sha256", ""))[:16]

    def line_run(self, record):
        method = {"role": self.one_of("acquisition", "processing", "report"), "name": self.text}
        self.keys(
            "run",
            {
                "id": self.text,
                "name": self.text,
                "sequence": self.text,
                "instrument": self.nested({key: self.text for key in ("name", "vendor", "model", "serial")}),
                "software": self.nested({"name": self.text, "version": self.text}),
                "operator": self.text,
                "methods": self.list_of(self.nested(method, list(method))),
                "times": self.list_of(self.run_time),
                "extras": self.extras,
            },
            record,
            ["id"],
        )
        if record.get("id") in self.runs:
            self.tell(f"the run {shown(record.get('id'))} stands twice")
        self.runs.add(record.get("id"))

    def line_result(self, record):
        self.results += 1
        self.keys(
            "result",
            {"id": self.text, "run": self.text}
            | {"kind": self.one_of("peak", "compound", "well", "region", "gate", "sample"), "ordinal": self.whole(1)}
            | self.subject()
            | {"measurements": self.list_of(self.measurement), "flags": self.flags, "extras": self.extras, "at": self.at},
            record,
            ["id", "run", "kind", "at"],
        )
        self.identify(record, "result")
        self.of_run(record, "result")
        names = [each["name"] for each in record.get("measurements", []) if "name" in each and "own" not in each]
        for name in {name for name in names if names.count(name) > 1}:
            self.tell(f"result.measurements has {shown(name)} twice")
        if type(record.get("ordinal")) is int:
            # The numbering goes on, or begins anew with another injection that the file describes alike.
            key = json.dumps([record.get(part) for part in ("run", "sample", "position", "injection", "signal")])
            last = self.ordinals.get(key, 0)
            if record["ordinal"] not in (1, last + 1):
                self.gaps.append(f"the ordinal of {record.get('id')} is {record['ordinal']}, after {last} in its signal")
            self.ordinals[key] = record["ordinal"]

    def line_trace(self, record):
        axis = {"name": self.text, "unit": self.unit, "unitWritten": self.text}
        self.keys(
            "trace",
            {"id": self.text, "run": self.text}
            | self.subject()
            | {"flags": self.flags, "extras": self.extras, "at": self.at}
            | {"axes": self.list_of(self.nested(axis, ["name"])), "count": self.whole(0)},
            record,
            ["id", "axes", "count"],
        )
        self.identify(record, "trace")
        self.of_run(record, "trace")
        self.traces += 1
        self.trace = {"id": record.get("id"), "axes": len(record.get("axes", [])), "count": record.get("count"), "seen": 0}

    def line_points(self, record):
        self.keys(
            "points",
            {"trace": self.text, "from": self.whole(0), "values": self.list_of(lambda value, where: None)},
            record,
            ["trace", "from", "values"],
        )
        values = record.get("values", [])
        if not self.trace or record.get("trace") != self.trace["id"]:
            return self.tell(f"points.trace {shown(record.get('trace'))} is not the trace above")
        if record.get("from") != self.trace["seen"]:
            self.tell(f"points.from is {shown(record.get('from'))}, but {self.trace['seen']} points stand above")
        if len(values) > MOST_POINTS:
            self.tell(f"points.values has {len(values)} points, more than {MOST_POINTS}")
        for index, point in enumerate(values):
            if not isinstance(point, list) or len(point) != self.trace["axes"]:
                self.tell(f"points.values[{index}] is {shown(point)}, not {self.trace['axes']} coordinates")
                break
            for coordinate in point:
                if type(coordinate) not in (int, float) or not math.isfinite(coordinate):
                    self.tell(f"points.values[{index}] holds {shown(coordinate)}, not a finite number")
        self.trace["seen"] += len(values)
        self.points += len(values)

    def end_trace(self):
        if self.trace and self.trace["seen"] != self.trace["count"]:
            self.tell(f"the trace {shown(self.trace['id'])} says {self.trace['count']} points, {self.trace['seen']} stand here")
        self.trace = None

    def line_attachment(self, record):
        keys = {
            "id": self.text,
            "name": self.text,
            "mediaType": self.like(MEDIA_TYPE, "a media type"),
            "bytes": self.whole(0),
            "sha256": self.like(HEX64, "a SHA-256"),
            "role": self.one_of("source", "image", "report", "trace"),
        }
        self.keys("attachment", keys, record, list(keys))
        if record.get("id") in self.attachments:
            self.tell(f"the attachment {shown(record.get('id'))} stands twice")
        self.attachments.add(record.get("id"))
        if record.get("role") == "source":
            if (record.get("name"), record.get("sha256")) not in self.files:
                self.tell(f"the attached source {shown(record.get('name'))} is no file of the source line")
            self.attached.add((record.get("name"), record.get("sha256")))

    def diagnostic(self, record):
        if self.stage in ("start", "end"):
            self.tell(f"a diagnostic cannot stand here, {'before the source' if self.stage == 'start' else 'after the end'}")
        self.keys(
            "diagnostic",
            {
                "severity": self.one_of("error", "warning", "note"),
                "code": self.like(CODE, "a dotted code"),
                "message": self.text,
                "at": self.at_fault,
                "hint": self.text,
            },
            record,
            ["severity", "code", "message"],  # a fault of the whole file has no place in it
        )
        self.diagnostics += 1
        self.errors += record.get("severity") == "error"

    def line_end(self, record):
        fates = ["measured", "described", "extras", "ignored", "leftOut"]
        counts = {key: self.whole(0) for key in ("results", "leftOut", "traces", "points")}
        coverage = {key: self.whole(0) for key in ["values"] + fates}
        self.keys(
            "end",
            counts
            | {
                "coverage": self.nested(coverage, list(coverage)),
                "complete": self.one_of("yes", "no", "unknown"),
                "why": self.text,
                "digest": self.like(HEX64, "a SHA-256"),
            },
            record,
            list(counts) + ["complete", "why", "digest"],
        )
        for key, seen in (("results", self.results), ("traces", self.traces), ("points", self.points)):
            if record.get(key) != seen:
                self.tell(f"end.{key} is {shown(record.get(key))}, but {seen} stand above")
        if not record.get("leftOut"):  # a result that was left out may have had the ordinal that is missing
            for gap in self.gaps:
                self.tell(gap)
        elif not self.diagnostics:
            self.tell("results were left out without a diagnostic")
        cells = record.get("coverage")
        if isinstance(cells, dict):
            numbers = [cells.get(key) for key in ["values"] + fates]
            if all(type(number) is int for number in numbers) and sum(numbers[1:]) != numbers[0]:
                self.tell(f"end.coverage: {' + '.join(map(str, numbers[1:]))} are {sum(numbers[1:])}, not {numbers[0]}")
            if cells.get("leftOut") and not self.diagnostics:
                self.tell("cells were left out without a diagnostic")
        elif not str((self.source or {}).get("adapter", {}).get("name", "")).startswith("process."):
            self.tell('end lacks the key "coverage"')
        if record.get("digest") != self.hash.hexdigest():
            self.tell(f"end.digest is {shown(record.get('digest'))}, but the lines above give {self.hash.hexdigest()}")
        if not self.attached:
            self.tell("the source file is not attached")


def say(text):
    try:
        print(text)
    except BrokenPipeError:  # whoever read this has read enough
        sys.stdout = open(os.devnull, "w")


def shown(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "…"


def pairs(elements):
    keys = [key for key, _ in elements]
    if len(set(keys)) != len(keys):
        raise ValueError(f"the key {shown(next(key for key in keys if keys.count(key) > 1))} stands twice in an object")
    return dict(elements)


def no_constant(text):
    raise ValueError(f"{text} is no JSON number")


def check_file(name, lines):
    """Checks all streams in `lines`; returns the number of violations."""
    violations, warnings, number = 0, 0, 0
    summary = []

    def tell(message):
        nonlocal violations
        violations += 1
        if violations <= MOST_TOLD:
            say(f"{name}:{number}: {message}")

    def warn(message):
        nonlocal warnings
        warnings += 1
        if warnings <= MOST_TOLD:
            say(f"{name}:{number}: warning: {message}")

    check = None
    for raw in lines:
        number += 1
        if not raw.endswith(b"\n"):
            tell("the last line has no line end")
        content = raw[:-1] if raw.endswith(b"\n") else raw
        if content != content.rstrip():
            tell("the line ends with blanks or a carriage return")
        if content.startswith(b"\xef\xbb\xbf"):
            tell("the line begins with a byte order mark")
        if not content:
            tell("the line is empty")
            continue
        if re.search(rb"\s", STRING.sub(b"", content)):
            tell("there are blanks between the values")
        try:
            record = json.loads(content.decode("utf-8"), object_pairs_hook=pairs, parse_constant=no_constant)
        except ValueError as fault:  # also UnicodeDecodeError and JSONDecodeError
            tell(f"the line cannot be read: {fault}")
            continue
        if check is None or check.stage == "end":
            check = Check(tell, warn)
        check.line(raw, record)
        if check.stage == "end" and record.get("type") == "end":
            summary.append(
                f"{check.results} results, {check.traces} traces, {check.points} points, complete {record.get('complete')}"
            )
    if check is None:
        tell("there are no records")
    elif check.stage != "end":
        tell("the stream has no end line: it was cut")
    if violations > MOST_TOLD:
        say(f"{name}: and {violations - MOST_TOLD} more")
    if warnings > MOST_TOLD:
        say(f"{name}: and {warnings - MOST_TOLD} more warnings")
    if not violations:
        say(f"{name}: sound: " + "; ".join(summary))
    return violations


def main(arguments):
    if any(argument.startswith("-") and argument != "-" for argument in arguments):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    violations = 0
    for name in arguments or ["-"]:
        if name == "-":
            violations += check_file("standard input", sys.stdin.buffer)
        else:
            with open(name, "rb") as lines:
                violations += check_file(name, lines)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
