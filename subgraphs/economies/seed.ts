// The figures that Quesnay ships: read from data/, checked like any import, and stored where a tenant has none yet.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Clock } from '../../infra/clock.ts'
import { packageFile } from '../../infra/paths.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { checkDataset, type DatasetSpec, isAcceptable, type SeriesColumn } from './rules/check-dataset.ts'
import type { EconomiesStore, EconomySpec } from './store.ts'

export const SHIPPED = ['us-circular-flow', 'au-circular-flow'] as const

export interface ShippedDataset {
  readonly economy: EconomySpec
  readonly spec: DatasetSpec
  readonly columns: readonly SeriesColumn[]
}

interface DatasetFile extends DatasetSpec {
  readonly economy: EconomySpec
  readonly file: string
}

const dataFile = (name: string) => packageFile('subgraphs', 'economies', 'data', name)

/** Reads data/NAME.yaml and the CSV file that it names; INTERNAL where they are faulty. */
export async function readShipped(name: (typeof SHIPPED)[number]): Promise<ShippedDataset> {
  return withFigures(await describe(name))
}

async function describe(name: string): Promise<DatasetFile> {
  return parse(await readFile(dataFile(`${name}.yaml`), 'utf8'), { merge: true }) as DatasetFile
}

async function withFigures({ economy, file, ...rest }: DatasetFile): Promise<ShippedDataset> {
  const { id, title, frequency, incomeMeasure, governmentScope, discrepancy, series } = rest
  const spec = { id, title, frequency, incomeMeasure, governmentScope, discrepancy, series }
  const { columns, findings } = checkDataset(spec, await readFile(dataFile(file), 'utf8'))
  if (!isAcceptable(findings)) throw new QuesnayError('INTERNAL', `the shipped file ${file} has faults`, { findings })
  return { economy, spec, columns }
}

/** Stores the shipped datasets that the tenant does not have; safe at every start and for several processes at once. */
export async function seedEconomies(store: EconomiesStore, clock: Clock, tenant: string): Promise<void> {
  const files = await Promise.all(SHIPPED.map(describe))
  const standing = new Set(
    (
      await store.datasets(
        tenant,
        files.map(({ id }) => id),
      )
    ).map(({ id }) => id),
  )
  for (const file of files) {
    if (standing.has(file.id)) continue
    const shipped = await withFigures(file)
    await store.importDataset(tenant, { ...shipped, makeDefault: false, createdAt: new Date(clock.now()) })
  }
}
