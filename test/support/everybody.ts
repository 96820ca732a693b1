// Authenticators of servers under test, which let in everybody.
import type { Authenticator, Identity } from '../../gateway/edge/authenticator.ts'
import { DEFAULT_TENANT, PROCESS } from '../../schema/caller.ts'

export const everybodyIs = (identity: Identity): Authenticator => ({ authenticate: async () => identity })

/** Whoever asks may do everything in the tenant `local`. */
export const everybody = everybodyIs({ tenant: DEFAULT_TENANT, principal: PROCESS })
