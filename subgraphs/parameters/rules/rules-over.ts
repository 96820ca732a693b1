// Which rules compute with the parameters of a tree, and what a reform of it has to know of them.
import { ruleSetsOver } from './rule-set/shipped.ts'
import { SLICE_ID } from './us-federal-slice/model.ts'
import { SLICE_PARAMETERS } from './us-federal-slice/parameters.ts'

export interface RulesOver {
  readonly id: string
  /** MM-DD: the law of this day of a year is that of the year. */
  readonly lawOf: string
  /** Ids of the parameters that they use. */
  readonly parameters: ReadonlySet<string>
}

/** None for a tree that no rules are shipped for. */
export function rulesOver(treeId: string): RulesOver[] {
  if (treeId === 'us-federal') return [{ id: SLICE_ID, lawOf: '01-01', parameters: SLICE_PARAMETERS }]
  return ruleSetsOver(treeId).map(({ id, lawOf, parameters }) => ({
    id,
    lawOf,
    parameters: new Set(parameters.map((parameter) => parameter.id)),
  }))
}
