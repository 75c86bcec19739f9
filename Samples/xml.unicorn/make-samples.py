#!/usr/bin/env python3
"""Writes the samples of xml.unicorn: zips as UNICORN exports a result, with invented values. Same bytes every time."""
import io
import math
import os
import struct
import zipfile

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def zipped(files, fill_to=0):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 1, 9, 0, 0)), data)
    return out.getvalue().ljust(fill_to, b"\0")


def record(code, body):
    """One value as .NET's BinaryFormatter writes it: a header, the record, an end."""
    return b"\0" + struct.pack("<iiii", 1, -1, 1, 0) + bytes([code]) + struct.pack("<i", 1) + body + b"\x0b"


def singles(values, count=None):
    stated = len(values) if count is None else count
    return record(15, struct.pack("<i", stated) + b"\x0b" + struct.pack(f"<{len(values)}f", *values))


def doubles(values):
    return record(15, struct.pack("<i", len(values)) + b"\x06" + struct.pack(f"<{len(values)}d", *values))


def text(value, stated=None):
    data, length = value.encode(), b""
    left = len(data) if stated is None else stated
    while left > 127:
        length += bytes([left & 127 | 128])
        left >>= 7
    return record(6, length + bytes([left]) + data)


def curve_zip(amplitudes, volumes=None, fill_to=0, kind="System.Single[]"):
    files = [("CoordinateData.AmplitudesDataType", kind + "\r\n"), ("CoordinateData.Amplitudes", amplitudes)]
    if volumes is not None:
        files += [("CoordinateData.VolumesDataType", kind + "\r\n"), ("CoordinateData.Volumes", volumes)]
    return zipped(files, fill_to)


def xml_zip(xml, stated=None):
    return zipped([("XmlDataType", "System.String\r\n"), ("Xml", text(xml, stated))])


def curve(number, name, kind, unit, step, start, base="Time", more=""):
    return f"""<Curve CurveDataType="{kind}"><Name>{name}</Name><IsoChroneType>{base}</IsoChroneType>\
<InjectionEventCurve><CurveNumber>12</CurveNumber></InjectionEventCurve><DistanceBetweenPoints>{step}</DistanceBetweenPoints>\
<DistanceToStartPoint>{start}</DistanceToStartPoint><TimeUnit>min</TimeUnit>\
<MethodStartTime>2024-03-01T09:14:00.000</MethodStartTime><MethodStartTimeUtcOffsetMinutes>60</MethodStartTimeUtcOffsetMinutes>\
<VolumeUnit>ml</VolumeUnit><AmplitudePrecision>3</AmplitudePrecision><AmplitudeUnit>{unit}</AmplitudeUnit>\
<IsOriginalData>{"false" if base == "Volume" else "true"}</IsOriginalData><CompressionDesc></CompressionDesc>\
<CurveNumber>{number}</CurveNumber><ColumnVolume>1.5</ColumnVolume><ColumnVolumeUnitName>ml</ColumnVolumeUnitName>\
<CurvePoints><CurvePoint><IsFullResolution>true</IsFullResolution>\
<BinaryCurvePointsFileName>Chrom.1_{number}_True</BinaryCurvePointsFileName></CurvePoint></CurvePoints>{more}</Curve>"""


def event(kind, sub, time, volume, words, feedback=0):
    return f"""<Event EventType="{kind}" EventSubType="{sub}"><EventTime>{time}</EventTime><EventVolume>{volume}</EventVolume>\
<EventText>{words}</EventText><InstructionFeedback>{feedback}</InstructionFeedback></Event>"""


def events(number, kind, name, items):
    return f"""<EventCurve EventCurveType="{kind}"><Name>{name}</Name><TimeUnit>min</TimeUnit><VolumeUnit>ml</VolumeUnit>\
<IsOriginalData>true</IsOriginalData><CurveNumber>{number}</CurveNumber><Events>{"".join(items)}</Events></EventCurve>"""


def peak(name, area, start, top, end, more=""):
    return f"""<Peak><StartPeakLimitType>BaseLine</StartPeakLimitType><EndPeakLimitType>DropLine</EndPeakLimitType>\
<Name>{name}</Name><Width>0.85</Width><Area>{area}</Area><Height>41.25</Height><StartPeakRetention>{start}</StartPeakRetention>\
<MaxPeakRetention>{top}</MaxPeakRetention><EndPeakRetention>{end}</EndPeakRetention><WidthAtHalfHeight>0.311</WidthAtHalfHeight>\
<PercentOfTotalArea>58.1</PercentOfTotalArea><PercentOfTotalPeakArea>61.5</PercentOfTotalPeakArea>\
<StartPeakEndpointHeight>0.12</StartPeakEndpointHeight><StartPeakVial></StartPeakVial><Sigma>0.14</Sigma>\
<Assymetry>1.08</Assymetry><MaxConductivityHeight>12.4</MaxConductivityHeight><IsStandardPeak>false</IsStandardPeak>{more}</Peak>"""


def peak_table(detected, peaks, base="Volume", unit="ml", curve_number=1):
    return f"""<PeakTable><DataCurve><CurveNumber>{curve_number}</CurveNumber></DataCurve><BaseLine><CurveNumber>16</CurveNumber></BaseLine>\
<CalculationRetention>{base}</CalculationRetention><Name>UV 1_280@1,PEAK</Name>\
<NumberOfDetectedPeaks>{detected}</NumberOfDetectedPeaks><TotalPeakArea>25.9</TotalPeakArea>\
<TotalPeakAreaEvaluatedPeaks></TotalPeakAreaEvaluatedPeaks><ColumnHeight>10</ColumnHeight>\
<ResolutionAlgorithm>Algorithm1</ResolutionAlgorithm><Peaks>{"".join(peaks)}</Peaks>\
<PeakUnit><AreaUnit>{unit}*mAU</AreaUnit><HeightUnit>mAU</HeightUnit><RetentionUnit>{unit}</RetentionUnit>\
<AssymetryUnit></AssymetryUnit><ConductivityHeightUnit>mS/cm</ConductivityHeightUnit><ColumnHeightUnit>cm</ColumnHeightUnit>\
</PeakUnit></PeakTable>"""


def chromatogram(curves, event_curves, tables):
    return f"""<Chromatogram {XSI} FormatVersion="9" UNICORNVersion="7.5.0.1234"><ChromatogramName>Chrom.1</ChromatogramName>\
<ChromatogramLayoutXml>&lt;Layout /&gt;</ChromatogramLayoutXml><TimeUnit>min</TimeUnit><VolumeUnit>ml</VolumeUnit>\
<Created>2024-03-01T10:02:00.000</Created><CreatedUtcOffsetMinutes>60</CreatedUtcOffsetMinutes>\
<Curves>{"".join(curves)}</Curves><EventCurves>{"".join(event_curves)}</EventCurves>\
<PeakTables>{"".join(tables)}</PeakTables></Chromatogram>"""


def criterion(key, value, unit=None, kind="VariableValue"):
    more = "" if unit is None else f"<ExtraDisplayInformation>{unit}</ExtraDisplayInformation>"
    return f"""<ResultSearchCriteria><Name>{kind}</Name><Keyword1>{key}</Keyword1><Keyword2>{value}</Keyword2>{more}\
</ResultSearchCriteria>"""


def result(name, criteria):
    return f"""<Result {XSI} FormatVersion="5" UNICORNVersion="7.5.0.1234"><ResultState>Evaluated</ResultState>\
<SystemName>Pilot 2</SystemName><SystemTypeName>ExampleChromatography</SystemTypeName><Name>{name}</Name>\
<BatchId>00000000-0000-4000-8000-000000000042</BatchId><RunIndex>1</RunIndex><RunType>Method</RunType>\
<FolderPath>/Ann/Polishing</FolderPath><ResultDocumentation><StartNote>5 ml of pool 3</StartNote><RunNote></RunNote>\
</ResultDocumentation><ResultRunInformation RunInformationType="RunStartDate"><RunInformation>2024-03-01T09:13:58\
</RunInformation></ResultRunInformation><ResultSearchCriterias>{"".join(criteria)}</ResultSearchCriterias></Result>"""


def manifest(names):
    details = "".join(
        f"<Details><FileName>{name}</FileName><CRCCode>0</CRCCode><FileType>DataCurve</FileType></Details>" for name in names)
    return f"""<ExportManifest {XSI} FormatVersion="1" CRCCode="0">{details}</ExportManifest>"""


def evaluation_log(operator):
    return f"""<AuditTrails {XSI} FormatVersion="2" UNICORNVersion="7.5.0"><AuditTrail><AuditTrailType>Evaluation</AuditTrailType>\
<AuditTrailEntries><AuditTrailEntry><LogTime>2024-03-01T11:00:00</LogTime><Operator>{operator}</Operator>\
<LogEntry>Peak Integration
    Baseline: Morphological</LogEntry></AuditTrailEntry></AuditTrailEntries></AuditTrail></AuditTrails>"""


def write(case, files):
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), case)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "input.zip"), "wb") as out:
        out.write(zipped(files))


volumes = [0.25 + index * 0.125 for index in range(12)]
gauss = [round(40 * math.exp(-((index - 5.5) / 2) ** 2), 3) for index in range(12)]

whole = [
    ("Result.xml", result("Polishing 7", [
        criterion("Sample_ID", "POOL-3"), criterion("Flow rate", "1.00", "ml/min"), criterion("Inlet A", "A1", ""),
        criterion("Inlet A", "A2", ""), criterion("Sample volume", "5.00"),
        criterion("Column storage", "20% ethanol", kind="EvalQuestionAnswer")])),
    ("Chrom.1.Xml", chromatogram(
        [
            curve(1, "UV 1_280", "UV", "mAU", 0.125, 0.25, more="""<CurveUVInfo><UVPathLength>0.2</UVPathLength></CurveUVInfo>"""),
            curve(4, "Cond", "Conduction", "mS/cm", 0.5, 0.25),
            curve(7, "pH", "pH", "", 0.5, 0.25),
            curve(13, "Cond temp", "Temperature", "°C", 0.5, 0.25),
            curve(16, "UV 1_280@1,BASE", "UV", "mAU", 0.5, 0.25, base="Volume"),
        ],
        [
            events(11, "Fraction", "Fraction", [
                event("Fraction", "Undefined", 0.25, 0.25, "Waste"), event("Fraction", "Undefined", 0.75, 0.75, "1.A.1"),
                event("Fraction", "Undefined", 1.25, 1.25, "1.A.2"), event("Method", "Undefined", 1.5, 1.5, "")]),
            events(12, "Injection", "Injection", [event("Injection", "Undefined", 0.5, 0.5, "")]),
            events(22, "Logbook", "Run Log", [
                event("Method", "BlockStart", 0, 0, "Phase Equilibration (Issued)", 458753),
                event("Alert", "Alarm", 0.3, "", "Air in inlet A"),
                event("Method", "BlockEnd", 1.6, 1.6, "End (Completed)", 458753)]),
        ],
        [peak_table(2, [
            peak("Product", "25.31", -0.2, 0.06, 0.41), peak("", "0.59", 0.41, 0.55, 0.9, "<Resolution>1.7</Resolution>")])])),
    ("Manifest.xml", manifest([
        "Result.xml", "Chrom.1.Xml", "EvaluationLog.xml", "ColumnTypeData", "StrategyData", "NextFracData", "Chrom.1_1_True",
        "Chrom.1_4_True", "Chrom.1_7_True", "Chrom.1_13_True", "Chrom.1_16_True"])),
    ("EvaluationLog.xml", evaluation_log("Default")),
    ("NextFracData", b""),
    ("ColumnTypeData.zip", xml_zip(
        f"""<ColumnTypes {XSI} FormatVersion="6"><ColumnType><Name>Example Q, 5/50</Name><BedHeightUnit>cm</BedHeightUnit>\
<BedHeight>5</BedHeight><CreatedBy>Default</CreatedBy></ColumnType></ColumnTypes>""")),
    ("StrategyData.zip", xml_zip("<StrategyInformation><StrategyName>Example</StrategyName></StrategyInformation>")),
    # Filled up with zeros to whole blocks, as longer members of real results are.
    ("Chrom.1_1_True.zip", curve_zip(singles(gauss), singles(volumes), fill_to=1024)),
    ("Chrom.1_4_True.zip", curve_zip(singles([12.5, 12.25, 30.75]), singles(volumes[::4]))),
    ("Chrom.1_7_True.zip", curve_zip(singles([7.5, 7.25, 7.0]), singles(volumes[::4]))),
    ("Chrom.1_13_True.zip", curve_zip(doubles([21.5, 21.6, 21.7]), doubles(volumes[::4]), kind="System.Double[]")),
    ("Chrom.1_16_True.zip", curve_zip(singles([0.5, 0.25, 0.125, 0.0625]))),
]
write("whole", [("Polishing 7/" + name, data) for name, data in whole])

damaged = bytearray(curve_zip(singles([1.0, 2.0]), singles([0.25, 0.5])))
damaged[70] ^= 1
troubled = [
    ("Copy of Result.xml", result("Polishing 8", [criterion("Sample_ID", "POOL-4")])),
    ("Copy of Chrom.1.Xml", chromatogram(
        [
            curve(1, "UV 1_280", "UV", "mAU", 0.125, 0.25),
            curve(2, "UV 2_254", "UV", "mAU", 0.125, 0.25),
            curve(4, "Cond", "Conduction", "mS/cm", 0.5, 0.25),
            curve(6, "Conc B", "Other", "%", 0.5, 0.25),
            curve(7, "pH", "pH", "", 0.5, 0.25),
            curve(8, "System flow", "Other", "ml/min", 0, 0.25),
            curve(10, "System pressure", "Pressure", "MPa", 0.5, 0.25),
        ],
        [events(11, "Fraction", "Fraction", [event("Fraction", "Undefined", "soon", 0.25, "Waste")])],
        [
            peak_table(1, [
                peak("Product", "25.31", 0.25, 0.6, 0.9), peak("Product", "0.59 ?", 0.9, 1.1, 1.3),
                peak("Dimer", "", 1.3, 1.2, 1.5)]),
            peak_table(1, [peak("Late", "1.5", 4.1, 4.4, 4.9)], base="Time", unit="min", curve_number=99),
        ])),
    ("Copy of Manifest.xml", manifest(["Result.xml", "Chrom.1.Xml", "MethodData", "Chrom.1_1_True"])),
    ("Copy of EvaluationLog.xml", evaluation_log("LAB\\hugo")),
    # Four of the twelve values it states.
    ("Copy of Chrom.1_1_True.zip", curve_zip(singles(gauss[:4], count=12), singles(volumes[:4], count=12))),
    # A volume short.
    ("Copy of Chrom.1_2_True.zip", curve_zip(singles(gauss[:4]), singles(volumes[:3]))),
    ("Copy of Chrom.1_4_True.zip", bytes(damaged)),
    # A point that is no number.
    ("Copy of Chrom.1_6_True.zip", curve_zip(singles([0.0, float("nan"), 100.0]), singles(volumes[::4]))),
    # Not numbers at all.
    ("Copy of Chrom.1_7_True.zip", curve_zip(text("7.5 7.25"), singles(volumes[::4]))),
    # Neither volumes nor a distance between points.
    ("Copy of Chrom.1_8_True.zip", curve_zip(singles([1.0, 1.0]))),
    # 200 bytes, it says.
    ("Copy of SystemData.zip", xml_zip(
        "<Systems><System><Name>Pilot 2</Name><ComputerName>PC-0815</ComputerName></System></Systems>", stated=200)),
    ("Copy of notes.docx", b"not ours"),
]
write("troubled", troubled)
