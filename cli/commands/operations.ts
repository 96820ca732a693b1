// quesnay operations: which operations clients may ask for by id, and, where the gateway enforces it, at all.
import type { Command } from 'commander'
import { readManifest } from '../../gateway/persisted/manifest.ts'
import { listPublished, publish, removePublished } from '../../gateway/persisted/registry.ts'
import { table } from '../output/table.ts'
import { variablesHelp } from '../output/variables-help.ts'
import { withStore } from '../with-store.ts'

interface Options {
  readonly json?: boolean
}

const EXAMPLES = `
Examples:
  quesnay operations publish persisted-query-manifest.json
  quesnay operations list
  quesnay operations remove persisted-query-manifest.json

FILE is a manifest of Apollo's format, as @apollo/generate-persisted-query-manifest writes it. Gateways on the same
database see a change within some seconds.`

export function addOperationsCommands(program: Command): void {
  const operations = program
    .command('operations')
    .description('publish operations: clients ask for them by id, and where the gateway enforces it, for no others')
    .addHelpText('after', `${EXAMPLES}\n${variablesHelp()}`)

  operations
    .command('publish')
    .argument('<file>', 'manifest')
    .option('--json', 'print one JSON object')
    .description('publish the operations of a manifest, all or none; an id is never given another text')
    .action(async (file: string, options: Options) => {
      const all = readManifest(file)
      const published = await withStore((store) => publish(store, all))
      print(
        options,
        { published, known: all.length - published },
        `published ${published} of ${all.length} operation(s)`,
      )
    })

  operations
    .command('list')
    .option('--json', 'print one JSON object')
    .description('list what is published')
    .action(async (options: Options) => {
      const all = await withStore((store) => listPublished(store))
      const rows = all.map(({ name, type, id, publishedAt }) => [name, type, id, publishedAt])
      print(options, { operations: all }, table(['operation', 'type', 'id', 'published'], rows))
    })

  operations
    .command('remove')
    .argument('<file>', 'manifest')
    .option('--json', 'print one JSON object')
    .description('take back the operations of a manifest')
    .action(async (file: string, options: Options) => {
      const ids = readManifest(file).map(({ id }) => id)
      const removed = await withStore((store) => removePublished(store, ids))
      print(options, { removed }, `removed ${removed} of ${ids.length} operation(s)`)
    })
}

function print({ json }: Options, value: object, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`)
}
