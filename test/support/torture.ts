import type { Control } from '../../torture/runner.ts'

/** Calls the kit, which starts when it is first asked for (global-setup.ts). */
export async function controlOf(endpoint: string): Promise<Control> {
  const { kit } = (await (await fetch(endpoint)).json()) as { kit: string }
  return async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    return (await fetch(kit + path, { method, ...sent })).json()
  }
}

/** The names of all cases, by the kit itself. */
export async function casesOf(control: Control): Promise<string[]> {
  const { cases } = (await control('GET', '/cases')) as { cases: { name: string }[] }
  return cases.map(({ name }) => name)
}
