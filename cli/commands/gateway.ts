// quesnay gateway: over our own subgraphs as services, or over those of any supergraph.
import type { Command } from 'commander'
import { loadConfig } from '../../infra/config.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { wholeNumber } from '../read-input.ts'

interface GatewayCommandOptions {
  readonly supergraph?: string
  readonly port?: number
  readonly host?: string
  readonly config?: string
  readonly watch: boolean
  readonly json?: boolean
}

export function addGatewayCommand(command: Command): void {
  command
    .description('start the gateway: over the services of Quesnay, or with --supergraph over any Federation 2 graph')
    .option('--supergraph <file>', 'serve this supergraph, over the URLs of its subgraphs; needs no NATS, no database')
    .option('--port <n>', 'port to listen on; 0 takes any free one (default: QUESNAY_PORT)', wholeNumber)
    .option('--host <address>', 'address to listen on (default: QUESNAY_HOST)')
    .option('--config <file>', "the gateway's configuration, YAML (default: QUESNAY_GATEWAY_CONFIG)")
    .option('--no-watch', 'keep the supergraph of the start when its file changes')
    .addHelpText(
      'after',
      '\nExamples:\n  quesnay gateway --supergraph supergraph.graphql --port 4000\n' +
        '  quesnay gateway          over the services of Quesnay (QUESNAY_SUBGRAPH_<NAME>_URL, NATS_URL)',
    )
    .action(async ({ supergraph, port, host, config: file, watch, json }: GatewayCommandOptions) => {
      if (supergraph === undefined) {
        assertAlone({ '--port': port, '--host': host, '--config': file, '--no-watch': watch ? undefined : true })
        return void (await import('../../gateway/main.ts'))
      }
      if (port !== undefined && port > 65_535)
        throw new QuesnayError('BAD_INPUT', '--port takes a number from 0 to 65535', { path: '--port' })
      const config = loadConfig()
      const { serveSupergraph } = await import('../supergraph.ts')
      await serveSupergraph(
        { ...config, port: port ?? config.port, host: host ?? config.host },
        { supergraph, watch, config: file, json: json === true },
      )
    })
}

/** The services' gateway is configured by its environment alone, as the supervisor and the deployment start it. */
function assertAlone(options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).find((name) => options[name] !== undefined)
  if (given)
    throw new QuesnayError('BAD_INPUT', `${given} goes with --supergraph`, {
      path: given,
      suggestion: 'give --supergraph FILE, or set QUESNAY_PORT, QUESNAY_HOST and QUESNAY_GATEWAY_CONFIG',
    })
}
