// What a span costs around a piece of work: nothing to speak of while tracing is off, some microseconds while it is on.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { silentLog } from '../../infra/log.ts'
import { inSpan, startTracing } from '../../infra/tracing.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'

const CALLS = 200_000
const TIMES = 7
const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

let turned = 0
const work = async () => ++turned

async function nanoseconds(call: () => Promise<unknown>, calls: number): Promise<number> {
  const round = async () => {
    for (let i = 0; i < calls; i++) await call()
  }
  await round()
  return ((await medianSeconds(TIMES, round)) / calls) * 1e9
}

/** The peer is the work without a span. */
export const tracingBench: Bench = {
  name: 'tracing',
  async run() {
    const plain = await nanoseconds(work, CALLS)
    const figure = (what: string, value: number): Figure => ({
      name: `tracing/${what}`,
      value,
      unit: 'ns/call',
      ratio: value / plain,
    })
    const off = await nanoseconds(() => inSpan('bench', { parent: PARENT, attributes: { shard: 1 } }, work), CALLS)
    const server = createServer((request, response) => request.resume().once('end', () => response.end('{}')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`
    const end = await startTracing({ otlp: { url, ratio: 1 }, service: 'bench', log: silentLog })
    const on = await nanoseconds(() => inSpan('bench', { parent: PARENT, attributes: { shard: 1 } }, work), CALLS / 20)
    await end()
    server.close()
    return [figure('no span', plain), figure('span while off', off), figure('span while on', on)]
  },
}
