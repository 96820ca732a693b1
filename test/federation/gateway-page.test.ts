// GraphiQL in a real browser: it loads from this server alone, knows the schema, answers a question and a subscription.
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { builtFile } from '../../infra/paths.ts'
import { findChromium, openTab, type Tab } from '../support/chromium.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

const chromium = findChromium()
const built = existsSync(builtFile('gateway', 'page', 'index.html'))
if (!chromium) console.warn('skipped: no Chromium to open the page in')
if (!built) console.warn('skipped: the page is not built (npm run build:page)')

const EXAMPLE = `query Example($id: ID!) { scenario(id: $id) { title economy { name gdp } } }

subscription Watch { runUpdated(id: "r1") { status risk } }
`
const PATIENCE = { timeout: 20_000, interval: 100 }

// .ci/run brings both.
describe.skipIf((!chromium || !built) && !process.env.CI)('the page', () => {
  let example: ExampleServer
  let tab: Tab

  beforeAll(async () => {
    example = await startExampleServer({ page: { example: EXAMPLE, variables: '{ "id": "c" }' } })
    tab = await openTab(chromium!)
    await tab.goto(example.server.url)
    await shows('.graphiql-query-editor .view-lines', 'Example')
  })
  afterAll(async () => {
    await tab?.close()
    await example?.close()
  })

  /** Waits until an element holds a text. The editor writes blanks as no-break spaces. */
  async function shows(selector: string, text: string): Promise<void> {
    const script = `[...document.querySelectorAll(${JSON.stringify(selector)})].map((e) => e.innerText).join('\\n')`
    await vi.waitFor(
      async () => expect((await tab.evaluate<string>(script)).replaceAll('\u00a0', ' ')).toContain(text),
      PATIENCE,
    )
  }

  /** Runs the operation of a name, chosen from the menu of the run button. */
  async function run(name: string): Promise<void> {
    await tab.evaluate(`(() => {
      const button = document.querySelector('.graphiql-execute-button')
      for (const type of ['pointerdown', 'pointerup']) button.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0 }))
      button.click()
    })()`)
    await vi.waitFor(async () => {
      const clicked = await tab.evaluate<boolean>(`(() => {
        const item = [...document.querySelectorAll('[role=menuitem]')].find((e) => e.innerText.trim() === ${JSON.stringify(name)})
        item?.click()
        return Boolean(item)
      })()`)
      expect(clicked).toBe(true)
    }, PATIENCE)
  }

  it('answers the example with its variables', async () => {
    await run('Example')
    await shows('.result-window .view-lines', '"gdp": 1.7')
  })

  it('shows a subscription as its events come', async () => {
    await example.move('RUNNING', 1)
    await run('Watch')
    await shows('.result-window .view-lines', '"status": "RUNNING"')
    await example.move('SUCCEEDED', 16)
    await shows('.result-window .view-lines', '"status": "SUCCEEDED"')
  })

  it('knows the schema', async () => {
    await tab.evaluate(`document.querySelector('[aria-label="Show Documentation Explorer"]').click()`)
    await shows('.graphiql-doc-explorer', 'Subscription')
  })

  it('has asked nobody but this server, and no script has failed', () => {
    const elsewhere = tab.requested.filter(
      (url) => !url.startsWith(example.server.url) && !/^(data|blob|about):/.test(url),
    )
    expect(elsewhere).toEqual([])
    expect(tab.said.filter((line) => /^(error|exception|assert)/.test(line))).toEqual([])
  })
})
