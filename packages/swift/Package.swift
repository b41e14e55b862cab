// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Latchkey",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Latchkey", targets: ["Latchkey"])],
    targets: [
        .target(name: "Latchkey"),
        .testTarget(name: "LatchkeyTests", dependencies: ["Latchkey"]),
    ]
)
