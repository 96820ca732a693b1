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

const seconds = (start: number) => (performance.now() - start) / 1000

async function run(): Promise<readonly Figure[]> {
  const files = [...parameterFiles()]
  let peak = 0
  const pause = async () => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  const rest = process.memoryUsage().rss
  let start = performance.now()
  const imported: Imported = await importTree(files, OPTIONS, pause)
  const importing = seconds(start)
  await pause()
  const { tree, counts } = imported
  if (!tree) throw new Error(`the tree has faults: ${JSON.stringify(imported.findingCounts)}`)

  start = performance.now()
  for (const { path, text } of files) if (path.endsWith('.yaml')) parse(text)
  const parsing = seconds(start)

  start = performance.now()
  exportTree(tree, { dialect: 'POLICYENGINE' })
  const exporting = seconds(start)
  return [
    figure('import.parse-yaml-only', parsing, 's', 1),
    figure(`import.${counts.files}-files-${counts.parameters}-parameters`, importing, 's', importing / parsing),
    figure('import.parameters-a-second', counts.parameters / importing, '1/s', parsing / importing),
    figure('import.peak-memory', (peak - rest) / 2 ** 20, 'MiB', (peak - rest) / textSize(files)),
    figure('import.export', exporting, 's', exporting / parsing),
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
