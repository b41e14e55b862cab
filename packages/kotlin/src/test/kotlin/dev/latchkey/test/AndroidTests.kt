package dev.latchkey.test

internal val androidTests = listOf<Test>()
