// The library for the JVM and Android: dev.latchkey:latchkey. Not run in this repository: see README.md.
plugins {
    kotlin("jvm") version "2.4.20"
    `maven-publish`
    // Here, so that the modules below share one class path.
    id("com.android.library") version "8.13.0" apply false
    id("com.android.application") version "8.13.0" apply false
    kotlin("android") version "2.4.20" apply false
}

// Set your own group before you publish it.
group = "dev.latchkey"
version = "0.1.0"

kotlin {
    explicitApi()
    jvmToolchain(17)
    compilerOptions {
        jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11
        allWarningsAsErrors = true
    }
}

java {
    sourceCompatibility = JavaVersion.VERSION_11
    targetCompatibility = JavaVersion.VERSION_11
    withSourcesJar()
}

dependencies {
    // `states` gives a Flow, so it is part of the interface.
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.8.0")
}

// The tests need no framework, and `npm test` runs them; Gradle would look for one.
sourceSets["test"].kotlin.setSrcDirs(emptyList<String>())

publishing {
    publications.create<MavenPublication>("library") {
        artifactId = "latchkey"
        from(components["java"])
        pom.licenses { license { name = "MIT" } }
    }
}
