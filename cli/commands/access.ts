// Commands that give out credentials: tokens of the built-in issuer, and API keys.
import { type Command, InvalidArgumentError } from 'commander'
import { loadConfig } from '../../infra/config.ts'
import { TIERS, type Tier } from '../../schema/caller.ts'
import { nearest } from '../../schema/nearest.ts'
import { variablesHelp } from '../output/variables-help.ts'
import { readNames } from '../read-options.ts'

interface GrantOptions {
  readonly tenant?: string
  readonly scopes?: string[]
  readonly roles?: string[]
  readonly tier: Tier
  readonly json?: boolean
}

/** What tokens and keys have in common. */
const granting = (command: Command) =>
  command
    .option('--tenant <tenant>', 'whose; QUESNAY_TENANT where absent')
    .option('--scopes <a,b>', 'what it may do, such as scenarios:write; * is everything', readNames)
    .option('--roles <a,b>', 'such as admin', readNames)
    .option('--tier <tier>', TIERS.join(', '), readTier, 'free')
    .option('--json', 'print JSON for scripts')

export function addAccessCommands(program: Command): void {
  const token = granting(program.command('token'))
    .option('--subject <name>', 'who', 'developer')
    .option('--expires <time>', 'life, such as 15m, 1h or 7d', readLife, 3600)
    .description('sign a token with the key of the data directory; a gateway on loopback over it trusts it')
    .addHelpText(
      'after',
      `\nExample:\n  export QUESNAY_TOKEN=$(quesnay token --tenant acme --scopes scenarios:write --tier pro)\n${variablesHelp()}`,
    )
    .action(async ({ subject, expires, ...grant }: GrantOptions & { subject: string; expires: number }) => {
      const { printToken } = await import('./token.ts')
      await printToken(loadConfig(), { ...grant, subject, seconds: expires })
    })
  token
    .command('jwks')
    .description('print the public keys, for the `jwksFile` or `jwksUrl` of a gateway elsewhere')
    .action(async () => (await import('./token.ts')).printPublicKeys(loadConfig()))

  const key = program.command('key').description('API keys, on the database itself (DATABASE_URL)')
  granting(key.command('create'))
    .argument('<label>', 'what it is for, such as nightly-import')
    .option('--expires <time>', 'life, such as 90d; for ever where absent', readLife)
    .description('make a key and print it, this once: only its hash is kept')
    .addHelpText(
      'after',
      '\nExample:\n  quesnay key create nightly-import --tenant acme --scopes series:write --expires 90d',
    )
    .action(async (label: string, { expires, ...grant }: GrantOptions & { expires?: number }) => {
      const [{ makeKey }, { withStore }] = await Promise.all([import('./key.ts'), import('../with-store.ts')])
      await withStore((store, config) => makeKey(store, config, { ...grant, label, seconds: expires }))
    })
  key
    .command('list')
    .argument('[tenant]', 'whose; all where absent')
    .option('--json', 'print JSON for scripts')
    .description('show keys: what each may do, when it ends and when it was used')
    .action(async (tenant: string | undefined, { json = false }: { json?: boolean }) => {
      const [{ showKeys }, { withStore }] = await Promise.all([import('./key.ts'), import('../with-store.ts')])
      await withStore((store) => showKeys(store, tenant, json))
    })
  key
    .command('revoke')
    .argument('<id>', 'as `key list` shows it')
    .option('--json', 'print JSON for scripts')
    .description('end a key; gateways refuse it within seconds')
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      const [{ endKey }, { withStore }] = await Promise.all([import('./key.ts'), import('../with-store.ts')])
      await withStore((store) => endKey(store, id, json))
    })
}

function readTier(text: string): Tier {
  const tier = TIERS.find((known) => known === text)
  if (tier) return tier
  const near = nearest(text, TIERS)
  throw new InvalidArgumentError(`It takes ${TIERS.join(', ')}${near ? `; did you mean ${near}?` : ''}.`)
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** In seconds. */
function readLife(text: string): number {
  const [, amount = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  const seconds = Number(amount) * (UNITS[unit] ?? Number.NaN)
  if (Number.isFinite(seconds) && seconds > 0) return seconds
  throw new InvalidArgumentError('It takes a time such as 15m, 1h or 7d.')
}
