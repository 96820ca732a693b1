// A process of the benchmark: tells its parent where it listens, and what it has used whenever it is asked.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Usage {
  readonly cpuSeconds: number
  readonly rssMb: number
  /** Subgraph requests so far, of a subgraph. */
  readonly requests: number
}

const none = (): number => 0

export function listening(server: Server, { requests = none }: { readonly requests?: () => number } = {}): void {
  server.listen(0, '127.0.0.1', () =>
    tell(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, requests),
  )
}

export function tell(url: string, requests = none): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const usage: Usage = {
      cpuSeconds: (user + system) / 1e6,
      rssMb: process.memoryUsage.rss() / 2 ** 20,
      requests: requests(),
    }
    process.send!(usage)
  })
  process.once('disconnect', () => process.exit())
  process.send!(url)
}
