// The phone's storage and key: dev.latchkey:latchkey-android. Not run in this repository: see ../README.md.
plugins {
    id("com.android.library")
    kotlin("android")
    `maven-publish`
}

group = rootProject.group
version = rootProject.version

android {
    namespace = "dev.latchkey.android"
    compileSdk = 35
    defaultConfig { minSdk = 23 }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_11
        targetCompatibility = JavaVersion.VERSION_11
    }
    publishing { singleVariant("release") { withSourcesJar() } }
}

kotlin {
    explicitApi()
    compilerOptions { jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11 }
}

dependencies { api(project(":")) }

publishing {
    publications.register<MavenPublication>("release") {
        artifactId = "latchkey-android"
        afterEvaluate { from(components["release"]) }
    }
}
