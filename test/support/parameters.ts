// The parameters subgraph over a database of its own, and small trees for it.
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics, type Metrics } from '../../infra/metrics.ts'
import type { DatedValue, Parameter, Tree } from '../../subgraphs/parameters/rules/tree.ts'
import { parameters } from '../../subgraphs/parameters/subgraph.ts'
import { openSubgraph, type Subgraph } from '../../subgraphs/shared/subgraph.ts'
import { type Answer, ask, askForErrors } from './ask.ts'
import { type CountedStore, countSql } from './count-sql.ts'
import { freshStore } from './database.ts'
import { noDispatch } from './no-dispatch.ts'

export interface ParametersFixture {
  readonly subgraph: Subgraph
  readonly sql: CountedStore
  readonly metrics: Metrics
  ask(query: string, variables?: Record<string, unknown>, tenant?: string): Promise<Answer>
  /** The first error of an operation. */
  refuse(query: string, variables?: Record<string, unknown>, tenant?: string): ReturnType<typeof firstError>
  close(): Promise<void>
}

/** With the shipped figures for the tenant `local`. */
export async function openParameters(): Promise<ParametersFixture> {
  const database = await freshStore()
  const sql = countSql(database.store)
  const metrics = createMetrics('test')
  const deps = { store: sql.store, dispatch: noDispatch, clock: systemClock, log: silentLog, metrics }
  const subgraph = await openSubgraph(parameters, deps)
  await subgraph.seed('local')
  return {
    subgraph,
    sql,
    metrics,
    ask: (query, variables = {}, tenant = 'local') => ask(subgraph, query, { variables, tenant }),
    refuse: (query, variables = {}, tenant = 'local') => firstError(subgraph, query, { variables, tenant }),
    close: () => database.drop(),
  }
}

async function firstError(...asked: Parameters<typeof askForErrors>) {
  const [error] = await askForErrors(...asked)
  if (!error) throw new Error('the operation was not refused')
  return error
}

export const SOURCE = { name: 'test', licence: 'CC0-1.0', retrieved: '2026-11-01' }

export const dated = (from: string, ...values: number[]): DatedValue => ({ from, known: from, values })

/** A number by day; what is not given is plain. */
export function aParameter(id: string, values: readonly DatedValue[], fields: Partial<Parameter> = {}): Parameter {
  return {
    id,
    label: id,
    kind: 'NUMBER',
    unit: 'USD',
    period: null,
    by: 'NONE',
    references: [],
    source: SOURCE,
    origin: null,
    expected: [0, 1_000_000],
    values,
    ...fields,
  }
}

export const aTree = (id: string, parameters: readonly Parameter[], fields: Partial<Tree> = {}): Tree => ({
  id,
  title: id,
  country: 'USA',
  currency: 'USD',
  from: '0000-01-01',
  to: '2035-12-31',
  source: SOURCE,
  nodes: [],
  scales: [],
  parameters,
  ...fields,
})
