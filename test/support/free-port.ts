// A port that was free a moment ago, for programs that cannot say which one they took.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

export async function freePort(host: string): Promise<number> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
