// Thousands of subscribers in a process of their own, each with a WebSocket of its own: `clients.js URL COUNT same|different`.
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { SELECTION } from './graph.ts'

const [, , url = '', count = '0', which = 'different'] = process.argv
/** Opened at the same time. */
const AT_ONCE = 50

async function subscribe(id: string): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  const query = `subscription ($id: ID!) { orderState(id: $id) ${SELECTION} }`
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { id } } }))
  const [first] = await once(socket, 'message')
  if (!String(first).includes('"type":"next"')) throw new Error(String(first))
}

for (let from = 0; from < Number(count); from += AT_ONCE)
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, Number(count) - from) }, (_, i) =>
      subscribe(which === 'same' ? 'order' : `order-${from + i}`),
    ),
  )
process.once('disconnect', () => process.exit(0))
process.send?.('listening')
