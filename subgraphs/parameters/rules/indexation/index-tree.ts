// Carries indexed parameters on, those that index others first.
import { QuesnayError } from '../../../../schema/errors.ts'
import { byDays } from '../history/timeline.ts'
import type { DatedValue, Parameter } from '../tree.ts'
import { indexedValues, selfIndexedValues } from './index-values.ts'

type Indexed = Pick<Parameter, 'id' | 'indexation'>

export interface IndexOptions {
  /** Last day for which values are derived, YYYY-MM-DD. */
  readonly through: string
  /** Values of an index by its id, in place of those of the tree, or where the tree has none. */
  readonly series?: ReadonlyMap<string, readonly DatedValue[]>
}

/**
 * The parameters in an order in which each stands after the one that it is indexed by, otherwise as they come; an index that is not
 * among them is no part of the order.
 * @throws INDEXATION_CYCLE with the ids of the circle
 */
export function indexationOrder<P extends Indexed>(parameters: readonly P[]): P[] {
  const byId = new Map(parameters.map((parameter) => [parameter.id, parameter]))
  const order = new Set<P>()
  for (const parameter of parameters) {
    const chain: P[] = []
    for (let next: P | undefined = parameter; next && !order.has(next); next = indexOf(next, byId)) {
      if (chain.includes(next)) throw cycle(chain.slice(chain.indexOf(next)))
      chain.push(next)
    }
    for (const each of chain.reverse()) order.add(each)
  }
  return [...order]
}

/**
 * The parameters by id, with derived values for those that are indexed; derived values that they have already are made anew.
 * Errors: INDEXATION_CYCLE, and as indexParameter.
 */
export function indexParameters<P extends Parameter>(parameters: readonly P[], options: IndexOptions): Map<string, P> {
  const done = new Map<string, P>()
  for (const parameter of indexationOrder(parameters)) done.set(parameter.id, indexParameter(parameter, done, options))
  return done
}

/** One parameter with its derived values; what it is indexed by has to be carried on already. Errors: NOT_FOUND, and as indexedValues. */
export function indexParameter<P extends Parameter>(
  parameter: P,
  others: ReadonlyMap<string, Pick<Parameter, 'values'>>,
  { through, series }: IndexOptions,
): P {
  if (!parameter.indexation) return parameter
  const { index, ...rule } = parameter.indexation
  const values = index === 'self' ? undefined : (series?.get(index) ?? others.get(index)?.values)
  if (index !== 'self' && !values)
    throw new QuesnayError('NOT_FOUND', `${parameter.id} is indexed by ${index}, which is not in the tree`, {
      path: parameter.id,
      suggestion: `give ${index} as a series`,
    })
  const derived = values ? indexedValues(parameter, values, rule, through) : selfIndexedValues(parameter, rule, through)
  const own = parameter.values.filter((value) => !value.derived)
  return { ...parameter, values: [...own, ...derived].sort(byDays) }
}

const indexOf = <P extends Indexed>({ indexation }: P, byId: ReadonlyMap<string, P>): P | undefined =>
  indexation && indexation.index !== 'self' ? byId.get(indexation.index) : undefined

function cycle(circle: readonly Indexed[]): QuesnayError {
  const ids = circle.map(({ id }) => id)
  return new QuesnayError('INDEXATION_CYCLE', `indexed in a circle: ${[...ids, ids[0]].join(' by ')}`, {
    path: ids[0],
    circle: ids,
    suggestion: 'let one of them have its own values',
  })
}
