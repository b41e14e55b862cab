/**
 * The only script of the pages. Everything works without it. It shows times in the reader's time zone, prevents a form
 * from being sent twice, and does small steps that a person would otherwise do by hand.
 */
export const SCRIPT = `
for (const time of document.querySelectorAll('time[data-moment]')) {
  time.title = time.textContent
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, {
    year: 'numeric', month: 'short', day: 'numeric',
    hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
  }).format(new Date(time.dateTime))
}
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.dataset.sent) return event.preventDefault()
  if (form.method === 'post') form.dataset.sent = 'yes'
})
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent
})
document.addEventListener('input', ({ target }) => {
  const choice = target.dataset.chooses && document.getElementById(target.dataset.chooses)
  if (choice && target.value) choice.checked = true
  if (target.type === 'radio') {
    for (const day of target.form.querySelectorAll('[data-chooses]')) {
      if (day.dataset.chooses !== target.id) day.value = ''
    }
  }
  if (target.name === 'code' && /^\\d{6}$/.test(target.value.trim())) target.form.requestSubmit()
})
const again = document.querySelector('[data-select]')
;(again ?? document.querySelector('[data-focus]'))?.focus()
again?.select()
document.querySelector('form[data-go-on]')?.requestSubmit()
`
