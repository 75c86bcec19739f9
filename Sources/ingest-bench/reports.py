#!/usr/bin/env python3
"""Measures reading XML reports beside other parsers of the same files: MB of file a second of CPU time, and peak memory.

usage: reports.py BUILD DATA [MB]

Two reports are generated: wells of a plate reader, and chromatograms in base64 with their peaks. Each measurement is a process
of its own, three to five times in turn with the others; the best time is taken, and the highest peak of memory. Parsers that
are not installed are left out, and said so.
"""
import array
import base64
import json
import os
import random
import shutil
import sys

sys.dont_write_bytecode = True  # The sources stay as they are.
from measuring import best

build, data = sys.argv[1], sys.argv[2]
megabytes = float(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("BENCH_XML_MB", "300"))
bench = os.path.join(build, "ingest-bench")
os.makedirs(data, exist_ok=True)


def wells(out, size):
    """Sections of 384 wells, as i-control writes them."""
    rng = random.Random(1)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\r\n<MeasurementResultData Date="2024-03-01T09:14:00.0+01:00">\r\n'
              '  <Plate>1</Plate>\r\n  <Header Application="Tecan.At.XFluor">\r\n    <Instrument>\r\n'
              '      <Name>infinite</Name>\r\n      <SerialNumber>1</SerialNumber>\r\n    </Instrument>\r\n  </Header>\r\n')
    section = 0
    while out.tell() < size:
        section += 1
        out.write(f'  <Section Name="Label{section}">\r\n    <Time_Start>2024-03-01T09:14:05.1+01:00</Time_Start>\r\n'
                  '    <Parameters>\r\n      <Parameter Name="Mode" Value="Fluorescence Top Reading" />\r\n'
                  '      <Parameter Name="Excitation Wavelength" Value="485" Unit="nm" />\r\n    </Parameters>\r\n'
                  '    <Data Cycle="1" Temperature="25.3">\r\n')
        out.write("".join(
            f'      <Well Pos="{row}{column}" Type="Single">\r\n'
            f'        <Single LabelId="1" Status="Measured">{rng.randrange(100, 60000)}</Single>\r\n      </Well>\r\n'
            for row in "ABCDEFGHIJKLMNOP" for column in range(1, 25)))
        out.write("    </Data>\r\n  </Section>\r\n")
    out.write("</MeasurementResultData>\r\n")


def peaks(out, size):
    """Chromatograms of 3,000 points and 40 peaks, in GAML."""
    rng = random.Random(1)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<GAML version="1.20" name="bench">\n'
              '  <integrity algorithm="SHA1">0</integrity>\n')
    times = base64.b64encode(array.array("d", [i / 100 for i in range(3000)]).tobytes()).decode()
    injection = 0
    while out.tell() < size:
        injection += 1
        signal = base64.b64encode(array.array("d", [rng.gauss(100, 20) for _ in range(3000)]).tobytes()).decode()
        out.write(f'  <experiment name="S-{injection}">\n    <collectdate>2024-03-01T09:14:00</collectdate>\n'
                  '    <trace name="FID" technique="CHROM">\n      <Xdata units="MINUTES" label="Time">\n'
                  f'        <values format="FLOAT64" byteorder="INTEL" numvalues="3000">{times}</values>\n'
                  '        <Ydata units="MILLIVOLTS" label="Signal">\n'
                  f'          <values format="FLOAT64" byteorder="INTEL" numvalues="3000">{signal}</values>\n'
                  '          <peaktable name="peaks">\n')
        out.write("".join(
            f'            <peak number="{n + 1}" name="C{n + 8}">\n              <peakXvalue>{rng.random() * 30:.4f}</peakXvalue>\n'
            f'              <peakYvalue>{rng.random() * 900:.3f}</peakYvalue>\n'
            f'              <parameter name="Area">{rng.random() * 90000:.3f}</parameter>\n'
            f'              <parameter name="Amount">{rng.random() * 100:.4f}</parameter>\n            </peak>\n'
            for n in range(40)))
        out.write("          </peaktable>\n        </Ydata>\n      </Xdata>\n    </trace>\n  </experiment>\n")
    out.write("</GAML>\n")


BARE = "libxml2 SAX2, empty callbacks"
LXML = """
from lxml import etree
for _, element in etree.iterparse(sys.argv[1]):
    element.clear()
    while element.getprevious() is not None: del element.getparent()[0]
"""


def measure(kind, generate):
    path = os.path.join(data, f"{kind}.xml")
    if not os.path.exists(path) or abs(os.path.getsize(path) / 1e6 - megabytes) > 5:
        with open(path, "w", newline="") as out:
            generate(out, megabytes * 1e6)
    size = os.path.getsize(path) / 1e6
    print(f"\n{kind}.xml: {size:.0f} MB")
    lines = os.path.join(data, "out.jsonl")
    commands = {
        BARE: ([bench, "xml-bare", path], 5),
        "every element located": ([bench, "xml-located", path], 5),
        "records, every value accounted for": ([bench, "records", path], 5),
        "JSON Lines on disk": ([bench, "lines", path, lines], 3),
        "xmllint --stream": (["xmllint", "--stream", "--noout", "--huge", path], 3),
        "Foundation XMLParser": ([bench, "xml-foundation", path], 3),
        "lxml iterparse": ([sys.executable, "-c", "import sys" + LXML, path], 3),
    }
    # Round by round, so that a slow minute of the machine meets all of them.
    found = {}
    for attempt in range(5):
        for name, (command, times) in commands.items():
            if attempt < times and shutil.which(command[0]) and (result := best(command, 1)):
                cpu, wall, memory, out = result
                if command[0] == bench:
                    cpu = json.loads(out)["cpu"]
                known = found.get(name, (cpu, wall, memory))
                found[name] = (min(known[0], cpu), min(known[1], wall), max(known[2], memory))
    for name in commands:
        if name not in found:
            print(f"  {name:36s} not installed, or failed")
            continue
        cpu, wall, memory = found[name]
        share = found[BARE][0] / cpu
        print(f"  {name:36s} {size / cpu:6.0f} MB/s CPU  {wall:6.2f} s wall  {memory:4d} MB peak  {share:5.2f} of bare SAX2")
    if os.path.exists(lines):
        os.remove(lines)


measure("wells", wells)
measure("chromatograms", peaks)
