// In this repository compiled against hand-written signatures of Android, and never run on it: see packages/kotlin/README.md.
package dev.latchkey.android

import android.content.Context
import android.os.Build
import dev.latchkey.Latchkey

/** With the phone's own storage and key. Make one for the whole process, in the `Application`. */
public fun Latchkey.Companion.onAndroid(context: Context, issuer: String, deviceName: String? = Build.MODEL): Latchkey {
    val storage = AndroidStorage(context.applicationContext)
    return Latchkey(issuer, storage, AndroidKeys(storage), deviceName = deviceName)
}
