// Our own trees in the form of imported ones: vectors become breakdowns with a child for each cell, tops become thresholds.
import { ParameterVector } from '../../../../schema/terms/tax.ts'
import { writeUnit } from '../import/units.ts'
import { limitsOf, valuesOf } from '../scale.ts'
import type { DatedValue, Parameter, ParameterNode, Scale, Tree } from '../tree.ts'
import { cellsOf, type Differing, NO_VECTOR } from '../vector.ts'

/** A tree of which every parameter has one value and every scale has thresholds; one that is so already is returned as it is. */
export function flattenTree(tree: Tree): Tree {
  const tops = tree.scales.filter(({ style }) => style === 'TOPS')
  if (tops.length === 0 && tree.parameters.every(({ by }) => by === 'NONE')) return tree
  const byId = new Map(tree.parameters.map((parameter) => [parameter.id, parameter]))
  const nodes: ParameterNode[] = [...tree.nodes]
  const scales: Scale[] = tree.scales.filter(({ style }) => style !== 'TOPS')
  const parameters: Parameter[] = []
  const taken = new Set<string>()
  for (const scale of tops) {
    for (const id of [...limitsOf(scale), ...valuesOf(scale)]) taken.add(id)
    const parts = [...limitsOf(scale), ...valuesOf(scale)].map((id) => byId.get(id)!)
    const differing = parts.find((part) => part.by !== 'NONE') ?? NO_VECTOR
    if (differing.by !== 'NONE') nodes.push({ id: scale.id, label: scale.label, breakdown: [breakdownOf(differing)] })
    for (const [cell, name] of cellsOf(differing).entries()) {
      const id = differing.by === 'NONE' ? scale.id : `${scale.id}.${name}`
      scales.push(scaleWithThresholds(scale, id, byId))
      parameters.push(...bracketsOf(scale, id, cell, byId))
    }
  }
  for (const parameter of tree.parameters) {
    if (taken.has(parameter.id)) continue
    if (parameter.by === 'NONE') parameters.push(parameter)
    else {
      const { id, label, description } = parameter
      nodes.push({
        id,
        label,
        ...(description === undefined ? {} : { description }),
        breakdown: [breakdownOf(parameter)],
      })
      for (const [cell, name] of cellsOf(parameter).entries())
        parameters.push({ ...cellOf(parameter, cell), id: `${id}.${name}`, label: `${label}: ${name}` })
    }
  }
  const byOrder = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
  return { ...tree, nodes: nodes.sort(byOrder), scales: scales.sort(byOrder), parameters: parameters.sort(byOrder) }
}

function breakdownOf(differing: Differing): string {
  if (differing.by === ParameterVector.FILING_STATUS) return 'filing_status'
  return differing.by === ParameterVector.CHILDREN ? 'range(0, 4)' : JSON.stringify(cellsOf(differing))
}

/** One cell alone; a parameter with one value has it for every cell. */
function cellOf(parameter: Parameter, cell: number): Parameter {
  const { description: _description, vector: _vector, ...rest } = parameter
  const values = parameter.values.map((value): DatedValue => {
    const one = value.values.length > 1 ? [value.values[cell]!] : value.values
    return { ...value, values: one }
  })
  return { ...rest, by: 'NONE', values }
}

function scaleWithThresholds(scale: Scale, id: string, byId: ReadonlyMap<string, Parameter>): Scale {
  const unit = byId.get(limitsOf(scale)[0] ?? '')?.unit ?? scale.unit
  const threshold = unit === undefined ? {} : { unit, metadata: { ...scale.metadata, threshold_unit: writeUnit(unit) } }
  return { ...scale, id, style: 'THRESHOLDS', ...threshold }
}

/** A bracket begins where the one before it ends, the first at 0 since its rate exists. */
function bracketsOf(scale: Scale, id: string, cell: number, byId: ReadonlyMap<string, Parameter>): Parameter[] {
  const limits = limitsOf(scale).map((limit) => byId.get(limit)!)
  return valuesOf(scale).flatMap((valueId, i) => {
    const value = byId.get(valueId)!
    const word = valueId.slice(valueId.lastIndexOf('.') + 1)
    const limit = limits[i - 1] ?? zeroSince(value, limits[0])
    return [
      { ...cellOf(limit, cell), id: `${id}.${i + 1}.threshold` },
      { ...cellOf(value, cell), id: `${id}.${i + 1}.${word}` },
    ]
  })
}

function zeroSince(rate: Parameter, limit: Parameter | undefined): Parameter {
  const { indexation: _indexation, metadata: _metadata, vector: _vector, ...rest } = limit ?? rate
  return { ...rest, by: 'NONE', values: rate.values.slice(0, 1).map((value) => ({ ...value, values: [0] })) }
}
