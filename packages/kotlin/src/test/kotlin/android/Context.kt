@file:Suppress("PackageDirectoryMismatch")

package android.content

import java.io.File

public abstract class Context {
    public abstract val applicationContext: Context
    public abstract val noBackupFilesDir: File
}
