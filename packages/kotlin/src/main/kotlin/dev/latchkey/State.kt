package dev.latchkey

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.onSubscription

/** What this device is at: nothing, waiting for a link, or signed in. */
public sealed interface State {
    public data object SignedOut : State

    public data class SignedIn(public val session: Session) : State
}

/** @property ASKED a link may come at any moment. */
public enum class PendingState {
    ASKED,

    /**
     * The link's time is over, and until `requestUntil` one may still come by itself: if the address has to be let in
     * first, the company has been asked. The server says the same of every address, approved or not, since its answer
     * must tell nobody who is approved. So show both: no message came, or somebody has to let you in.
     */
    REQUESTED,
}

/** What was asked for. Times in Unix milliseconds, by this device's clock. */
public data class Pending(
    public val state: PendingState,
    public val email: String,
    public val resendAt: Long? = null,
    public val expiresAt: Long? = null,
    public val requestUntil: Long? = null,
) : State

/** A session counts more than what was asked for beside it. */
internal suspend fun Client.state(): State =
    readSession()?.let { State.SignedIn(it.describe()) } ?: pending()?.let(::describe) ?: State.SignedOut

/** The state now, and after each change. It leaves out a state that storage could not give. */
internal fun Client.states(): Flow<State> = changes
    .onSubscription { emit(Unit) }
    .mapNotNull {
        try {
            state()
        } catch (_: LatchkeyException) {
            null
        }
    }
    .distinctUntilChanged()
