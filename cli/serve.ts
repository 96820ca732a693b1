// quesnay serve: the embedded graph behind HTTP, until Ctrl-C.
import { readFileSync } from 'node:fs'
import { serveGateway } from '../gateway/http/serve.ts'
import type { Config } from '../infra/config.ts'
import { metricsPage } from '../infra/metrics.ts'
import { builtFile, packageFile } from '../infra/paths.ts'
import { untilStopped } from '../infra/stop.ts'
import { startEmbedded } from './embedded.ts'

export async function serveEmbedded(config: Config, options: { readonly json: boolean }): Promise<void> {
  const stopped = untilStopped()
  const embedded = await startEmbedded(config)
  try {
    const first = readFileSync(packageFile('examples', 'first-query.graphql'), 'utf8')
    const server = await serveGateway(embedded.gateway, {
      host: config.host,
      port: config.port,
      metrics: () => metricsPage(embedded.metrics),
      log: embedded.log,
      ...embedded.edge.http,
      authenticator: embedded.edge.authenticator,
      propagate: embedded.edge.config.headers.propagate,
      page: { directory: builtFile('gateway', 'page'), example: first },
    })
    embedded.hold.announce(`${server.url}graphql`)
    if (options.json) process.stdout.write(`${JSON.stringify({ url: server.url, pid: process.pid })}\n`)
    else process.stdout.write(welcome(server.url, first))
    await stopped
    await server.close()
  } finally {
    await embedded.close()
  }
}

function welcome(url: string, example: string): string {
  return [
    `Quesnay is ready: ${url}`,
    'Ctrl-C stops it. Paste this into the page, or run `npx quesnay demo`:',
    '',
    example.trimEnd(),
    '',
    '',
  ].join('\n')
}
