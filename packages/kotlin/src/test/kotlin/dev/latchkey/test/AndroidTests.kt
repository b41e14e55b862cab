package dev.latchkey.test

import android.content.Context
import android.os.Build
import dev.latchkey.Latchkey
import dev.latchkey.LatchkeyException
import dev.latchkey.MemoryStorage
import dev.latchkey.State
import dev.latchkey.android.AndroidKeys
import dev.latchkey.android.AndroidStorage
import dev.latchkey.android.onAndroid
import java.io.File
import java.nio.file.Files
import javax.crypto.KeyGenerator

private class FakeContext(override val noBackupFilesDir: File) : Context() {
    override val applicationContext: Context get() = this
}

private suspend fun onPhone(work: suspend (Context) -> Unit) {
    FakeKeystore.reset()
    val folder = Files.createTempDirectory("latchkey-android-").toFile()
    try {
        work(FakeContext(folder))
    } finally {
        folder.deleteRecursively()
    }
}

internal val androidTests = listOf(
    Test("signs in with the phone's own storage and a key in StrongBox, and is signed in after a restart") {
        onPhone { phone ->
            val issuer = FakeIssuer()
            val storage = AndroidStorage(phone)
            signedIn(issuer, storage, AndroidKeys(storage))
            val again = Latchkey.onAndroid(phone, ISSUER)
            expectEqual(again.session()?.user?.email, "ada@example.com")
            expectEqual(FakeKeystore.made.toSet(), setOf("latchkey.storage", "latchkey.dpop in StrongBox"))
            expectEqual(issuer.requests.last().headers["DPoP"] != null, true)
        }
    },
    Test("writes nothing in plain to the phone's files, and all of it where no backup looks") {
        onPhone { phone ->
            val storage = AndroidStorage(phone)
            storage.set("latchkey.session", "a secret")
            expectEqual(storage.get("latchkey.session"), "a secret")
            val files = phone.noBackupFilesDir.walk().filter { it.isFile }.toList()
            expectEqual(files.any { it.name == "latchkey.session" }, true)
            expectEqual(files.any { "secret" in it.readText(Charsets.ISO_8859_1) }, false)
        }
    },
    Test("takes the trusted environment where there is no StrongBox, and before Android 9") {
        onPhone { _ ->
            FakeKeystore.hasStrongBox = false
            AndroidKeys(MemoryStorage()).key()
            expectEqual(FakeKeystore.made.toList(), listOf("latchkey.dpop"))
            FakeKeystore.reset()
            Build.VERSION.SDK_INT = 27
            AndroidKeys(MemoryStorage()).key()
            Build.VERSION.SDK_INT = 28
            expectEqual(FakeKeystore.made.toList(), listOf("latchkey.dpop"))
        }
    },
    Test("makes no new key while the Keystore fails, and goes on with the old one") {
        onPhone { phone ->
            val issuer = FakeIssuer()
            val storage = AndroidStorage(phone)
            signedIn(issuer, storage, AndroidKeys(storage))
            val before = AndroidKeys(storage).key()
            FakeKeystore.fails = true
            val restarted = AndroidStorage(phone)
            val latchkey = client(issuer, restarted, AndroidKeys(restarted))
            expectError(LatchkeyException.STORAGE) { latchkey.session() }
            FakeKeystore.fails = false
            expectEqual(latchkey.session()?.id, "ses_1")
            expectEqual(AndroidKeys(restarted).key().x.toList(), before.x.toList())
        }
    },
    Test("is signed out, and can sign in, when the Keystore has lost the key of its files") {
        onPhone { phone ->
            val issuer = FakeIssuer()
            val storage = AndroidStorage(phone)
            signedIn(issuer, storage, AndroidKeys(storage))
            FakeKeystore.keys.clear()
            val restarted = AndroidStorage(phone)
            expectEqual(client(issuer, restarted).state(), State.SignedOut)
            signedIn(issuer, restarted, AndroidKeys(restarted))
            val again = AndroidStorage(phone)
            FakeKeystore.keys["latchkey.storage"] = KeyGenerator.getInstance("AES").generateKey()
            expectEqual(again.get("latchkey.session"), null)
        }
    },
)
