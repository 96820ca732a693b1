// The parameters that a trace shows: by the name of the plan's input, with the value of the day, since when, and from which law.
import type { RuleParameter } from '../../rule-set/rule-set.ts'
import type { Parameter } from '../../tree.ts'
import { valueAt } from '../../value-at.ts'
import { cellsOf } from '../../vector.ts'
import { LawSide } from '../compile.ts'
import type { Laws } from '../laws.ts'
import type { TracedParameter } from './traced.ts'

export interface NamedParameter {
  readonly parameter: RuleParameter
  readonly label: string
  readonly traced: TracedParameter
}

/** Finds what a parameter is by the name of its input, such as `bracket top 1[joint]`; undefined for any other name. */
export function parametersOf(laws: Laws, side: LawSide): (input: string) => NamedParameter | undefined {
  const places = new Map(
    laws.ruleSet.parameters.flatMap((parameter) =>
      parameter.inputs.map((input, cell) => [input, { parameter, cell }] as const),
    ),
  )
  const byId = new Map(laws.tree.parameters.map((one) => [one.id, one]))
  return (input) => {
    const place = places.get(input)
    const stored = place && byId.get(place.parameter.id)
    if (!place || !stored) return undefined
    return { parameter: place.parameter, label: stored.label, traced: traced(laws, side, stored, place.cell) }
  }
}

function traced(
  { day, knownAt, values, reform }: Laws,
  side: LawSide,
  stored: Parameter,
  cell: number,
): TracedParameter {
  const cells = cellsOf(stored)
  const at = cells.length === 1 ? 0 : cell
  const given = { id: stored.id, cell: cells[at]! }
  const change =
    side === LawSide.REFORM
      ? reform?.changes.findLast((one) => one.parameter === stored.id && one.values[at] != null)
      : undefined
  if (change && reform)
    return {
      ...given,
      value: finite(reform.values.get(stored.id)?.[at]),
      from: change.from,
      source: `reform ${reform.id}: ${reform.title}`,
      reformed: true,
    }
  const dated = valueAt(stored.values, day, knownAt)
  return {
    ...given,
    value: finite(values.get(stored.id)?.[at]),
    from: dated?.from ?? day,
    source: dated?.source ?? null,
    reformed: false,
  }
}

/** Infinity is no limit. */
const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null)
