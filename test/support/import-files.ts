// Imports files given as texts, for tests.
import { type Imported, type ImportOptions, importTree } from '../../subgraphs/parameters/rules/import/import-tree.ts'
import type { DatedValue, Parameter } from '../../subgraphs/parameters/rules/tree.ts'
import { valueAt } from '../../subgraphs/parameters/rules/value-at.ts'

export const IMPORT_OPTIONS: ImportOptions = {
  id: 'test',
  title: 'Test',
  country: 'USA',
  currency: 'USD',
  source: { name: 'test', licence: 'CC0-1.0', retrieved: '2026-11-01' },
  dialect: 'AUTO',
}

/** Texts by path. */
export function importFiles(
  files: Readonly<Record<string, string>>,
  options: Partial<ImportOptions> = {},
): Promise<Imported> {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }))
  return importTree(sources, { ...IMPORT_OPTIONS, ...options })
}

/** "SEVERITY CODE path" of every finding. */
export const findingsOf = ({ findings }: Imported): string[] =>
  findings.map(({ severity, code, path }) => `${severity} ${code} ${path}`)

export function parameterOf({ tree }: Imported, id: string): Parameter {
  const found = tree?.parameters.find((parameter) => parameter.id === id)
  if (!found) throw new Error(`there is no ${id}: ${tree?.parameters.map((parameter) => parameter.id).join(', ')}`)
  return found
}

/** The number that holds on a day. */
export const numberOn = (imported: Imported, id: string, date: string): number | undefined =>
  valueAt(parameterOf(imported, id).values, date)?.values[0]

/** Day and number of each value. */
export const numbersOf = (values: readonly DatedValue[]) => values.map(({ from, values: [one] }) => [from, one])
