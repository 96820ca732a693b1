// A headless Chromium, driven over its DevTools protocol, for tests of pages.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { WebSocket } from 'ws'

/** Path of a Chromium or Chrome; undefined where there is none. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  return names
    .map((name) => spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim())
    .find(Boolean)
}

export interface Tab {
  /** URLs asked for so far. */
  readonly requested: readonly string[]
  /** What scripts said or threw, by level. */
  readonly said: readonly string[]
  goto(url: string): Promise<void>
  /** The value of an expression; a promise is awaited. */
  evaluate<T>(expression: string): Promise<T>
  close(): Promise<void>
}

/** Starts a browser of its own, without any profile, and opens one tab. */
export async function openTab(chromium: string): Promise<Tab> {
  const profile = mkdtempSync(join(tmpdir(), 'quesnay-chromium-'))
  const child = spawn(
    chromium,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--window-size=1400,900',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    // A group of its own, to end it with all its helpers.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  )
  const port = await debuggingPort(child)
  const pages = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
    type: string
    webSocketDebuggerUrl: string
  }[]
  const socket = new WebSocket(pages.find(({ type }) => type === 'page')!.webSocketDebuggerUrl)
  await once(socket, 'open')

  const requested: string[] = []
  const said: string[] = []
  const waiting = new Map<number, (message: { result?: unknown; error?: { message: string } }) => void>()
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
    if (message.method === 'Network.requestWillBeSent') requested.push(message.params.request.url)
    if (message.method === 'Runtime.consoleAPICalled')
      said.push(`${message.params.type}: ${message.params.args.map((a: { value?: unknown }) => a.value).join(' ')}`)
    if (message.method === 'Runtime.exceptionThrown')
      said.push(
        `exception: ${message.params.exceptionDetails.exception?.description ?? message.params.exceptionDetails.text}`,
      )
    if (message.method === 'Log.entryAdded') said.push(`${message.params.entry.level}: ${message.params.entry.text}`)
  })
  let ids = 0
  const send = <T>(method: string, params: object = {}) =>
    new Promise<T>((resolve, reject) => {
      const id = ++ids
      waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result as T)))
      socket.send(JSON.stringify({ id, method, params }))
    })
  await Promise.all(['Page', 'Runtime', 'Network', 'Log'].map((domain) => send(`${domain}.enable`)))

  return {
    requested,
    said,
    goto: async (url) => void (await send('Page.navigate', { url })),
    async evaluate<T>(expression: string) {
      const answer = await send<{
        result: { value: T }
        exceptionDetails?: { text: string; exception?: { description?: string } }
      }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
      if (answer.exceptionDetails)
        throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text)
      return answer.result.value
    },
    async close() {
      socket.close()
      const ended = once(child, 'exit')
      process.kill(-child.pid!, 'SIGKILL')
      await ended
      // Its helpers end a moment later, and write until then.
      await vi.waitFor(() => rm(profile, { recursive: true, force: true }), { interval: 200 })
    },
  }
}

/** The port that the browser took, from the line in which it says so. */
function debuggingPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stderr!.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(text)?.[1]
      if (port) resolve(Number(port))
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`the browser ended: ${text.slice(-500)}`)))
  })
}
