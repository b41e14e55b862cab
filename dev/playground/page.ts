import { escapeHtml } from '../../src/base/html.ts'
import { STYLE } from './look.ts'
import type { Setup } from './wire.ts'

/** @param nonce the page's Content-Security-Policy allows only the style and the script with this nonce. */
export const playgroundPage = (setup: Setup, nonce: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Latchkey playground</title>
<style nonce="${nonce}">${STYLE}</style>
<body data-setup="${escapeHtml(JSON.stringify(setup))}">
<header><h1>Latchkey playground</h1><a href="/">Inbox</a><a href="/files/docs/threats.md">docs/threats.md</a><button type="button" id="all" class="main">Play all</button>
<p class="soft">Press a button: something goes wrong for the phone, and the tables show what it led to. Each verdict is judged from the answers and the rows. The phone is the real <code>@latchkey/client</code>, the Worker and DynamoDB Local are those of <code>npm run dev</code>. Only the clock, the faults and the lost answers are played, and there are no rate limits.</p></header>
<main>
<p id="said" role="status">Press a button, or play with the phone</p>
<div class="stage">
<div class="phones">
<section class="device" aria-labelledby="phone-name"><h2 id="phone-name">Phone</h2><div class="screen" id="phone"></div></section>
<section class="device" aria-labelledby="second-name"><h2 id="second-name">Second phone</h2><div class="screen" id="second"></div></section>
</div>
<div id="threats"><noscript><p class="warn">The playground needs JavaScript.</p></noscript></div>
<div class="sees">
<section class="card" aria-labelledby="tables-name"><h2 id="tables-name">Tables</h2>
<p class="facts"><span>Rows of <code id="person">nobody yet</code></span><span>The Worker’s clock: <span id="clock"></span></span></p>
<div class="scroll" tabindex="0" role="group" aria-label="Rows of both tables">
<h3>mobile-approved-emails</h3><div id="approvals"></div>
<h3>mobile-auth-tokens</h3><div id="tokens"></div>
</div></section>
<section class="card" aria-labelledby="log-name"><h2 id="log-name">Requests</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Requests, newest first"><ol id="log"></ol></div></section>
</div>
</div>
</main>
<script type="module" nonce="${nonce}" src="/playground/script.js"></script>
</body>
</html>
`
