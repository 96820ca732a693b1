// The draws behind random parameters: a uniform number each, and by a Gaussian copula those that correlate.
import type { Model, Variable } from '../model.ts'
import { cholesky } from './cholesky.ts'
import { type Draw, normalDraw, uniformDraw } from './distributions.ts'
import type { Graph } from './graph.ts'

export type RandomVariable = Extract<Variable, { kind: 'random' }>

/** The name whose numbers a random parameter draws: its stream. */
export const streamName = (v: RandomVariable): string => v.drawsAs ?? v.name

/**
 * Gives the draw of a random parameter, at a step or at the start.
 * Of correlated ones z_i = sum of L_ij z_j, with L the Cholesky factor of the matrix in the order of their names (Nelsen 2006, 2.3).
 */
export function drawsOf(model: Model, graph: Graph): (v: RandomVariable, atStart: boolean) => Draw {
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const rows = new Map<string, { readonly of: RandomVariable; readonly weight: number }[]>()
  for (const { names, matrix } of model.correlations ?? []) {
    const group = names
      .map((name, place) => ({ place, of: byName.get(name) as RandomVariable }))
      .sort((a, b) => (streamName(a.of) < streamName(b.of) ? -1 : 1))
    const factor = cholesky(group.map((a) => group.map((b) => matrix[a.place]![b.place]!)))!
    for (const [i, row] of factor.entries()) {
      const terms = row.map((weight, j) => ({ of: group[j]!.of, weight })).filter(({ weight }) => weight !== 0)
      if (terms.length > 1) rows.set(group[i]!.of.name, terms)
    }
  }
  const own = (v: RandomVariable, atStart: boolean): Draw => {
    const kind = !v.everyStep || !model.time ? 'uniform' : atStart ? 'uniformAtStart' : 'uniformEachStep'
    return uniformDraw(graph, graph.leaf(kind, streamName(v), graph.levels.levelOf(v.entity)))
  }
  return (v, atStart) => {
    const terms = rows.get(v.name)
    if (!terms) return own(v, atStart)
    const products = terms.map(({ of, weight }) =>
      graph.operation('mul', graph.number(weight), own(of, atStart).normal()),
    )
    return normalDraw(
      graph,
      products.reduce((sum, product) => graph.operation('add', sum, product)),
    )
  }
}
