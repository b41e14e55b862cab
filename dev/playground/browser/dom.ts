type Child = Node | string | null | undefined

/** Makes an element. A property that begins with `on` is a listener, all others are attributes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Record<string, string | boolean | ((event: Event) => unknown)> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value)
    else if (value === true) made.setAttribute(key, '')
    else if (value !== false) made.setAttribute(key, value)
  }
  made.append(...children.filter((child) => child != null))
  return made
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`The page has no #${id}`)
  return found
}

/** Says something to everyone, also to a screen reader. */
export const say = (text: string): void => {
  byId('said').textContent = text
}
