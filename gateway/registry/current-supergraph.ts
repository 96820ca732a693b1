// The supergraph that a gateway of ours serves: our subgraphs and those that partners have published, watched for more.
import type { Logger } from 'pino'
import { packageFile } from '../../infra/paths.ts'
import type { SupergraphFile } from '../supergraph-file.ts'
import { openRegistry } from './registry.ts'

/**
 * Composes at start, for our own subgraphs may have changed since a partner published. A partner that no longer fits does not keep
 * the server from starting: ours are served alone, and the log says why.
 */
export async function currentSupergraph(dataDirectory: string, log: Logger): Promise<SupergraphFile> {
  const registry = openRegistry(dataDirectory)
  try {
    await registry.alone(() => {
      try {
        registry.refresh()
      } catch (error) {
        log.error(
          { err: error },
          'what partners have published cannot be served with this version; ours is served alone',
        )
        registry.reset()
      }
    })
    return { file: registry.supergraphFile, watch: true }
  } catch (error) {
    log.warn({ err: error }, 'the supergraph of the package is served, as built: the data directory cannot be written')
    return { file: packageFile('schema', 'sdl', 'supergraph.graphql'), watch: true }
  }
}
