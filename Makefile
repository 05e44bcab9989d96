# make setup   install what this machine lacks (Debian packages, libarrow in .venv)
# make build   bin/hindcast, tuned for this machine's CPU; PORTABLE=1 for any of its kind
# make test    build, all tests, lint
# make lint    formatting and style
# make damage  all flips of all bits of the golden files, of which make test tries some
# make fuzz    search the readers and writers for SECONDS=60 each, with sanitizers
# make races   the tests of several threads under the thread sanitizer: 3 minutes, and its build
# make simulate   the store under random operations and CRASHES=100000 faults at its calls, each in turn
# make demo    the story, from nothing
# make benchmark-tool   bin/SegmentBenchmark and bin/StoreBenchmark, which the scripts in benchmarks/ run
# make clean   remove everything that was built

SHELL := /bin/bash
.DEFAULT_GOAL := build

PYARROW = $(firstword $(wildcard .venv/lib/python3*/site-packages/pyarrow))
# The C++ compiler of the Swift toolchain, else any.
CXX := $(or $(wildcard $(dir $(realpath $(shell command -v swift)))clang++),c++)
TUNING := $(if $(PORTABLE),,-Xcc -march=native)
# One configuration and one build folder for the command and its tests.
SWIFT_FLAGS := -c release $(TUNING)
SHIM := Sources/CArrow/shim
SHIM_OBJECTS := $(patsubst $(SHIM)/%.cpp,.build/shim/%.o,$(wildcard $(SHIM)/*.cpp))

# How long each fuzzer searches.
SECONDS := 60

# The suites of `make races`: threads themselves, the store used by many, the operator on all cores.
RACES := HindcastCoreTests\.LanesTests|$\
  HindcastStoreTests\.(Append|Concurrency|Stream|GroupCommit|Version|Pin|Compaction)Tests|$\
  HindcastJoinTests\.(SnapshotTests|LabelOrderTests|RandomWorldTests/certificates)

# How often the simulation crashes the store; SEED=... starts with the seed that a failure printed.
CRASHES := 100000

.PHONY: setup build shim test lint damage fuzz races simulate demo benchmark-tool clean

setup:
	@scripts/setup.sh

build: shim
	swift build $(SWIFT_FLAGS) --product hindcast
	@scripts/install.sh .build/release hindcast HindcastCLI bin

# The wheel's folder is only known after the set-up, so the shim is built by a make of its own.
shim: setup
	@$(MAKE) --no-print-directory bin/libhindcast_arrow.so

.build/shim/%.o: $(SHIM)/%.cpp $(wildcard $(SHIM)/*.h) Sources/CArrow/include/hindcast_arrow.h
	@mkdir -p $(@D)
	@echo "Compiling $<"
	@$(CXX) -std=c++20 -O2 -fPIC -Wall -Wextra -Werror -fvisibility=hidden \
	  -isystem $(PYARROW)/include -c $< -o $@

bin/libhindcast_arrow.so: $(SHIM_OBJECTS)
	@mkdir -p bin
	@cp -u $(PYARROW)/libarrow.so.* $(PYARROW)/libparquet.so.* bin/
	@$(CXX) -shared $^ -Lbin \
	  -l:$(notdir $(firstword $(wildcard $(PYARROW)/libarrow.so.*))) \
	  -l:$(notdir $(firstword $(wildcard $(PYARROW)/libparquet.so.*))) \
	  -Wl,-rpath,'$$ORIGIN' -Wl,--no-undefined -o $@

test: build
	@scripts/setup.sh --tests
	swift build $(SWIFT_FLAGS) --build-tests
	@scripts/test.sh $(SWIFT_FLAGS)
	@$(MAKE) --no-print-directory lint

lint:
	swift format lint --strict --parallel --recursive Sources Tests benchmarks Package.swift

damage:
	swift build $(SWIFT_FLAGS) --build-tests
	HINDCAST_DAMAGE=all swift test $(SWIFT_FLAGS) --skip-build --filter GoldenFlipTests

fuzz:
	@scripts/setup.sh
	@scripts/fuzz.sh $(SECONDS)

# A build of its own: sanitized code and other code do not mix. Nothing is suppressed; what the
# sanitizer can't see of Swift's Mutex, Tests/CMutexRaces tells it.
races:
	@scripts/setup.sh
	swift build --scratch-path .build-races --sanitize=thread --build-tests
	TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1 $(TSAN_OPTIONS)" SWIFT_BACKTRACE=enable=no \
	  swift test --scratch-path .build-races --sanitize=thread --skip-build \
	  --filter '$(RACES)'

simulate:
	swift build $(SWIFT_FLAGS) --build-tests
	HINDCAST_SIMULATE=$(CRASHES) HINDCAST_SIMULATION_SEED=$(or $(SEED),$(shell date +%s)) \
	  swift test $(SWIFT_FLAGS) --skip-build --filter SimulationTests

demo: build
	@scripts/demo.sh

benchmark-tool: shim
	swift build $(SWIFT_FLAGS) --product SegmentBenchmark
	@scripts/install.sh .build/release SegmentBenchmark SegmentBenchmark bin
	swift build $(SWIFT_FLAGS) --product StoreBenchmark
	@scripts/install.sh .build/release StoreBenchmark StoreBenchmark bin

clean:
	rm -rf .build .build-fuzz .build-races bin
