package dev.latchkey.test

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.ProviderException
import java.security.PublicKey
import java.security.SecureRandom
import java.security.Security
import java.security.UnrecoverableKeyException
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** Stands for the Android Keystore, which cannot run here. Its keys are in memory, and it fails when a test says so. */
internal object FakeKeystore {
    val keys = HashMap<String, Key>()
    val publicKeys = HashMap<String, PublicKey>()
    val made = ArrayList<String>()

    /** As while the Keystore's process restarts. */
    var fails = false
    var hasStrongBox = true

    fun reset() {
        keys.clear()
        publicKeys.clear()
        made.clear()
        fails = false
        hasStrongBox = true
        if (Security.getProvider("AndroidKeyStore") == null) Security.addProvider(FakeProvider())
    }

    fun keep(spec: KeyGenParameterSpec, key: Key, publicKey: PublicKey?) {
        if (fails) throw ProviderException("the Keystore fails")
        if (spec.isStrongBoxBacked && !hasStrongBox) throw ProviderException("no StrongBox")
        made.add(if (spec.isStrongBoxBacked) "${spec.keystoreAlias} in StrongBox" else spec.keystoreAlias)
        keys[spec.keystoreAlias] = key
        if (publicKey != null) publicKeys[spec.keystoreAlias] = publicKey
    }
}

private class FakeProvider : Provider("AndroidKeyStore", "1", "for tests") {
    init {
        put("KeyStore.AndroidKeyStore", FakeKeyStoreSpi::class.java.name)
        put("KeyPairGenerator.EC", FakePairs::class.java.name)
        put("KeyGenerator.AES", FakeSecrets::class.java.name)
    }
}

internal class FakePairs : KeyPairGeneratorSpi() {
    private var spec: KeyGenParameterSpec? = null

    override fun initialize(params: AlgorithmParameterSpec, random: SecureRandom?) {
        spec = params as KeyGenParameterSpec
    }

    override fun initialize(size: Int, random: SecureRandom?): Unit = throw UnsupportedOperationException()

    override fun generateKeyPair(): KeyPair = KeyPairGenerator.getInstance("EC", "SunEC").run {
        initialize(spec!!.algorithmParameterSpec)
        generateKeyPair().also { FakeKeystore.keep(spec!!, it.private, it.public) }
    }
}

internal class FakeSecrets : KeyGeneratorSpi() {
    private var spec: KeyGenParameterSpec? = null

    override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
        spec = params as KeyGenParameterSpec
    }

    override fun engineInit(random: SecureRandom?): Unit = throw UnsupportedOperationException()

    override fun engineInit(size: Int, random: SecureRandom?): Unit = throw UnsupportedOperationException()

    override fun engineGenerateKey(): SecretKey = KeyGenerator.getInstance("AES", "SunJCE").run {
        init(spec!!.keySize)
        generateKey().also { FakeKeystore.keep(spec!!, it, null) }
    }
}

private class FakeCertificate(private val key: PublicKey) : Certificate("X.509") {
    override fun getEncoded(): ByteArray = ByteArray(0)

    override fun verify(key: PublicKey): Unit = throw UnsupportedOperationException()

    override fun verify(key: PublicKey, provider: String): Unit = throw UnsupportedOperationException()

    override fun toString(): String = "a certificate"

    override fun getPublicKey(): PublicKey = key
}

internal class FakeKeyStoreSpi : KeyStoreSpi() {
    override fun engineLoad(stream: InputStream?, password: CharArray?): Unit = Unit

    /** As Android: null for a key that is not there, and an error when it cannot be read at the moment. */
    override fun engineGetKey(alias: String, password: CharArray?): Key? =
        if (FakeKeystore.fails) throw UnrecoverableKeyException("the Keystore fails") else FakeKeystore.keys[alias]

    /** As Android: null also when it cannot be read at the moment. */
    override fun engineGetCertificate(alias: String): Certificate? =
        FakeKeystore.publicKeys[alias]?.takeUnless { FakeKeystore.fails }?.let(::FakeCertificate)

    override fun engineContainsAlias(alias: String): Boolean = !FakeKeystore.fails && alias in FakeKeystore.keys

    override fun engineDeleteEntry(alias: String): Unit = throw UnsupportedOperationException()

    override fun engineGetCertificateChain(alias: String): Array<Certificate> = throw UnsupportedOperationException()

    override fun engineGetCreationDate(alias: String): Date = throw UnsupportedOperationException()

    override fun engineSetKeyEntry(a: String, k: Key, p: CharArray?, c: Array<Certificate>?): Unit = throw UnsupportedOperationException()

    override fun engineSetKeyEntry(a: String, k: ByteArray, c: Array<Certificate>?): Unit = throw UnsupportedOperationException()

    override fun engineSetCertificateEntry(alias: String, cert: Certificate?): Unit = throw UnsupportedOperationException()

    override fun engineAliases(): Enumeration<String> = Collections.enumeration(FakeKeystore.keys.keys)

    override fun engineSize(): Int = FakeKeystore.keys.size

    override fun engineIsKeyEntry(alias: String): Boolean = alias in FakeKeystore.keys

    override fun engineIsCertificateEntry(alias: String): Boolean = false

    override fun engineGetCertificateAlias(cert: Certificate): String? = null

    override fun engineStore(stream: OutputStream?, password: CharArray?): Unit = throw UnsupportedOperationException()
}
