// What @apollo/gateway says, in our log.
import type { Logger } from 'pino'

/** Its news (loaded, swapped) is told by us, so that `info` is detail here. */
export function apolloLogger(log: Logger) {
  return {
    debug: (message?: unknown) => log.trace(String(message)),
    info: (message?: unknown) => log.debug(String(message)),
    warn: (message?: unknown) => log.warn(String(message)),
    error: (message?: unknown) => log.error(String(message)),
  }
}
