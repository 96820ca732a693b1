// The processes of the gateway's benchmark: four subgraphs, the gateways to be compared, and the load.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { composeSupergraph } from '../../../gateway/compose.ts'
import type { Usage } from './listening.ts'
import type { Load, LoadOrder } from './load-main.ts'
import { LINK, SUBGRAPHS } from './workload.ts'

interface Child {
  readonly url: string
  usage(): Promise<Usage>
  /** Sends a message and gives the next one that comes back. */
  ask(message: unknown): Promise<unknown>
}

export interface BenchProcesses {
  readonly subgraphs: Readonly<Record<string, Child>>
  readonly sdl: string
  startGateway(kind: 'ours' | 'stock', config?: object): Promise<Child>
  load(order: LoadOrder): Promise<Load>
  close(): void
}

export async function startProcesses(): Promise<BenchProcesses> {
  const children: ChildProcess[] = []
  async function start(module: string, ...args: string[]): Promise<Child> {
    const child = fork(fileURLToPath(new URL(`./${module}-main.js`, import.meta.url)), args, { stdio: 'inherit' })
    children.push(child)
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`${module} ended with ${code}`)
    })
    failed.catch(() => undefined)
    const next = () => Promise.race([once(child, 'message').then(([message]) => message as unknown), failed])
    const url = (await next()) as string
    const ask = (message: unknown) => {
      const answer = next()
      child.send(message as object)
      return answer
    }
    return { url, ask, usage: () => ask('usage') as Promise<Usage> }
  }
  const names = Object.keys(SUBGRAPHS)
  const started = await Promise.all(names.map(async (name) => [name, await start('subgraph', name)] as const))
  const sdl = composeSupergraph(
    started.map(([name, { url }]) => ({ name, url, sdl: `${LINK}\n${SUBGRAPHS[name]!.sdl}` })),
  )
  const loader = await start('load')
  return {
    subgraphs: Object.fromEntries(started),
    sdl,
    startGateway: (kind, config = {}) => start(kind, sdl, JSON.stringify(config)),
    load: (order) => loader.ask(order) as Promise<Load>,
    close: () => {
      for (const child of children) child.disconnect()
    },
  }
}
