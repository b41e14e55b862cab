// Not compiled in this repository, for want of an Android SDK: see packages/kotlin/README.md.
package com.example.app

import android.app.Activity
import android.app.Application
import android.content.Intent
import android.os.Bundle
import android.text.InputType
import android.view.View
import android.widget.Button
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import dev.latchkey.Latchkey
import dev.latchkey.LatchkeyException
import dev.latchkey.Pending
import dev.latchkey.PendingState
import dev.latchkey.State
import dev.latchkey.android.onAndroid
import java.util.Locale
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

class SampleApplication : Application() {
    val latchkey by lazy { Latchkey.onAndroid(this, "https://auth.example.com") }
}

/** Ask, wait with a field for the code, signed in. */
class MainActivity : Activity() {
    private val latchkey get() = (application as SampleApplication).latchkey
    private val scope = MainScope()
    private lateinit var message: TextView

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        message = TextView(this)
        scope.launch { latchkey.states.collect(::show) }
        if (savedInstanceState == null) openLink(intent)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        openLink(intent)
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private fun openLink(intent: Intent) {
        val url = intent.dataString ?: return
        intent.data = null // So that it is not opened again, and stays out of the list of recent tasks.
        if (Latchkey.isLink(url)) attempt { latchkey.redeemLink(url) }
    }

    private fun show(state: State) = when (state) {
        is State.SignedOut -> {
            val email = EditText(this).apply { inputType = InputType.TYPE_TEXT_VARIATION_EMAIL_ADDRESS or InputType.TYPE_CLASS_TEXT }
            val locale = Locale.getDefault().toLanguageTag()
            screen("Your e-mail address", email, button("Send a link") { latchkey.ask(email.text.toString(), locale = locale) })
        }
        is Pending -> {
            val code = EditText(this).apply {
                inputType = InputType.TYPE_CLASS_NUMBER
                if (android.os.Build.VERSION.SDK_INT >= 26) setAutofillHints("smsOTPCode")
            }
            val text = when (state.state) {
                PendingState.ASKED -> "We sent a link and a code to ${state.email}."
                PendingState.REQUESTED -> "No mail yet? If your address is new to us, somebody has to let you in first."
            }
            screen(
                text,
                code,
                button("Enter the code") { latchkey.redeemCode(code.text.toString()) },
                button("Send it again") { latchkey.resend() },
            )
        }
        is State.SignedIn -> screen(
            "Signed in as ${state.session.user.email}",
            button("Sign out") { latchkey.signOut() },
            button("Sign out everywhere") { latchkey.signOutEverywhere() },
        )
    }

    private fun screen(text: String, vararg views: View) {
        (message.parent as LinearLayout?)?.removeView(message)
        val all = listOf(TextView(this).apply { this.text = text }, *views, message.apply { this.text = "" })
        setContentView(LinearLayout(this).apply {
            orientation = LinearLayout.VERTICAL
            fitsSystemWindows = true
            all.forEach(::addView)
        })
    }

    private fun button(label: String, work: suspend () -> Any?) = Button(this).apply {
        text = label
        setOnClickListener { attempt(work) }
    }

    private fun attempt(work: suspend () -> Any?) {
        scope.launch {
            message.text = try {
                work()
                ""
            } catch (error: LatchkeyException) {
                wordsFor(error)
            }
        }
    }

    private fun wordsFor(error: LatchkeyException): String = when (error.code) {
        LatchkeyException.NOT_ASKED -> "Enter the code on the device where you asked."
        LatchkeyException.INVALID_GRANT -> "This link or code is ${error.reason ?: "not valid"}. Ask for a new one."
        LatchkeyException.RATE_LIMITED -> "Wait ${error.retryAfterSeconds ?: 60} seconds."
        else -> "That did not work (${error.code}). Try again."
    }
}
