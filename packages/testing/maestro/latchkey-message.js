// For Maestro's runScript: waits for the message to EMAIL in the inbox of `npm run dev`, and leaves what a person would
// use of it in output.latchkey: link, appLink and code. EMAIL must be an address that no earlier message went to.
// Written in ECMAScript 5, since Rhino, an engine of Maestro, knows no more.
/* global EMAIL, ISSUER, http, json, output */
var WAIT_MS = 20000

var issuer = typeof ISSUER === 'string' && ISSUER !== '' ? ISSUER : 'http://127.0.0.1:8787'
var answer = http.get(issuer + '/development.json')
var development = answer.status === 200 ? json(answer.body) : {}
if (development.latchkey !== 'development') {
  throw new Error(issuer + ' is not a Worker that npm run dev started.')
}

var messages = []
var deadline = Date.now() + WAIT_MS
while (messages.length === 0) {
  if (Date.now() > deadline) {
    throw new Error('No message arrived within ' + WAIT_MS + ' ms. May this address sign in?')
  }
  messages = json(
    http.get(development.inbox + '/messages?limit=1&waitSeconds=5&to=' + encodeURIComponent(EMAIL))
      .body,
  )
}

var message = messages[0]
output.latchkey = {
  link: message.link,
  appLink: development.appScheme + ':/' + message.link.slice(development.issuer.length),
  code: message.code,
}
