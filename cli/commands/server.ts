// Commands that start something: the all-in-one, the services, or one of their parts.
import type { Command } from 'commander'
import { loadConfig } from '../../infra/config.ts'
import { SUBGRAPH_NAMES } from '../../subgraphs/shared/names.ts'
import { variablesHelp } from '../output/variables-help.ts'
import { wholeNumber } from '../read-input.ts'

/** A part of the fleet logs JSON by itself; the option is there for its errors. */
const part = (command: Command) =>
  command.option('--json', 'print errors as JSON').addHelpText('after', variablesHelp())

export function addServerCommands(program: Command): void {
  program
    .command('serve')
    .description('start the whole graph in one process, with the bundled PostgreSQL; --services: as separate processes')
    .option('--services', 'gateway, five subgraphs and workers as processes of their own, over NATS')
    .option('--workers <n>', 'workers to start with --services', wholeNumber, 2)
    .option('--json', 'print one JSON object when it is ready')
    .addHelpText('after', variablesHelp())
    .action(async (options: { services?: boolean; workers: number; json?: boolean }) => {
      const config = loadConfig()
      if (options.services) {
        const { serveServices } = await import('../services.ts')
        return serveServices(config, { workers: options.workers, json: options.json === true })
      }
      const { serveEmbedded } = await import('../serve.ts')
      return serveEmbedded(config, { json: options.json === true })
    })

  part(program.command('worker'))
    .description('start one member of the fleet (needs NATS_URL and DATABASE_URL)')
    .action(async () => void (await import('../../compute/worker/main.ts')))

  part(program.command('subgraph'))
    .argument('<name>', SUBGRAPH_NAMES.join(', '))
    .description('start one subgraph (needs NATS_URL and DATABASE_URL)')
    .action(async (name: string) => {
      const { startSubgraph } = await import('../subgraph-process.ts')
      return startSubgraph(name)
    })

  part(program.command('gateway'))
    .description('start the gateway over subgraphs that run elsewhere (QUESNAY_SUBGRAPH_<NAME>_URL, NATS_URL)')
    .action(async () => void (await import('../../gateway/main.ts')))

  program
    .command('services')
    .description('install what --services and the tests need: nats-server')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const { installServices } = await import('../../infra/services.ts')
      const installed = await installServices({ say: (line) => void (json || process.stdout.write(`${line}\n`)) })
      if (json) process.stdout.write(`${JSON.stringify(installed)}\n`)
    })
}
