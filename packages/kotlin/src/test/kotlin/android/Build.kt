@file:Suppress("PackageDirectoryMismatch")

package android.os

public object Build {
    public const val MODEL: String = "Pixel of the tests"

    public object VERSION {
        @JvmField
        public var SDK_INT: Int = 28
    }

    public object VERSION_CODES {
        public const val P: Int = 28
    }
}
