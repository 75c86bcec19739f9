# make demo     set up, build, and run the main job on our own samples
# make test     set up, build, and run every test
# make bench    measure speed and memory beside other readers (release build)
# make proof    break the samples, and the real files of INGEST_CORPUS, in every way; data sheets in Documentation/Proof
# make fuzz     look for inputs that break us, for TIME seconds in all (INGEST_CORPUS: a folder of real files to begin with)
# make lint     formatting, and imports against the direction of the architecture
# make install  build for release and install to $(PREFIX)/bin

PREFIX ?= /usr/local
# Seconds of fuzzing, and the targets: all of them when there are none.
TIME ?= 600
TARGETS ?=
# What a bare machine lacks, and python3 for checking records; only missing ones are installed.
PACKAGES := libxml2-dev libsqlite3-dev libssl-dev libarchive-dev pkg-config
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: demo test bench proof fuzz lint setup install clean

setup:
	@command -v swift >/dev/null || { echo "Swift 6.2 or later is needed: https://www.swift.org/install" >&2; exit 1; }
	@missing=""; for p in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	command -v python3 >/dev/null || missing="$$missing python3"; \
	if [ -n "$$missing" ]; then echo "installing:$$missing"; \
	    $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; fi

demo: setup
	swift build --product ingest
	@sh Samples/demo.sh .build/debug/ingest

test: setup
	swift build --build-tests
	# One after the other: the proofs and the commands keep every core busy, and others wait for answers meanwhile.
	# The numerics and the page apart too: other tests watch the memory of the process they are in.
	swift test --skip-build --skip PublicationTests --skip CommandTests --skip DoseResponseTests --skip IC50AnalysisTests
	swift test --skip-build --filter "DoseResponseTests|IC50AnalysisTests"
	swift test --skip-build --filter CommandTests
	swift test --skip-build --filter PublicationTests
	python3 Tests/check_records_test.py
	@out=$$(mktemp) && for input in Samples/*/*/input*; do \
	    given=$$(cat "$${input%/*}/options.txt" 2>/dev/null); \
	    .build/debug/ingest read --quiet $$given "$$input" >$$out 2>/dev/null; \
	    ! grep -q '"type":"end"' $$out || python3 Tests/check_records.py - <$$out || { echo "of $$input"; exit 1; }; \
	done; rm -f $$out

lint: setup
	swift format lint --strict -r Sources Plugins Tests Package.swift
	swift build --explicit-target-dependency-import-check error

bench: setup
	swift build -c release --product ingest
	swift build -c release --product ingest-bench
	@python3 Sources/ingest-bench/bench.py .build/release bench-data
	@python3 Sources/ingest-bench/reports.py .build/release bench-data
	@python3 Sources/ingest-bench/publishing.py .build/release bench-data
	@python3 Sources/ingest-bench/fits.py .build/release

# The real files only where there are some; the figures of the samples are the same everywhere.
INGEST_CORPUS ?= ../shared/corpus
proof: setup
	swift build -c release --product ingest
	@.build/release/ingest adapter test Samples $(wildcard $(INGEST_CORPUS)) --sheets Documentation/Proof --quiet
# A build of its own, beside the others: everything in it reports where it goes, and memory is watched.
fuzz: setup
	FUZZ=1 swift build -c release --product ingest-fuzz --scratch-path .build-fuzz
	@python3 Sources/ingest-fuzz/fuzz.py .build-fuzz/release/ingest-fuzz $(TIME) $(TARGETS)

install: setup
	swift build -c release --product ingest
	install -D .build/release/ingest $(DESTDIR)$(PREFIX)/bin/ingest

clean:
	rm -rf .build .build-fuzz bench-data
