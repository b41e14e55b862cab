import { byId, el } from './dom.ts'
import { outcomeOf, type Phone, type Screen } from './phone.ts'
import type { Message, Stage } from './stage.ts'

export type PhoneView = { update: () => Promise<void> }

/** What the buttons of a phone need besides the phone. */
export type PhoneWorld = {
  stage: Stage
  phone: Phone
  other: Phone
  company: string
  /** Whose rows the page shows from now on. */
  show: (email: string) => void
  /** Runs one action at a time, and not while a threat is played. */
  act: (action: () => Promise<string>) => Promise<void>
}

/** Shows a phone in the element, and lets a person use it. */
export function phoneView(id: string, world: PhoneWorld): PhoneView {
  const place = byId(id)
  let shown = ''
  return {
    async update() {
      const screen = await world.phone.screen()
      const text = JSON.stringify(screen)
      if (text === shown) return
      shown = text
      const hadFocus = place.contains(document.activeElement)
      place.replaceChildren(...contentOf(screen, world, id))
      place.dataset['shows'] = screen.shows
      if (hadFocus) place.querySelector<HTMLElement>('h3')?.focus()
    },
  }
}

const heading = (text: string): HTMLElement => el('h3', { tabindex: '-1' }, text)

function contentOf(screen: Screen, world: PhoneWorld, id: string): HTMLElement[] {
  if (screen.shows === 'sign-in') return signIn(world, id)
  return screen.shows === 'waiting' ? waiting(screen.email, world, id) : signedIn(screen, world)
}

function signIn({ phone, company, show, act }: PhoneWorld, id: string): HTMLElement[] {
  const input = el('input', {
    id: `${id}-email`,
    type: 'email',
    required: true,
    value: `you@${company}`,
    autocomplete: 'off',
  })
  const bound = el('input', { id: `${id}-bound`, type: 'checkbox', checked: true })
  const onsubmit = (event: Event): void => {
    event.preventDefault()
    void act(async () => {
      const email = input.value.trim().toLowerCase()
      phone.reset(bound.checked)
      show(email)
      const outcome = await outcomeOf(phone.ask(email))
      return outcome === 'done' ? `${phone.who}: asked for a link` : `${phone.who}: ${outcome}`
    })
  }
  const boundLabel = el(
    'label',
    { for: bound.id, class: 'tick' },
    bound,
    'Bind the session to a key',
  )
  return [
    heading('Sign in'),
    el(
      'form',
      { onsubmit },
      el('label', { for: input.id }, 'Email'),
      input,
      boundLabel,
      el('button', { class: 'main' }, 'Send me a link'),
    ),
  ]
}

function waiting(email: string, world: PhoneWorld, id: string): HTMLElement[] {
  const { phone, other, stage, act } = world
  const input = el('input', {
    id: `${id}-code`,
    inputmode: 'numeric',
    required: true,
    autocomplete: 'off',
  })
  const said = async (who: Phone, action: Promise<unknown>): Promise<string> =>
    `${who.who}: ${await outcomeOf(action)}`
  const onsubmit = (event: Event): void => {
    event.preventDefault()
    void act(() => said(phone, phone.client.redeemCode(input.value)))
  }
  const open = (who: Phone) => () =>
    act(async () => {
      const message: Message = await stage.message(email)
      return said(who, who.client.redeemLink(message.link))
    })
  const again = () =>
    act(async () => {
      phone.reset()
      return `${phone.who}: starts again`
    })
  return [
    heading('Check your email'),
    el('p', { class: 'soft' }, `A link and a code are on their way to ${email}.`),
    el('button', { class: 'main', type: 'button', onclick: open(phone) }, 'Open the link here'),
    el('button', { type: 'button', onclick: open(other) }, 'Open the link on the other phone'),
    el(
      'form',
      { onsubmit },
      el('label', { for: input.id }, 'Code'),
      el('div', { class: 'inline' }, input, el('button', {}, 'Sign in')),
    ),
    el('button', { type: 'button', class: 'quiet', onclick: again }, 'Start again'),
  ]
}

function signedIn(screen: Screen & { shows: 'signed-in' }, world: PhoneWorld): HTMLElement[] {
  const { phone, other, act } = world
  const { email, sessionId, bound } = screen
  const refresh = () =>
    act(async () => {
      const outcome = await outcomeOf(phone.refresh())
      const alive = (await phone.client.session()) !== null
      return `${phone.who}: ${alive ? `refreshed, ${outcome}` : 'the session has ended'}`
    })
  const signOut = () =>
    act(
      async () =>
        `${phone.who}: signed out, ${(await phone.client.signOut()) ? 'confirmed' : 'not confirmed'}`,
    )
  const steal = () =>
    act(async () => {
      other.reset(bound)
      other.copyFrom(phone)
      return `${other.who}: has a copy of the session`
    })
  return [
    el('div', { class: 'face', 'aria-hidden': 'true' }, email[0]?.toUpperCase() ?? '?'),
    heading('Signed in'),
    el('p', { class: 'who-is' }, email),
    el('p', { class: 'soft' }, el('code', {}, sessionId)),
    el('p', {}, el('span', { class: 'chip' }, bound ? 'bound to a key' : 'without a key')),
    el('button', { class: 'main', type: 'button', onclick: refresh }, 'Refresh'),
    el('button', { type: 'button', onclick: steal }, 'Steal: copy to the other phone'),
    el('button', { type: 'button', class: 'quiet', onclick: signOut }, 'Sign out'),
  ]
}
