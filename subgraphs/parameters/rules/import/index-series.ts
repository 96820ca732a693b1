// Index series that are given beside a tree: the values that the files leave to a program.
import { byDays } from '../history/timeline.ts'
import type { DatedValue, Parameter } from '../tree.ts'
import { dayOf } from './instant.ts'
import { defaultLabel } from './labels.ts'
import type { ResolveContext } from './resolve-tree.ts'
import { idOf } from './uprating.ts'

/** Values of a parameter of the tree that its file does not have, or of one that it does not have; its id without the prefix. */
export interface IndexSeries {
  readonly id: string
  readonly values: readonly { readonly from: string; readonly value: number }[]
}

/** The parameters with those series: a value given holds against one of the tree on the same day. A fault of a series is an ERROR. */
export function withSeries(
  parameters: readonly Parameter[],
  series: readonly IndexSeries[],
  context: Pick<ResolveContext, 'below' | 'findings' | 'knownOn' | 'source'>,
): Parameter[] {
  const byId = new Map(parameters.map((parameter) => [parameter.id, parameter]))
  for (const [i, one] of series.entries()) {
    const id = context.below(idOf(one.id))
    const given = one.values.flatMap(({ from, value }): DatedValue[] => {
      const day = dayOf(from)
      const path = `input.indexSeries.${i}`
      if (day === undefined)
        context.findings.error('NOT_A_DATE', path, `"${from.slice(0, 40)}" is no date`, 'write it as 2026-01-01')
      else if (!Number.isFinite(value) || value <= 0)
        context.findings.error('NOT_A_NUMBER', path, `an index is ${value}`, 'give a number above 0')
      else return [{ from: day, known: context.knownOn(day), values: [value] }]
      return []
    })
    const days = new Set(given.map(({ from }) => from))
    const there = byId.get(id)
    const values = [...(there?.values ?? []).filter(({ from }) => !days.has(from)), ...given].sort(byDays)
    byId.set(id, there ? { ...there, values } : { ...newIndex(id, one.id, context.source), values })
    context.findings.info(
      'INDEX_GIVEN',
      id,
      `${given.length} values of ${id} are given with the import`,
      'nothing to do',
    )
  }
  return [...byId.values()]
}

const newIndex = (id: string, origin: string, source: Parameter['source']): Omit<Parameter, 'values'> => ({
  id,
  label: defaultLabel(id, undefined, () => undefined),
  kind: 'NUMBER',
  unit: 'fraction',
  period: null,
  by: 'NONE',
  references: [],
  source,
  origin,
  expected: [0, 1_000_000],
})
