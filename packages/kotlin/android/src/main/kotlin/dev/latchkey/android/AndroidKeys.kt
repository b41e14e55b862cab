// In this repository compiled against hand-written signatures of Android, and never run on it: see packages/kotlin/README.md.
package dev.latchkey.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import dev.latchkey.DeviceKey
import dev.latchkey.DeviceKeys
import dev.latchkey.JavaKey
import dev.latchkey.Storage
import java.io.IOException
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

internal const val ANDROID_KEYSTORE = "AndroidKeyStore"

internal fun androidKeystore(): KeyStore = KeyStore.getInstance(ANDROID_KEYSTORE).apply { load(null) }

/**
 * A P-256 key that never leaves the phone's secure hardware, made once for this installation.
 *
 * @param storage keeps two processes of the app from making a key each.
 * @param strongBox asks for the security chip of its own, from Android 9 on. Where there is none, the key is in the
 * processor's trusted environment, which signs faster.
 */
public class AndroidKeys(
    private val storage: Storage,
    private val alias: String = "latchkey.dpop",
    private val strongBox: Boolean = true,
) : DeviceKeys {
    private val one = Mutex()
    private var known: DeviceKey? = null

    override suspend fun key(): DeviceKey = one.withLock {
        known ?: withContext(Dispatchers.IO) {
            storage.exclusively("key") { stored() ?: make().let { stored() } }
        }.also { known = it } ?: throw IOException("the Keystore has not kept the key")
    }

    private fun stored(): DeviceKey? {
        val keystore = androidKeystore()
        // Only `getKey` tells a key that is not there (null) from one that cannot be read at the moment (it throws).
        val privateKey = keystore.getKey(alias, null) as PrivateKey? ?: return null
        val certificate = keystore.getCertificate(alias) ?: throw IOException("the Keystore does not give the key's public half")
        return JavaKey(privateKey, certificate.publicKey as ECPublicKey)
    }

    private fun make() {
        if (strongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            try {
                return generate(spec().setIsStrongBoxBacked(true).build())
            } catch (_: ProviderException) {
                // StrongBoxUnavailableException is one, and some chips fail with others.
            }
        }
        generate(spec().build())
    }

    private fun spec() = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
        .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
        .setDigests(KeyProperties.DIGEST_SHA256)

    private fun generate(spec: KeyGenParameterSpec) {
        KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, ANDROID_KEYSTORE).run {
            initialize(spec)
            generateKeyPair()
        }
    }
}
