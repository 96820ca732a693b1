// Commands that start something: the all-in-one, the services, or one of their parts.
import type { Command } from 'commander'
import { loadConfig } from '../../infra/config.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { variablesHelp } from '../output/variables-help.ts'
import { wholeNumber } from '../read-input.ts'
import { addGatewayCommand } from './gateway.ts'
import { addSubgraphCommands } from './subgraph.ts'
import { addWorkerCommand } from './worker.ts'

/** A part of the fleet logs JSON by itself; the option is there for its errors. */
const part = (command: Command) =>
  command.option('--json', 'print errors as JSON').addHelpText('after', variablesHelp())

export function addServerCommands(program: Command): void {
  program
    .command('serve')
    .description('start the whole graph in one process, with the bundled PostgreSQL; --services: as separate processes')
    .option('--services', 'gateway, five subgraphs and workers as processes of their own, over NATS')
    .option('--workers <n>', 'workers to start with --services (default: 2)', wholeNumber)
    .option('--json', 'print one JSON object when it is ready')
    .addHelpText('after', variablesHelp())
    .action(async (options: { services?: boolean; workers?: number; json?: boolean }) => {
      const config = loadConfig()
      if (options.services) {
        const { serveServices } = await import('../services.ts')
        return serveServices(config, { workers: options.workers ?? 2, json: options.json === true })
      }
      if (options.workers !== undefined)
        throw new QuesnayError('BAD_INPUT', '--workers goes with --services', {
          path: '--workers',
          suggestion: 'add --services; one process computes on QUESNAY_THREADS threads',
        })
      const { serveEmbedded } = await import('../serve.ts')
      return serveEmbedded(config, { json: options.json === true })
    })

  addWorkerCommand(program)

  addSubgraphCommands(part(program.command('subgraph')))

  addGatewayCommand(part(program.command('gateway')))

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
