// A tree of 6,000 YAML files and 55,000 parameters: read, linted and made a tree, against plainly parsing the YAML.
import { parse } from 'yaml'
import { exportTree } from '../../subgraphs/parameters/rules/export/export-tree.ts'
import { type Imported, importTree } from '../../subgraphs/parameters/rules/import/import-tree.ts'
import { parameterFiles } from '../support/parameter-files.ts'
import type { Bench, Figure } from './bench.ts'

const OPTIONS = {
  id: 'bench',
  title: 'A synthetic tree',
  country: 'USA',
  source: { name: 'made by the benchmark', licence: 'CC0-1.0', retrieved: '2026-11-01' },
  dialect: 'AUTO',
} as const

/** Seconds that the work took, and seconds of processor time: other work on the machine counts in the first alone. */
function stopwatch(): () => { wall: number; cpu: number } {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 }
  }
}

async function run(): Promise<readonly Figure[]> {
  const files = [...parameterFiles()]
  let peak = 0
  let turns = 0
  const pause = async () => {
    if (turns++ % 50 === 0) peak = Math.max(peak, process.memoryUsage.rss())
  }
  const rest = process.memoryUsage.rss()
  let stop = stopwatch()
  const imported: Imported = await importTree(files, OPTIONS, pause)
  const importing = stop()
  peak = Math.max(peak, process.memoryUsage.rss())
  const { tree, counts } = imported
  if (!tree) throw new Error(`the tree has faults: ${JSON.stringify(imported.findingCounts)}`)

  stop = stopwatch()
  for (const { path, text } of files) if (path.endsWith('.yaml')) parse(text)
  const parsing = stop()

  stop = stopwatch()
  exportTree(tree, { dialect: 'POLICYENGINE' })
  const exporting = stop()
  return [
    figure('import.parse-yaml-only', parsing.wall, 's', 1),
    figure('import.parse-yaml-only.processor', parsing.cpu, 's', 1),
    figure(
      `import.${counts.files}-files-${counts.parameters}-parameters`,
      importing.wall,
      's',
      importing.wall / parsing.wall,
    ),
    figure(
      `import.${counts.files}-files-${counts.parameters}-parameters.processor`,
      importing.cpu,
      's',
      importing.cpu / parsing.cpu,
    ),
    figure('import.parameters-a-second', counts.parameters / importing.wall, '1/s', parsing.wall / importing.wall),
    figure('import.peak-memory', (peak - rest) / 2 ** 20, 'MiB', (peak - rest) / textSize(files)),
    figure('import.export.processor', exporting.cpu, 's', exporting.cpu / parsing.cpu),
  ]
}

const textSize = (files: readonly { text: string }[]) => files.reduce((sum, { text }) => sum + text.length, 0)

const figure = (name: string, value: number, unit: string, ratio: number): Figure => ({
  name,
  value: Math.round(value * 100) / 100,
  unit,
  ratio: Math.round(ratio * 100) / 100,
})

export const importBench: Bench = { name: 'import', run }
