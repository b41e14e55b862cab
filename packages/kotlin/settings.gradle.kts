// Not run in this repository: see README.md.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "latchkey"

// `gradle -Pandroid=false` builds the JVM library alone, without an Android SDK.
if (providers.gradleProperty("android").orNull != "false") include(":android", ":sample")
