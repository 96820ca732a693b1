// quesnay audit: search what was asked, prove that it was not altered, and ask it again.
import { type Command, InvalidArgumentError } from 'commander'
import { variablesHelp } from '../output/variables-help.ts'
import { wholeNumber } from '../read-input.ts'
import { type SearchOptions, search } from './audit-search.ts'
import { asked, type ClientOptions, withClient } from './client.ts'

interface StoreOptions {
  readonly tenant?: string
  readonly json?: boolean
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('what was asked of the graph: search it, verify it, replay it')

  asked(
    audit.command('search'),
    'audit search --subject ada --from 2026-01-01',
    'audit search --outcome FORBIDDEN --json',
  )
    .option('--id <id>', 'the row of this id')
    .option('--subject <name>', 'who asked')
    .option('--operation <name>', 'name of the operation')
    .option('--type <type>', 'query, mutation, subscription or invalid')
    .option('--outcome <code>', '"ok", "started", or the code of an error')
    .option('--request <id>', 'id of the request')
    .option('--from <instant>', 'what came then or later, such as 2026-01-31 or 2026-01-31T12:00:00Z', instant)
    .option('--before <instant>', 'what came before then', instant)
    .option('--first <n>', 'rows to show, at most 500', wholeNumber, 50)
    .description('list operations of the tenant, the newest first (needs the scope audit:read)')
    .action((options: ClientOptions & SearchOptions) =>
      withClient(options, (client, json) => search(client, options, json)),
    )

  audit
    .command('verify')
    .option('--tenant <name>', 'one tenant; all where absent')
    .option('--json', 'print JSON for scripts')
    .description('walk every chain on the database itself and name the first row that is not as it was written')
    .addHelpText('after', variablesHelp())
    .action(async ({ tenant, json = false }: StoreOptions) => {
      const [{ verifyAudit }, { withStore }] = await Promise.all([
        import('./audit-verify.ts'),
        import('../with-store.ts'),
      ])
      await withStore((store) => verifyAudit(store, tenant, json))
    })

  audit
    .command('replay')
    .argument('<id>', 'id of a row')
    .option('--tenant <name>', 'whose row; that of the configuration where absent')
    .option('--json', 'print JSON for scripts')
    .description('ask a read again at its versions, and compare the hash of the answer')
    .addHelpText('after', variablesHelp())
    .action(async (id: string, { tenant, json = false }: StoreOptions) => {
      const [{ replayAudit }, { withStore }] = await Promise.all([
        import('./audit-replay.ts'),
        import('../with-store.ts'),
      ])
      await withStore((store, config) => replayAudit(store, config, { id, tenant: tenant ?? config.tenant, json }))
    })
}

/** An instant in UTC; a date alone is its midnight. */
function instant(text: string): string {
  const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw new InvalidArgumentError('It takes 2026-01-31 or 2026-01-31T12:00:00Z.')
  return new Date(ms).toISOString()
}
