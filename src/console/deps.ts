import type { Context } from 'hono'
import type { Deps } from '../http/deps.ts'
import { depsOf, type AppContext, type AppEnv } from '../http/scope.ts'
import type { Actor } from './actor.ts'
import type { ConsoleConfig } from './config.ts'

/** What the console's handlers work with: Deps, with the console's configuration. */
export type ConsoleDeps = Deps & { config: ConsoleConfig }

/** The cast is right because the console's layer (createConsole) parses the environment with parseConsoleConfig. */
export const consoleDepsOf = (c: AppContext): ConsoleDeps => depsOf(c) as ConsoleDeps

/** What a guarded route of the console finds in its context. */
export type ConsoleEnv = AppEnv & { Variables: { actor: Actor } }
export type ConsoleContext = Pick<Context<ConsoleEnv>, 'req' | 'get' | 'env'>
