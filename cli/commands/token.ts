// quesnay token: signs a token with the key pair of the data directory.
import { publicKeys, signToken } from '../../gateway/auth/development-issuer.ts'
import { systemClock } from '../../infra/clock.ts'
import type { Config } from '../../infra/config.ts'
import type { Tier } from '../../schema/caller.ts'
import { assertTenant } from './tenant.ts'

export interface TokenOptions {
  readonly tenant?: string | undefined
  readonly subject: string
  readonly scopes?: readonly string[] | undefined
  readonly roles?: readonly string[] | undefined
  readonly tier: Tier
  readonly seconds: number
  readonly json?: boolean | undefined
}

/** Errors: BAD_INPUT. */
export async function printToken(config: Config, options: TokenOptions): Promise<void> {
  const { tenant = config.tenant, subject, scopes = [], roles = [], tier, seconds, json } = options
  assertTenant(tenant)
  const token = await signToken(config.dataDirectory, { tenant, subject, scopes, roles, tier, seconds }, systemClock)
  const expiresAt = new Date(systemClock.now() + seconds * 1000).toISOString()
  process.stdout.write(
    json ? `${JSON.stringify({ token, tenant, subject, scopes, roles, tier, expiresAt })}\n` : `${token}\n`,
  )
}

export async function printPublicKeys(config: Config): Promise<void> {
  process.stdout.write(`${JSON.stringify(await publicKeys(config.dataDirectory), null, 2)}\n`)
}
