import type { Control } from '../../../torture/runner.ts'

/** Calls the kit that global-setup.ts starts when it is first asked for. Runs in Node and in workerd. */
export async function controlOf(endpoint: string): Promise<Control> {
  const { kit } = (await (await fetch(endpoint)).json()) as { kit: string }
  return async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    return (await fetch(kit + path, { method, ...sent })).json()
  }
}
