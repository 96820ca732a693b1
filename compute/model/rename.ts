// A variable under another name, and its equations over renamed variables.
import { renameReferences } from './expressions.ts'
import type { Distribution, Expression, Parameter, Variable } from './model.ts'

/** The same variable by another name, every name in its equations renamed. A random parameter goes on to draw the same numbers. */
export function renamedVariable(v: Variable, name: string, rename: (name: string) => string): Variable {
  const over = (e: Expression) => renameReferences(e, rename)
  switch (v.kind) {
    case 'auxiliary':
      return { ...v, name, equation: over(v.equation) }
    case 'stock':
      return { ...v, name, initial: over(v.initial), flow: over(v.flow) }
    case 'previous':
      return { ...v, name, value: over(v.value), initial: over(v.initial) }
    case 'delay':
      return { ...v, name, input: over(v.input), steps: over(v.steps), initial: over(v.initial) }
    case 'random':
      return { ...v, name, drawsAs: v.drawsAs ?? v.name, distribution: renamedDistribution(v.distribution, over) }
    default:
      return { ...v, name }
  }
}

function renamedDistribution(d: Distribution, over: (e: Expression) => Expression): Distribution {
  const renamed = Object.entries(d).map(([key, value]: [string, Parameter | string | readonly number[]]) => [
    key,
    typeof value === 'object' && 'op' in value ? over(value) : value,
  ])
  return Object.fromEntries(renamed) as Distribution
}
