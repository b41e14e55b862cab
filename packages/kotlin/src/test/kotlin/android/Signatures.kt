// As much of Android's public API (level 28) as packages/kotlin/android uses, written by hand from its reference. An Android SDK
// cannot be had where these tests run. FakeKeystore.kt stands for the Keystore.
@file:Suppress("PackageDirectoryMismatch")

package android.security.keystore

import java.security.spec.AlgorithmParameterSpec

public object KeyProperties {
    public const val PURPOSE_ENCRYPT: Int = 1
    public const val PURPOSE_DECRYPT: Int = 2
    public const val PURPOSE_SIGN: Int = 4
    public const val DIGEST_SHA256: String = "SHA-256"
    public const val BLOCK_MODE_GCM: String = "GCM"
    public const val ENCRYPTION_PADDING_NONE: String = "NoPadding"
    public const val KEY_ALGORITHM_AES: String = "AES"
    public const val KEY_ALGORITHM_EC: String = "EC"
}

public class KeyGenParameterSpec internal constructor(
    public val keystoreAlias: String,
    public val purposes: Int,
    public val algorithmParameterSpec: AlgorithmParameterSpec?,
    public val keySize: Int,
    public val isStrongBoxBacked: Boolean,
) : AlgorithmParameterSpec {
    public class Builder(private val keystoreAlias: String, private val purposes: Int) {
        private var algorithmParameterSpec: AlgorithmParameterSpec? = null
        private var keySize = -1
        private var isStrongBoxBacked = false

        public fun setAlgorithmParameterSpec(spec: AlgorithmParameterSpec): Builder = apply { algorithmParameterSpec = spec }

        @Suppress("unused")
        public fun setDigests(vararg digests: String): Builder = this

        @Suppress("unused")
        public fun setBlockModes(vararg blockModes: String): Builder = this

        @Suppress("unused")
        public fun setEncryptionPaddings(vararg paddings: String): Builder = this

        public fun setKeySize(size: Int): Builder = apply { keySize = size }

        public fun setIsStrongBoxBacked(isBacked: Boolean): Builder = apply { isStrongBoxBacked = isBacked }

        public fun build(): KeyGenParameterSpec =
            KeyGenParameterSpec(keystoreAlias, purposes, algorithmParameterSpec, keySize, isStrongBoxBacked)
    }
}
