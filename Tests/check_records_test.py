#!/usr/bin/env python3
"""Shows that check_records.py finds what it is for: a sound stream, broken in one way at a time."""

import hashlib
import io
import json
import sys
import unittest
from contextlib import redirect_stdout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import check_records  # noqa: E402

SHA = "0123456789abcdef" + "0" * 48
ID = SHA[:16]
FILE = {"name": "a.csv", "bytes": 9, "sha256": SHA}
ADAPTER = {"name": "lc.table", "version": 1, "format": "a table"}
TIME = {"written": "2024-03-01 09:14", "local": "2024-03-01T09:14", "unsettled": ["zone"]}
AREA = {"name": "area", "written": "5", "value": 5, "unit": "{mAU}.s", "unitWritten": "mAU*s"}


def records():
    """A sound stream of two results, a trace of three points and a diagnostic."""
    subject = {"sample": {"name": "S", "role": "blank"}, "injection": {"ordinal": 1, "acquired": TIME}}
    return [
        {"type": "source", "form": "ingest-records/1", "file": FILE, "adapter": ADAPTER, "recognized": "a heading"},
        {"type": "run", "id": "r1", "times": [{"role": "started"} | TIME]},
        {"type": "result", "id": f"{ID}-2.1", "run": "r1", "kind": "peak", "ordinal": 1}
        | subject
        | {"measurements": [AREA], "flags": [{"code": "outlier"}], "extras": {"Note": "n"}, "at": {"line": 2}},
        {"type": "result", "id": f"{ID}-3.1", "run": "r1", "kind": "peak", "ordinal": 2}
        | subject
        | {"measurements": [{"name": "height", "written": "", "absent": "empty"}], "at": {"line": 3}},
        {"type": "diagnostic", "severity": "note", "code": "a.b", "message": "m"},
        {"type": "trace", "id": f"{ID}-4.1", "run": "r1", "axes": [{"name": "time", "unit": "min"}, {"name": "y"}], "count": 3},
        {"type": "points", "trace": f"{ID}-4.1", "from": 0, "values": [[0, 1], [1, 2]]},
        {"type": "points", "trace": f"{ID}-4.1", "from": 2, "values": [[2, 3.5]]},
        {"type": "attachment", "id": "a1"} | {"name": "a.csv", "mediaType": "text/csv", "bytes": 9, "sha256": SHA, "role": "source"},
        {"type": "end", "results": 2, "leftOut": 0, "traces": 1, "points": 3}
        | {"coverage": {"values": 9, "measured": 7, "described": 1, "extras": 1, "ignored": 0, "leftOut": 0}}
        | {"complete": "unknown", "why": "no count"},
    ]


def text(lines):
    """The stream with its digest, unless the end has one."""
    out = b""
    for line in lines:
        if line.get("type") == "end" and "digest" not in line:
            line = line | {"digest": hashlib.sha256(out).hexdigest()}
        out += json.dumps(line, separators=(",", ":")).encode() + b"\n"
    return out


def told(stream):
    out = io.StringIO()
    with redirect_stdout(out):
        violations = check_records.check_file("x", stream.splitlines(keepends=True))
    return violations, out.getvalue()


def edited(index, change):
    lines = records()
    lines[index] = change(lines[index]) or lines[index]
    return lines


def without(key):
    return lambda line: {name: value for name, value in line.items() if name != key}


def quantity(**changes):
    return lambda line: line | {"measurements": [AREA | changes]}


BROKEN = {
    "sort of source": edited(0, lambda line: line | {"form": "ingest-records/2"}),
    "no run above": records()[:1] + records()[2:],
    "run twice": records()[:2] + records()[1:],
    "run missing": edited(2, lambda line: line | {"run": "r2"}),
    "id of another file": edited(2, lambda line: line | {"id": "fedcba9876543210-2.1"}),
    "id twice": edited(3, lambda line: line | {"id": f"{ID}-2.1"}),
    "unknown kind": edited(2, lambda line: line | {"kind": "bump"}),
    "unknown key": edited(2, lambda line: line | {"colour": "red"}),
    "order of keys": edited(2, lambda line: {"type": "result", "run": "r1"} | without("run")(line)),
    "null": edited(2, lambda line: line | {"analyte": None}),
    "empty object": edited(2, lambda line: line | {"signal": {}}),
    "empty text": edited(2, lambda line: line | {"sample": {"name": ""}}),
    "empty list": edited(2, lambda line: line | {"measurements": []}),
    "gap in ordinals": edited(3, lambda line: line | {"ordinal": 3}),
    "own name without own": edited(2, quantity(name="Area")),
    "value as text": edited(2, quantity(value="5")),
    "value and absent": edited(2, quantity(absent="empty")),
    "neither": edited(2, lambda line: line | {"measurements": [{"name": "area", "written": "x"}]}),
    "unit that is none": edited(2, quantity(unit="mAU*s")),
    "prefixed annotation": edited(2, quantity(unit="m{AU}.s")),
    "no written": edited(2, lambda line: line | {"measurements": [without("written")(AREA)]}),
    "offset without source": edited(2, lambda line: line | {"injection": {"acquired": TIME | {"offset": "+02:00"}}}),
    "no such date": edited(2, lambda line: line | {"injection": {"acquired": TIME | {"local": "2024-13-01T09:14"}}}),
    "count of points": edited(5, lambda line: line | {"count": 4}),
    "from": edited(7, lambda line: line | {"from": 3}),
    "coordinates": edited(7, lambda line: line | {"values": [[2]]}),
    "too many points": edited(7, lambda line: line | {"values": [[0, 0]] * 4097}),
    "result after trace": records()[:2] + records()[5:8] + records()[2:4] + records()[8:],
    "source not attached": records()[:8] + records()[9:],
    "count of results": edited(9, lambda line: line | {"results": 3}),
    "coverage": edited(9, lambda line: line | {"coverage": line["coverage"] | {"values": 10}}),
    "no why": edited(9, without("why")),
    "verdict": edited(9, lambda line: line | {"complete": "maybe"}),
    "digest": edited(9, lambda line: line | {"digest": "0" * 64}),
    "cut": records()[:-1],
    "twice ended": records() + records()[-1:],
}

BROKEN_TEXT = {
    "line ends": lambda stream: stream.replace(b"\n", b"\r\n"),
    "no last line end": lambda stream: stream[:-1],
    "blanks": lambda stream: stream.replace(b'"ordinal":1', b'"ordinal": 1'),
    "not a number": lambda stream: stream.replace(b'"value":5', b'"value":NaN'),
    "infinite": lambda stream: stream.replace(b'"value":5', b'"value":1e999'),
    "key twice": lambda stream: stream.replace(b'"value":5', b'"value":5,"value":6'),
    "not UTF-8": lambda stream: stream.replace(b'"Note"', b'"N\xf6te"'),
    "byte order mark": lambda stream: b"\xef\xbb\xbf" + stream,
    "empty line": lambda stream: stream.replace(b"\n", b"\n\n", 1),
    "changed": lambda stream: stream.replace(b'"value":5', b'"value":6'),
    "nothing": lambda stream: b"",
}


class CheckRecords(unittest.TestCase):
    def test_a_sound_stream_is_sound(self):
        self.assertEqual(told(text(records())), (0, "x: sound: 2 results, 1 traces, 3 points, complete unknown\n"))

    def test_streams_may_follow_each_other(self):
        self.assertEqual(told(text(records()) * 2)[0], 0)

    def test_each_fault_is_told(self):
        for name, lines in BROKEN.items():
            with self.subTest(name):
                self.assertGreater(told(text(lines))[0], 0)
        for name, change in BROKEN_TEXT.items():
            with self.subTest(name):
                self.assertGreater(told(change(text(records())))[0], 0)

    def test_a_path_is_a_warning(self):
        violations, output = told(text(edited(2, lambda line: line | {"extras": {"Method": r"C:\Data\ada\a.m"}})))
        self.assertEqual(violations, 0)
        self.assertIn("warning", output)


if __name__ == "__main__":
    unittest.main()
