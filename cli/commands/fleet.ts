// Commands for those who keep a fleet: limits of tenants, and runs that failed in part.
import { type Command, InvalidArgumentError } from 'commander'
import type { LimitsRow } from '../../compute/dispatch/admission/limits.ts'
import { createLog } from '../../infra/log.ts'
import { variablesHelp } from '../output/variables-help.ts'
import { wholeNumber } from '../read-input.ts'
import { decimal } from '../read-options.ts'
import { asked, type ClientOptions, withClient } from './client.ts'

/** A value, or the default. */
type Given = number | 'default'

interface LimitOptions {
  readonly json?: boolean
  readonly inFlight?: Given
  readonly waiting?: Given
  readonly jobs?: Given
  readonly computeSecondsPerDay?: Given
  readonly secondsPerQuestion?: Given
  readonly weight?: Given
}

/** Reads a value, or the word that brings the default back. */
const orDefault =
  (read: (text: string) => number) =>
  (text: string): Given =>
    text === 'default' ? text : read(text)

export function addFleetCommands(program: Command): void {
  asked(program.command('redrive'), 'redrive RUN_ID', 'redrive RUN_ID --shard 17')
    .argument('<run>', 'id of a run that failed')
    .option('--shard <n>', 'send this shard alone', shardNumber)
    .description('send the shards of a run that failed once more; what it has computed is kept')
    .action(async (run: string, options: ClientOptions & { shard?: number }) => {
      const { redrive } = await import('./redrive.ts')
      const { shard } = options
      await withClient(options, (client, json) =>
        redrive(client, run, { ...(shard === undefined ? {} : { shard }), json }),
      )
    })

  const tenant = program
    .command('tenant')
    .description('limits and figures of tenants, on the database itself (DATABASE_URL)')
  tenant
    .command('limits')
    .argument('[tenant]', 'one tenant; all that have limits of their own where absent')
    .option('--json', 'print JSON for scripts')
    .description('show what a tenant may use, and what it has used today (UTC)')
    .addHelpText('after', variablesHelp())
    .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
      const [{ showLimits }, { withStore }] = await Promise.all([import('./tenant.ts'), import('../with-store.ts')])
      await withStore((store) => showLimits(store, name, json))
    })
  tenant
    .command('set')
    .argument('<tenant>', 'whose limits')
    .option('--in-flight <n>', 'shards of each class on the bus at a time', orDefault(wholeNumber))
    .option('--waiting <n>', 'shards that are not finished; beyond, questions are refused', orDefault(wholeNumber))
    .option('--jobs <n>', 'questions computed at a time; further ones wait', orDefault(wholeNumber))
    .option('--compute-seconds-per-day <s>', 'seconds of computing a day (UTC)', orDefault(decimal))
    .option('--seconds-per-question <s>', 'estimated seconds of one question', orDefault(decimal))
    .option('--weight <w>', 'share in admission, as against 1 of the others', orDefault(decimal))
    .option('--json', 'print JSON for scripts')
    .description('set limits; `default` brings a default back, what is not named stays')
    .addHelpText('after', '\nExample:\n  quesnay tenant set acme --in-flight 64 --compute-seconds-per-day 3600')
    .action(async (name: string, { json = false, ...given }: LimitOptions) => {
      const [{ setLimits }, { withStore }] = await Promise.all([import('./tenant.ts'), import('../with-store.ts')])
      await withStore((store) => setLimits(store, name, limitsOf(given), json))
    })
  tenant
    .command('seed')
    .argument('<tenant>', 'who is to have them')
    .option('--json', 'print JSON for scripts')
    .description('give a tenant the figures that Quesnay ships, where it has none; a start does so for QUESNAY_TENANT')
    .addHelpText('after', '\nExample:\n  quesnay tenant seed acme')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const [{ assertTenant }, { seedTenant }, { withStore }] = await Promise.all([
        import('./tenant.ts'),
        import('../tenant-seed.ts'),
        import('../with-store.ts'),
      ])
      assertTenant(name)
      await withStore((store, { logLevel }) => seedTenant(store, createLog(logLevel.interactive), name))
      process.stdout.write(
        json ? `${JSON.stringify({ seeded: name })}\n` : `${name} has the figures that Quesnay ships\n`,
      )
    })
}

function limitsOf(given: Omit<LimitOptions, 'json'>): Partial<LimitsRow> {
  const limits: { readonly [Name in keyof LimitsRow]: Given | undefined } = {
    shardsInFlight: given.inFlight,
    shardsWaiting: given.waiting,
    jobsRunning: given.jobs,
    computeSecondsPerDay: given.computeSecondsPerDay,
    secondsPerQuestion: given.secondsPerQuestion,
    weight: given.weight,
  }
  const named = Object.entries(limits).filter(([, value]) => value !== undefined)
  return Object.fromEntries(named.map(([name, value]) => [name, value === 'default' ? null : value]))
}

function shardNumber(text: string): number {
  const value = wholeNumber(text)
  if (value >= 0) return value
  throw new InvalidArgumentError('It takes a whole number from 0.')
}
