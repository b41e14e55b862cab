package dev.latchkey

import java.security.KeyFactory
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.spec.ECGenParameterSpec
import java.security.spec.PKCS8EncodedKeySpec
import java.security.spec.X509EncodedKeySpec
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/**
 * A key that is made once and stored, for the JVM: tools, servers, tests. Who reads the storage has the key too, so on Android
 * take `AndroidKeys`.
 */
public class StoredKeys(private val storage: Storage) : DeviceKeys {
    private val one = Mutex()
    private var known: DeviceKey? = null

    override suspend fun key(): DeviceKey = known ?: one.withLock {
        known ?: storage.exclusively("key") { JavaKey(stored() ?: made()) }.also { known = it }
    }

    /** Fails when something is stored that is no key: a new key would end the session. */
    private suspend fun stored(): KeyPair? {
        val members = storage.get(KEY)?.let { Json.parse(it) as Map<*, *> } ?: return null
        val encoded = { name: String -> fromBase64url(members[name] as String) }
        val factory = KeyFactory.getInstance("EC")
        return KeyPair(
            factory.generatePublic(X509EncodedKeySpec(encoded("spki"))),
            factory.generatePrivate(PKCS8EncodedKeySpec(encoded("pkcs8"))),
        )
    }

    private suspend fun made(): KeyPair {
        val pair = KeyPairGenerator.getInstance("EC").run {
            initialize(ECGenParameterSpec("secp256r1"))
            generateKeyPair()
        }
        val encoded = mapOf("spki" to base64url(pair.public.encoded), "pkcs8" to base64url(pair.private.encoded))
        storage.set(KEY, Json.write(encoded))
        return pair
    }

    private companion object {
        const val KEY = "latchkey.key"
    }
}
