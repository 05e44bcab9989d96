// swift-tools-version:6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A library target under Sources, with the house's settings and a page that says what it is for.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: swiftSettings)
}

/// A test target under Tests, with the house's settings.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["HindcastTestKit"], exclude: exclude,
    swiftSettings: swiftSettings)
}

/// The fuzzer, which needs a build of its own with sanitizers: `make fuzz` asks for it.
let fuzzers: [Target] =
  Context.environment["HINDCAST_FUZZ"] != "1"
  ? []
  : [
    .executableTarget(
      name: "hindcast-fuzz", dependencies: ["HindcastCore", "HindcastFormat", "HindcastFuzzKit"],
      path: "Tests/HindcastFuzz/Runner",
      // libFuzzer brings the main function.
      swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])])
  ]

let package = Package(
  name: "hindcast",
  platforms: [.macOS("26.0")],
  products: [
    .library(name: "Hindcast", targets: ["Hindcast"]),
    .executable(name: "hindcast", targets: ["HindcastCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .target(name: "CArrow", exclude: ["shim"]),
    .target(name: "CXXHash"),
    .target(name: "CLinux"),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),

    module("HindcastCore", []),
    module("HindcastFormat", ["HindcastCore", "CZstd", "CLZ4", "CXXHash"]),
    module("HindcastReference", ["HindcastCore"]),
    module(
      "HindcastStore",
      ["HindcastCore", "HindcastFormat", "CLinux", "CLZ4", "CXXHash", "CCrypto"]),
    module(
      "HindcastJoin", ["HindcastCore", "HindcastFormat", "HindcastStore", "HindcastReference"]),
    module("HindcastOnline", ["HindcastCore", "HindcastStore", "HindcastJoin"]),
    module("HindcastInterchange", ["HindcastCore", "CArrow", "CLinux"]),
    module(
      "Hindcast",
      [
        "HindcastCore", "HindcastFormat", "HindcastStore", "HindcastJoin", "HindcastOnline",
        "HindcastInterchange", "HindcastReference",
        .product(name: "Yams", package: "Yams"),
      ]),
    .executableTarget(
      name: "HindcastCLI",
      dependencies: [
        "Hindcast", "HindcastCore", "HindcastDatasets", "HindcastFormat", "HindcastInterchange",
        "HindcastJoin", "HindcastStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"],
      swiftSettings: swiftSettings),

    .executableTarget(
      name: "KernelBenchmark",
      dependencies: ["HindcastCore", "HindcastFormat", "HindcastStore"],
      path: "benchmarks/KernelBenchmark",
      swiftSettings: swiftSettings),

    module("HindcastDatasets", ["HindcastCore"]),

    .executableTarget(
      name: "SegmentBenchmark",
      dependencies: [
        "HindcastCore", "HindcastFormat", "HindcastInterchange", "HindcastJoin", "HindcastStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "benchmarks/SegmentBenchmark",
      swiftSettings: swiftSettings),

    .executableTarget(
      name: "StoreBenchmark",
      dependencies: [
        "HindcastCore", "HindcastFormat", "HindcastStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "benchmarks/StoreBenchmark",
      swiftSettings: swiftSettings),

    .target(
      name: "HindcastTestKit",
      dependencies: ["HindcastCore", "HindcastFormat", "HindcastReference", "HindcastStore"],
      path: "Tests/HindcastTestKit",
      swiftSettings: swiftSettings),
    .target(
      name: "HindcastFuzzKit", dependencies: ["HindcastCore", "HindcastFormat"],
      path: "Tests/HindcastFuzz/Kit", swiftSettings: swiftSettings),
    tests("HindcastCoreTests", ["HindcastCore"]),
    .target(name: "CAllocationMeter", path: "Tests/CAllocationMeter"),
    .target(name: "CMutexRaces", path: "Tests/CMutexRaces", linkerSettings: [.linkedLibrary("dl")]),
    tests(
      "HindcastFormatTests",
      ["HindcastCore", "HindcastFormat", "HindcastFuzzKit", "CAllocationMeter"]),
    tests(
      "HindcastStoreTests",
      [
        "HindcastCore", "HindcastFormat", "HindcastReference", "HindcastStore", "CMutexRaces",
        "CXXHash",
      ],
      exclude: ["Simulation/Faults"]),
    tests(
      "HindcastJoinTests", ["HindcastCore", "HindcastStore", "HindcastJoin", "HindcastOnline"]),
    tests("HindcastInterchangeTests", ["HindcastCore", "HindcastInterchange"]),
    .testTarget(
      name: "HindcastCLITests", dependencies: ["Hindcast"], exclude: ["Snapshots"],
      swiftSettings: swiftSettings),
    tests("HindcastDatasetsTests", ["HindcastCore", "HindcastDatasets"]),
    .testTarget(name: "HindcastTidyTests", swiftSettings: swiftSettings),
  ] + fuzzers
)

// The simulation of the store alone, which builds fast: what `scripts/faults.sh` needs.
if Context.environment["HINDCAST_SIMULATION_ONLY"] == "1" {
  let needed: Set = [
    "CLinux", "CXXHash", "CZstd", "CCrypto", "CLZ4", "HindcastCore", "HindcastFormat",
    "HindcastReference", "CMutexRaces",
    "HindcastStore", "HindcastTestKit", "HindcastStoreTests",
  ]
  package.targets.removeAll { !needed.contains($0.name) }
  for target in package.targets where target.name == "HindcastStoreTests" {
    target.path = "Tests/HindcastStoreTests/Simulation"
    target.exclude = ["Faults"]
  }
  package.products = []
  package.dependencies = []
}
