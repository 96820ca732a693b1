// The example notebook: its code cells, run in order by python3 against a running server, with what is installed and without.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, httpClient } from '../../cli/client.ts'
import { inheritedEnvironment } from '../../infra/config.ts'
import { packageFile } from '../../infra/paths.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const path = packageFile('examples', 'notebooks', 'what-if.ipynb')

interface Cell {
  readonly cell_type: string
  readonly id: string
  readonly source: readonly string[]
  readonly outputs?: readonly unknown[]
  readonly execution_count?: number | null
}
const notebook = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly cells: readonly Cell[]
  readonly nbformat: number
  readonly nbformat_minor: number
}

/** True where python3 is missing; with CI=true that fails. */
function lacksPython(): boolean {
  if (spawnSync('python3', ['--version']).status === 0) return false
  if (process.env['CI'] === 'true') throw new Error('python3 is missing and CI=true')
  console.warn('skipped: python3 is not installed, which runs the cells of the notebook')
  return true
}

/** Runs every code cell in one namespace; `before` is Python that runs first. */
const DRIVER = `
import json, sys
def run(path):
    cells = json.load(open(path, encoding="utf-8"))["cells"]
    names = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
`
const NOTHING_INSTALLED = `
sys.modules["pandas"] = None
sys.modules["IPython"] = None
`
/** A notebook's front end as far as the cells ask for it: it checks and prints the pictures that it is to show. */
const FRONT_END = `
import types, xml.etree.ElementTree
sys.modules["pandas"] = None
shown = types.ModuleType("IPython.display")
shown.SVG = lambda data: xml.etree.ElementTree.fromstring(data)
shown.display = lambda svg: print("picture", sorted({part.tag.split("}")[1] for part in svg.iter()}), len(list(svg)))
shell = types.ModuleType("IPython")
shell.get_ipython = lambda: shell
shell.display = shown
sys.modules.update({"IPython": shell, "IPython.display": shown})
`

describe('the notebook', () => {
  it('is nbformat 4.5, with an id of its own for each cell and no outputs stored', () => {
    expect(notebook).toMatchObject({ nbformat: 4, nbformat_minor: 5 })
    const ids = notebook.cells.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    for (const cell of notebook.cells.filter(({ cell_type }) => cell_type === 'code'))
      expect(cell).toMatchObject({ outputs: [], execution_count: null })
  })

  it('explains each code cell in one before it', () => {
    const kinds = notebook.cells.map(({ cell_type }) => cell_type)
    expect(kinds.filter((kind) => kind === 'code').length).toBeGreaterThan(3)
    for (const [i, kind] of kinds.entries()) if (kind === 'code') expect(kinds[i - 1]).toBe('markdown')
  })

  it("imports only Python's standard library, but for what it can do without", () => {
    const code = notebook.cells.filter((cell) => cell.cell_type === 'code').flatMap(({ source }) => source)
    const imported = (line: string) => /^(\s*)(?:import|from) (\w+)/.exec(line)
    const always = code.flatMap((line) => (imported(line)?.[1] === '' ? [imported(line)![2]] : []))
    expect([...new Set(always)].sort()).toEqual(['json', 'os', 'urllib'])
  })
})

describe.skipIf(lacksPython())('the notebook, run', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-notebook-'))
  let server: ServerProcess

  beforeAll(async () => {
    server = await startServer([], { QUESNAY_DATA: directory })
  })
  afterAll(async () => {
    await server?.interrupt()
    rmSync(directory, { recursive: true, force: true })
  })

  async function printed(before: string): Promise<string> {
    const script = `${DRIVER}${before}run(${JSON.stringify(path)})`
    const env = inheritedEnvironment({ QUESNAY_URL: `${server.url}graphql`, PYTHONIOENCODING: 'utf-8' })
    const { stdout, stderr } = await promisify(execFile)('python3', ['-c', script], { env })
    expect(stderr).toBe('')
    return stdout
  }

  it('prints the progress, tables and a chart, and verifies the result', async () => {
    const text = await printed(NOTHING_INSTALLED)
    expect(text).toMatch(/^SUCCEEDED +100% +(\d+) of \1 shards$/m)
    expect(text).toMatch(/^1000 tax units; revenue changes by \d\.\d+ bn USD\/year$/m)
    expect(text).toMatch(/^decile +net income +mean tax +mean change\n +1( +0\.00){3}$/m)
    expect(text).toMatch(/^ +10 +[\d,]+\.\d\d +[\d,]+\.\d\d +[1-9][\d,]*\.\d\d$/m)
    expect(text).toMatch(/^ +Y +[\d,.]+ +[\d,.]+ +-\d+\.\d\d$/m)
    expect(text.match(/^\w+ +[▁▂▃▄▅▆▇█]{41} +-?[\de.-]+ SD$/gm)).toHaveLength(4)

    const [, id] = /^run (\w+)$/m.exec(text)!
    const client = httpClient(server.url)
    const { run } = await ask<{ run: { resultHash: string } }>(client, `{ run(id: "${id}") { resultHash } }`)
    expect(text).toMatch(new RegExp(`^verified ${run.resultHash}$`, 'm'))
  })

  it('shows an SVG picture where a front end can, and is answered from the store the second time', async () => {
    const text = await printed(FRONT_END)
    expect(text).toMatch(/^from the store [0-9a-f]{64}$/m)
    // For each of four stocks a title, a band and a line.
    expect(text).toContain("picture ['polygon', 'polyline', 'svg', 'text'] 12")
  })

  it('tells the code and the fix of a refusal', async () => {
    const refused = printed(`${NOTHING_INSTALLED}
import io, builtins
read = builtins.open
builtins.open = lambda *a, **k: io.StringIO(read(*a, **k).read().replace('\\\\"percent\\\\"', '\\\\"percents\\\\"'))
`)
    await expect(refused).rejects.toThrow(/RuntimeError: UNIT_MISMATCH: .*percents.*\(.+\)/)
  })
})
