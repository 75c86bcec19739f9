// swift-tools-version: 6.2
import PackageDescription

/// Strict by default: existentials are spelled out, imports stay private to a file, and awaiting a sink
/// does not hop threads (a million `emit`s: 0.1 s instead of 13).
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// `make fuzz` sets FUZZ: then everything is built with coverage and the address sanitizer, beside what is built otherwise
/// (`.build-fuzz`), and there is `ingest-fuzz`.
let fuzzes = Context.environment["FUZZ"] != nil

let package = Package(
    name: "ingest",
    products: [
        .executable(name: "ingest", targets: ["ingest"]),
        .library(name: "IngestCore", targets: ["IngestCore"]),
        .library(name: "TabularText", targets: ["TabularText"]),
        .library(name: "StreamingXML", targets: ["StreamingXML"]),
        .library(name: "IngestTesting", targets: ["IngestTesting"]),
        // For tests alone: preloaded into a child process, ends it at a chosen write or sync.
        .library(name: "KillSwitch", type: .dynamic, targets: ["CKillSwitch"]),
    ],
    dependencies: [
        // Commands, options, help and completions; Apple's own, 19 CPU-seconds of build.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // The ledger and the sandbox: SQLite with migrations, for several processes at once.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // ingest.yaml, with the line of every node for its faults.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // The HTTP server of the sandbox; a tenth of the build time of a server on SwiftNIO.
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // SHA-256 at hardware speed, without building a cryptography package.
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Zip and gzip as streams.
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        // XML as events, refused by name where a document asks for more than its own text (SAX2 push).
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        // What the allocator keeps of freed buffers is settled there.
        .systemLibrary(name: "CMalloc"),
        // Sixteen bytes at a time where Swift's vectors cannot yet: separators and line ends as bit masks.
        .target(name: "CByteScan"),
        .target(name: "IngestCore", dependencies: ["CByteScan"], swiftSettings: strict),
        .target(name: "TabularText", dependencies: ["IngestCore", "CByteScan"], swiftSettings: strict),
        // Over TabularText: a number is read the same wherever it stands.
        .target(name: "StreamingXML", dependencies: ["IngestCore", "TabularText", "CLibXML2"], swiftSettings: strict),
        .target(
            name: "InstrumentAdapters", dependencies: ["IngestCore", "TabularText", "StreamingXML"], path: "Plugins/Adapters",
            swiftSettings: strict, plugins: ["AdapterRoster"]),
        .target(name: "Digests", dependencies: ["CLibCrypto"], swiftSettings: strict),
        .target(name: "RecordReading", dependencies: ["IngestCore", "Digests"], swiftSettings: strict),
        .target(
            name: "Publishing", dependencies: ["IngestCore", "Digests", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .target(name: "CKillSwitch"),
        .target(
            name: "Benchling",
            dependencies: ["IngestCore", "Digests", "RecordReading", "Publishing", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .target(
            name: "BenchlingSandbox",
            dependencies: [
                "IngestCore", "Digests", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
            ], swiftSettings: strict),
        .executableTarget(name: "write-adapter-roster", swiftSettings: strict),
        .plugin(name: "AdapterRoster", capability: .buildTool(), dependencies: ["write-adapter-roster"]),
        .target(
            name: "IngestPipeline", dependencies: ["IngestCore", "Digests", "CLibArchive"], swiftSettings: strict),
        // Numerics: imports nothing, not even the C library.
        .target(name: "DoseResponse", swiftSettings: strict),
        .target(
            name: "IC50Analysis", dependencies: ["DoseResponse", "IngestCore", "RecordReading", "Digests"],
            swiftSettings: strict),
        .target(
            name: "IngestTesting", dependencies: ["IngestCore", "IngestPipeline", "TabularText", "Digests"],
            swiftSettings: strict),
        .executableTarget(
            name: "ingest",
            dependencies: [
                "IngestCore", "IngestPipeline", "InstrumentAdapters", "RecordReading", "Publishing", "Benchling",
                "BenchlingSandbox", "IC50Analysis", "DoseResponse", "Digests", "CMalloc", "IngestTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "ingest-bench",
            dependencies: [
                "IngestCore", "TabularText", "StreamingXML", "CLibXML2", "IngestPipeline", "InstrumentAdapters",
                "BenchlingSandbox",
                "DoseResponse", "IC50Analysis", "IngestTesting",
            ],
            exclude: ["measuring.py", "bench.py", "publishing.py", "fits.py", "reports.py"],
            swiftSettings: strict),
        // What is asked of every input, whoever makes it up: tests replay the inputs that broke us, `make fuzz` looks for more.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "IngestCore", "TabularText", "StreamingXML", "InstrumentAdapters", "IngestPipeline", "RecordReading", "Benchling",
                "DoseResponse", "IC50Analysis", "IngestTesting", "Digests",
            ], swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["FuzzTargets", "IngestTesting"], swiftSettings: strict),
        .testTarget(name: "IngestCoreTests", dependencies: ["IngestCore", "IngestTesting"], swiftSettings: strict),
        .testTarget(
            name: "TabularTextTests", dependencies: ["TabularText", "IngestCore", "IngestTesting"], swiftSettings: strict),
        .testTarget(
            name: "StreamingXMLTests", dependencies: ["StreamingXML", "IngestPipeline", "IngestCore", "IngestTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "IngestPipelineTests", dependencies: ["IngestPipeline", "IngestCore", "TabularText", "IngestTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "InstrumentAdaptersTests",
            dependencies: [
                "InstrumentAdapters", "IngestCore", "IngestPipeline", "TabularText", "StreamingXML", "IngestTesting",
            ],
            swiftSettings: strict),
        .testTarget(name: "DoseResponseTests", dependencies: ["DoseResponse", "IngestTesting"], swiftSettings: strict),
        .testTarget(
            name: "IC50AnalysisTests",
            dependencies: [
                "IC50Analysis", "DoseResponse", "IngestCore", "IngestPipeline", "InstrumentAdapters", "IngestTesting",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RecordReadingTests", dependencies: ["RecordReading", "IngestCore", "Digests", "IngestTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "PublishingTests",
            dependencies: [
                "Publishing", "IngestCore", "IngestTesting", "ledger-writer", .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
        // Writes a ledger from a process of its own, which tests count, stop, crowd and starve.
        .executableTarget(
            name: "ledger-writer", dependencies: ["Publishing", "IngestCore", "IngestTesting"], path: "Tests/ledger-writer",
            swiftSettings: strict),
        .testTarget(
            name: "BenchlingTests",
            dependencies: ["Benchling", "Publishing", "RecordReading", "IngestCore", "Digests", "IngestTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "BenchlingSandboxTests",
            dependencies: [
                "BenchlingSandbox", "IngestCore", "Digests", "IngestTesting", .product(name: "Yams", package: "Yams"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .testTarget(
            name: "GoldenTests",
            dependencies: [
                "InstrumentAdapters", "IngestCore", "IngestPipeline", "IngestTesting", "RecordReading", "Benchling",
            ], swiftSettings: strict),
        .testTarget(
            name: "CorpusTests",
            dependencies: ["InstrumentAdapters", "IngestCore", "IngestPipeline", "StreamingXML", "IngestTesting"],
            swiftSettings: strict),
        // Makes the round trip of an analysis in a process of its own, which tests kill.
        .executableTarget(
            name: "analysis-attacher", dependencies: ["Benchling", "Publishing", "IngestCore"], path: "Tests/analysis-attacher",
            swiftSettings: strict),
        // That no step of a publication hurts, whatever the network, the tenant and the power supply do.
        .testTarget(
            name: "PublicationTests",
            dependencies: [
                "Benchling", "BenchlingSandbox", "Publishing", "RecordReading", "IngestPipeline", "InstrumentAdapters",
                "IngestCore", "Digests", "IngestTesting", "ingest", "analysis-attacher", "CKillSwitch",
            ], swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "ingest", "Benchling", "BenchlingSandbox", "Publishing", "IngestCore", "IngestTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

if fuzzes {
    package.targets += [
        // The entry of libFuzzer.
        .target(name: "CFuzzDriver"),
        .executableTarget(
            name: "ingest-fuzz",
            dependencies: [
                "FuzzTargets", "IngestCore", "IngestPipeline", "InstrumentAdapters", "IngestTesting", "CFuzzDriver",
            ],
            exclude: ["fuzz.py"], swiftSettings: strict, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
    ]
    for target in package.targets where target.type == .regular || target.name == "ingest-fuzz" {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-sanitize=fuzzer,address"])]
        target.cSettings = [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]
    }
}
