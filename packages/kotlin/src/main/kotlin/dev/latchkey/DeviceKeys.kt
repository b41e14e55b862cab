package dev.latchkey

import java.math.BigInteger
import java.security.KeyPair
import java.security.PrivateKey
import java.security.Signature
import java.security.interfaces.ECPublicKey

/** A P-256 key of this device. Its private half need not be readable. */
public interface DeviceKey {
    /** The coordinates of the public point, 32 bytes each. */
    public val x: ByteArray
    public val y: ByteArray

    /** ECDSA with SHA-256: DER, or the 64 bytes of r and s. */
    public fun sign(bytes: ByteArray): ByteArray
}

/**
 * The key that sessions are bound to (RFC 9449). It must give the same key every time, because a session ends when its key
 * changes. When the key cannot be read at the moment, it must throw, and never make a new key.
 */
public fun interface DeviceKeys {
    public suspend fun key(): DeviceKey
}

/** A key pair of `java.security`: of the Android Keystore, of a PKCS#11 token, or in memory. */
public class JavaKey(private val privateKey: PrivateKey, publicKey: ECPublicKey) : DeviceKey {
    public constructor(pair: KeyPair) : this(pair.private, pair.public as ECPublicKey)

    override val x: ByteArray = publicKey.w.affineX.to32Bytes()
    override val y: ByteArray = publicKey.w.affineY.to32Bytes()

    override fun sign(bytes: ByteArray): ByteArray = Signature.getInstance("SHA256withECDSA").run {
        initSign(privateKey)
        update(bytes)
        sign()
    }

    private fun BigInteger.to32Bytes(): ByteArray {
        val bytes = toByteArray()
        return if (bytes.size > 32) bytes.copyOfRange(bytes.size - 32, bytes.size) else ByteArray(32 - bytes.size) + bytes
    }
}
