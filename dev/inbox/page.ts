import { escapeHtml } from '../../src/base/html.ts'
import type { Message } from './accept.ts'

export const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent) }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem }
h1 { font-size: 1.3rem } h2 { font-size: 1rem; margin: 0 }
article { border: 1px solid var(--line); border-radius: 10px; padding: 1rem; margin: 1rem 0 }
.about { opacity: .75; font-size: .875rem; margin: 0 0 .75rem }
.code { font: 600 1.4rem ui-monospace, monospace; letter-spacing: .15em }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, monospace }
iframe { width: 100%; height: 24rem; border: 1px solid var(--line); border-radius: 6px; background: #fff }
a { overflow-wrap: anywhere }
`

// Reloads only when the newest message has changed, so that an open message stays open.
const SCRIPT = `
const shown = document.body.dataset.newest
setInterval(async () => {
  const messages = await fetch('/messages').then((r) => r.json(), () => null)
  if (messages && (messages[0]?.id ?? '') !== shown) location.reload()
}, 1500)
document.querySelector('button').onclick = () => fetch('/messages', { method: 'DELETE' }).then(() => location.reload())
`

function article(message: Message): string {
  const { id, channel, to, from, subject, text, html, link, code, at } = message
  const time = new Date(at).toISOString()
  const parts = [
    `<h2>${escapeHtml(subject ?? 'Text message')}</h2>`,
    `<p class="about">${channel} to <b>${escapeHtml(to)}</b>${from ? ` from ${escapeHtml(from)}` : ''}, <time datetime="${time}">${time}</time></p>`,
    code ? `<p class="code">${escapeHtml(code)}</p>` : '',
    link ? `<p><a href="${escapeHtml(link)}" rel="noreferrer">${escapeHtml(link)}</a></p>` : '',
    `<details${html ? '' : ' open'}><summary>Text</summary><pre>${escapeHtml(text)}</pre></details>`,
    html
      ? `<details><summary>HTML</summary><iframe title="HTML of the email" sandbox="" loading="lazy" src="/messages/${escapeHtml(id)}/html"></iframe></details>`
      : '',
  ]
  return `<article>${parts.join('\n')}</article>`
}

/** @param nonce the page's Content-Security-Policy allows only the style and the script with this nonce. */
export function inboxPage(messages: Message[], nonce: string): string {
  const list = messages.map(article).join('\n') || '<p>No messages yet. Request a link.</p>'
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Inbox (${messages.length})</title>
<style nonce="${nonce}">${STYLE}</style>
<body data-newest="${escapeHtml(messages[0]?.id ?? '')}">
<header><h1>Latchkey inbox</h1><a href="/preview">Preview of every message</a><button type="button">Delete all</button></header>
<main>${list}</main>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`
}
