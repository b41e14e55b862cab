// In this repository compiled against hand-written signatures of Android, and never run on it: see packages/kotlin/README.md.
package dev.latchkey.android

import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import dev.latchkey.FileStorage
import dev.latchkey.Storage
import dev.latchkey.StorageCipher
import java.io.File
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Files that no backup and no transfer to a new phone takes along, encrypted with a key of the Keystore. So two phones never
 * share a session. The key is not in StrongBox, where each read would take a tenth of a second.
 */
public class AndroidStorage(context: Context) : Storage {
    private val cipher = KeystoreCipher("latchkey.storage")
    private val files = FileStorage(File(context.noBackupFilesDir, "latchkey"), cipher)

    override suspend fun get(key: String): String? = files.get(key)

    override suspend fun set(key: String, value: String) {
        // Two processes must not make a key each.
        if (!cipher.isReady) files.exclusively("storage-key") { cipher.prepare() }
        files.set(key, value)
    }

    override suspend fun remove(key: String): Unit = files.remove(key)

    override suspend fun <T> exclusively(name: String, work: suspend () -> T): T = files.exclusively(name, work)
}

private class KeystoreCipher(private val alias: String) : StorageCipher {
    @Volatile
    private var key: SecretKey? = null

    val isReady: Boolean get() = key != null

    fun prepare() {
        key = stored() ?: generate()
    }

    override fun seal(plain: ByteArray): ByteArray = Cipher.getInstance(TRANSFORMATION).run {
        init(Cipher.ENCRYPT_MODE, key)
        iv + doFinal(plain)
    }

    override fun open(sealed: ByteArray): ByteArray? {
        if (sealed.size < IV_BYTES) return null
        // Without its key, nobody will read it again. When the key cannot be read at the moment, this throws.
        val key = key ?: stored()?.also { key = it } ?: return null
        return try {
            Cipher.getInstance(TRANSFORMATION).run {
                init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 0, IV_BYTES))
                doFinal(sealed, IV_BYTES, sealed.size - IV_BYTES)
            }
        } catch (_: AEADBadTagException) {
            null
        }
    }

    private fun stored(): SecretKey? = androidKeystore().getKey(alias, null) as SecretKey?

    private fun generate(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(alias, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(256)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, ANDROID_KEYSTORE).run {
            init(spec)
            generateKey()
        }
    }

    private companion object {
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val IV_BYTES = 12
        const val TAG_BITS = 128
    }
}
