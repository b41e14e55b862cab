import type { Context } from 'hono'
import type { Deps } from '../http/deps.ts'
import { depsOf, type AppContext, type AppEnv } from '../http/scope.ts'
import type { Actor } from './actor.ts'
import type { ConsoleConfig } from './config.ts'

/** What the console's journeys work with: its configuration has more than the public Worker's. */
export type ConsoleDeps = Deps & { config: ConsoleConfig }

/** The layer of this Worker parses its environment with parseConsoleConfig, so the configuration is the console's. */
export const consoleDepsOf = (c: AppContext): ConsoleDeps => depsOf(c) as ConsoleDeps

/** What a guarded route of the console finds in its context. */
export type ConsoleEnv = AppEnv & { Variables: { actor: Actor } }
export type ConsoleContext = Pick<Context<ConsoleEnv>, 'req' | 'get' | 'env'>
