// quesnay subgraph: starts one of ours, or checks and publishes one of a partner's. Only the first needs anything that runs.
import type { Command } from 'commander'
import { SUBGRAPH_NAMES } from '../../subgraphs/shared/names.ts'
import { variablesHelp } from '../output/variables-help.ts'

export interface CheckCommandOptions {
  readonly name: string
  readonly url?: string
  readonly supergraph?: string
  readonly allowBreaking?: boolean
  readonly config?: string
  readonly json?: boolean
}

export interface PublishCommandOptions extends CheckCommandOptions {
  readonly url: string
}

export function addSubgraphCommands(subgraph: Command): void {
  subgraph
    .argument('[name]', SUBGRAPH_NAMES.join(', '))
    .description("start one subgraph (needs NATS_URL and DATABASE_URL), or check and publish a partner's, offline")
    .action(async (name: string | undefined) => {
      if (name === undefined) return subgraph.help({ error: true })
      const { startSubgraph } = await import('../subgraph-process.ts')
      return startSubgraph(name)
    })
  const checked = (command: Command) =>
    command
      .argument('<file>', 'SDL of the subgraph, - for standard input')
      .requiredOption('--name <name>', 'name of the subgraph in the graph')
      .option('--allow-breaking', 'let pass what breaks clients or other subgraphs')
      .option(
        '--config <file>',
        "the gateway's configuration, for what partners are granted (default: QUESNAY_GATEWAY_CONFIG)",
      )
      .option('--json', 'print one JSON object')
      .addHelpText('after', variablesHelp())

  checked(subgraph.command('check'))
    .option('--supergraph <file>', 'compose with the subgraphs of this supergraph (default: ours and those published)')
    .description('compose, tell what breaks, judge the style and show sample query plans; exit code 1 for an ERROR')
    .action(async (file: string, _: object, command: Command) => {
      const { checkCommand } = await import('../subgraph-check.ts')
      await checkCommand(file, command.optsWithGlobals<CheckCommandOptions>())
    })
  checked(subgraph.command('publish'))
    .requiredOption('--url <url>', 'URL of its GraphQL endpoint')
    .description('check, then add it to the graph of this data directory: a server that runs takes it up by itself')
    .action(async (file: string, _: object, command: Command) => {
      const { publishCommand } = await import('../subgraph-publish.ts')
      await publishCommand(file, command.optsWithGlobals<PublishCommandOptions>())
    })
  subgraph
    .command('list')
    .description('the subgraphs that are published in this data directory')
    .option('--json', 'print JSON')
    .action(async (_: object, command: Command) => {
      const { listCommand } = await import('../subgraph-publish.ts')
      listCommand(command.optsWithGlobals<{ json?: boolean }>())
    })
  subgraph
    .command('remove')
    .argument('<name>', 'name it was published by')
    .option('--json', 'print one JSON object')
    .description('take a published subgraph out of the graph of this data directory')
    .action(async (name: string, _: object, command: Command) => {
      const { removeCommand } = await import('../subgraph-publish.ts')
      await removeCommand(name, command.optsWithGlobals<{ json?: boolean }>())
    })
}
