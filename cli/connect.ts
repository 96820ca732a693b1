// Which graph a command asks: the endpoint given, else the server that holds the data directory, else one in process.
import type { Config } from '../infra/config.ts'
import { findServer } from '../infra/store/data-directory.ts'
import { type GraphClient, httpClient } from './client.ts'

export interface ConnectOptions {
  readonly endpoint?: string | undefined
}

/** The client must be closed; one in process holds the data directory until then. */
export async function connect(config: Config, options: ConnectOptions): Promise<GraphClient> {
  const { token } = config
  if (options.endpoint !== undefined) return httpClient(options.endpoint, { token })
  const server = findServer(config.dataDirectory)
  if (server) return httpClient(server.url, { token })
  const { startEmbedded, inProcessClient } = await import('./embedded.ts')
  return inProcessClient(await startEmbedded(config))
}
