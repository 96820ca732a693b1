// Subscriptions: events a second on one core against executing the whole operation for each, and what thousands of idle ones cost.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { systemClock as clock } from '../../infra/clock.ts'
import { PROCESS } from '../../schema/caller.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'
import { JOINED, openBenchGateway, SELECTION } from './subscriptions/graph.ts'

const EVENTS = 4_000
const ROUNDS = 5
const SUBSCRIBERS = 5_000
const IDLE_MS = 15_000
const caller = { tenant: 'local', requestId: 'bench', principal: PROCESS }

const rounded = (value: number) => Math.round(value * 100) / 100

/** Events from the bus to the text that a transport sends, one subscriber, everything in this process. */
async function pushedSeconds(selection: string): Promise<number> {
  const { gateway, emit, close } = await openBenchGateway('compiled')
  const query = `subscription ($id: ID!) { orderMoved(id: $id) ${selection} }`
  const results = await gateway.subscribe({ query, variables: { id: 'o1' }, caller })
  if (!(Symbol.asyncIterator in results)) throw new Error(JSON.stringify(results))
  await results.next()
  const seconds = await medianSeconds(ROUNDS, async () => {
    for (let i = 0; i < EVENTS; i++) await emit('o1', i)
    for (let i = 0; i < EVENTS; i++) JSON.stringify((await results.next()).value)
  })
  await results.return()
  await close()
  return seconds
}

/** The stock way: for each event the whole operation as a query, by the executor of @apollo/gateway. */
async function queriedSeconds(selection: string): Promise<number> {
  const { gateway, emit, bus, close } = await openBenchGateway('apollo')
  const query = `query ($id: ID!) { order(id: $id) ${selection} }`
  const seconds = await medianSeconds(ROUNDS, async () => {
    const events = await bus.listen('qz.ev.local.order.o1')
    for (let i = 0; i < EVENTS; i++) await emit('o1', i)
    let left = EVENTS
    for await (const _ of events) {
      JSON.stringify(await gateway.execute({ query, variables: { id: 'o1' }, caller }))
      if (--left === 0) break
    }
  })
  await close()
  return seconds
}

async function eventFigures(name: string, selection: string): Promise<Figure[]> {
  const theirs = await queriedSeconds(selection)
  const ours = await pushedSeconds(selection)
  const rate = (seconds: number) => Math.round(EVENTS / seconds)
  return [
    { name: `subscriptions.${name}.pushed`, value: rate(ours), unit: 'events/s', ratio: rounded(theirs / ours) },
    { name: `subscriptions.${name}.stock`, value: rate(theirs), unit: 'events/s', ratio: 1 },
  ]
}

const script = (name: string) => fileURLToPath(new URL(`./subscriptions/${name}.js`, import.meta.url))

async function answerOf<T>(child: ChildProcess, question?: string): Promise<T> {
  const answer = once(child, 'message')
  if (question !== undefined) child.send(question)
  const [value] = await answer
  return value as T
}

interface Cost {
  readonly rssBytes: number
  readonly cpuSeconds: number
}

async function idleFigures(which: 'same' | 'different'): Promise<Figure[]> {
  const server = fork(script('server'), { execArgv: ['--expose-gc'] })
  const { url } = await answerOf<{ url: string }>(server)
  const before = await answerOf<Cost>(server, 'measure')
  const endpoint = `${url.replace('http', 'ws')}graphql`
  const clients = fork(script('clients'), [endpoint, String(SUBSCRIBERS), which])
  await answerOf(clients)
  const joined = await answerOf<Cost>(server, 'measure')
  await clock.sleep(IDLE_MS)
  const after = await answerOf<Cost>(server, 'measure')
  for (const child of [clients, server]) child.disconnect()
  await Promise.all([clients, server].map((child) => once(child, 'exit')))
  const mib = (bytes: number) => rounded(bytes / 2 ** 20)
  const busy = (after.cpuSeconds - joined.cpuSeconds) / (IDLE_MS / 1000)
  return [
    {
      name: `subscriptions.idle.${which}`,
      value: mib(after.rssBytes),
      unit: `MiB, ${SUBSCRIBERS} subscribers`,
      ratio: rounded(after.rssBytes / before.rssBytes),
    },
    { name: `subscriptions.idle.${which}.none`, value: mib(before.rssBytes), unit: 'MiB, no subscriber', ratio: 1 },
    { name: `subscriptions.idle.${which}.busy`, value: rounded(busy * 100), unit: '% of a core', ratio: 1 },
  ]
}

async function run(): Promise<readonly Figure[]> {
  return [
    ...(await eventFigures('carried', SELECTION)),
    ...(await eventFigures('joined', JOINED)),
    ...(await idleFigures('same')),
    ...(await idleFigures('different')),
  ]
}

export const subscriptionsBench: Bench = { name: 'subscriptions', run }
