import { escapeHtml } from '../../src/base/html.ts'
import type { Message } from './accept.ts'
import { STYLE } from './look.ts'
import { clockTime, messageArticle } from './message.ts'

/** The list names this many of the newest messages. `/messages` has all. */
const LISTED = 100

// A page that shows the newest message follows it. One that shows another message only says that there is a newer one.
const SCRIPT = `
const { newest, follows } = document.body.dataset
const said = document.getElementById('said')
const poll = async () => {
  const messages = await fetch('/messages?limit=1').then((r) => r.json(), () => null)
  if (messages && (messages[0]?.id ?? '') !== newest) {
    if (follows) location.reload()
    else said.innerHTML = '<a href="/">There is a new message</a>'
  } else setTimeout(poll, 1500)
}
setTimeout(poll, 1500)
for (const button of document.querySelectorAll('[data-copy]')) button.onclick = async () => {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
  said.textContent = 'Copied'
}
document.getElementById('delete').onclick = () => fetch('/messages', { method: 'DELETE' }).then(() => location.assign('/'))
`

export type InboxView = {
  messages: readonly Message[]
  /** The message that is shown. Without it, the newest. */
  shownId: string | undefined
  appScheme: string
}

function listItem({ id, to, subject, text, at }: Message, isShown: boolean): string {
  const current = isShown ? ' aria-current="page"' : ''
  return `<li><a href="/?message=${escapeHtml(id)}"${current}><b>${escapeHtml(to)}</b><span class="soft">${clockTime(at)} ${escapeHtml(subject ?? text)}</span></a></li>`
}

/** @param nonce the page's Content-Security-Policy allows only the style and the script with this nonce. */
export function inboxPage({ messages, shownId, appScheme }: InboxView, nonce: string): string {
  const shown = messages.find(({ id }) => id === shownId) ?? messages[0]
  const list = messages.slice(0, LISTED).map((one) => listItem(one, one === shown))
  const content = shown
    ? `<nav aria-label="Messages"><ul class="list">${list.join('')}</ul></nav>${messageArticle(shown, appScheme)}`
    : '<div class="card"><h2>No messages yet</h2><p>Ask for a link in your app. This page shows it by itself.</p></div>'
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Inbox (${messages.length})</title>
<style nonce="${nonce}">${STYLE}</style>
<body data-newest="${escapeHtml(messages[0]?.id ?? '')}"${shownId === undefined ? ' data-follows="yes"' : ''}>
${shown ? '<a class="skip" href="#message">Skip to the message</a>' : ''}<header><h1>Latchkey inbox</h1><a href="/preview">Every message in every language</a><button type="button" id="delete">Delete all</button></header>
<main><p id="said" role="status"></p><div class="${shown ? 'shell' : ''}">${content}</div></main>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`
}
