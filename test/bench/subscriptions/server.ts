// A gateway in a process of its own, whose memory and time are measured while thousands listen and nothing happens.

import { serveGateway } from '../../../gateway/http/serve.ts'
import { silentLog } from '../../../infra/log.ts'
import { everybody } from '../../support/everybody.ts'
import { openBenchGateway } from './graph.ts'

const { gateway } = await openBenchGateway('compiled')
const server = await serveGateway(gateway, {
  host: '127.0.0.1',
  port: 0,
  authenticator: everybody,
  log: silentLog,
  metrics: async () => ({ contentType: 'text/plain', body: '' }),
})

process.on('message', () => {
  // Started with --expose-gc, so that what is only not yet thrown away does not count.
  ;(globalThis as { gc?: () => void }).gc?.()
  const { user, system } = process.cpuUsage()
  process.send?.({ rssBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 })
})
process.once('disconnect', () => process.exit(0))
process.send?.({ url: server.url })
