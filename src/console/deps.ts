import type { Context } from 'hono'
import type { Deps } from '../http/deps.ts'
import { depsOf, type AppContext, type AppEnv } from '../http/scope.ts'
import type { Actor } from './actor.ts'
import type { ConsoleConfig } from './config.ts'

/** The dependencies of the console's handlers: Deps, with the console's configuration. */
export type ConsoleDeps = Deps & { config: ConsoleConfig }

/** The cast is safe, because createConsole parses the environment with parseConsoleConfig. */
export const consoleDepsOf = (c: AppContext): ConsoleDeps => depsOf(c) as ConsoleDeps

/** The context variables of a guarded console route. */
export type ConsoleEnv = AppEnv & { Variables: { actor: Actor } }
export type ConsoleContext = Pick<Context<ConsoleEnv>, 'req' | 'get' | 'env'>
