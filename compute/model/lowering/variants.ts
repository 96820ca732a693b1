// Several variants of a model in one pass: what a variant changes stands beside the rest, which is computed once for all.
import { QuesnayError } from '../../../schema/errors.ts'
import { renameReferences } from '../expressions.ts'
import type { Correlation, Expression, Model, Variable } from '../model.ts'
import { readsOf } from '../references.ts'
import { renamedVariable } from '../rename.ts'
import { coneOf } from './cone.ts'

export interface Variant {
  readonly name: string
  /** Variables by name that take the place of the model's, or are added to it. */
  readonly changes: Readonly<Record<string, Variable>>
}

/** Name of a variable as it is in a variant. */
export const variantName = (name: string, variant: string) => `${name} @ ${variant}`

/**
 * The model with its variants: a variable in the cone of a variant's changes is there once more as `x @ variant`, over what is in
 * the cone as well and else over the model's own. Outputs: the model's, then those in the cone of each variant in turn. Random
 * parameters of a variant draw the numbers of the model's own, so each variant equals a run of its own bit for bit.
 * Errors: BAD_INPUT where a variant has no name or that of another.
 */
export function withVariants(model: Model, variants: readonly Variant[]): Model {
  const seen = new Set<string>()
  let whole = model
  for (const variant of variants) {
    if (variant.name.trim() === '' || seen.has(variant.name)) {
      const what = seen.has(variant.name) ? 'is declared twice' : 'is empty'
      throw new QuesnayError('BAD_INPUT', `the name ${variant.name} of a variant ${what}`, { path: 'variants' })
    }
    seen.add(variant.name)
    whole = joined(whole, partOf(model, variant))
  }
  return whole
}

type Part = Required<Pick<Model, 'variables' | 'outputs' | 'solves' | 'identities' | 'correlations'>>

function joined(model: Model, part: Part): Model {
  return {
    ...model,
    variables: [...model.variables, ...part.variables],
    outputs: [...model.outputs, ...part.outputs],
    solves: [...(model.solves ?? []), ...part.solves],
    identities: [...(model.identities ?? []), ...part.identities],
    correlations: [...(model.correlations ?? []), ...part.correlations],
  }
}

function partOf(model: Model, { name: variant, changes }: Variant): Part {
  const changed = Object.entries(changes).map(([name, v]): Variable => ({ ...v, name }))
  const before = new Set(model.variables.map((v) => v.name))
  const variables = [
    ...model.variables.map((v) => (Object.hasOwn(changes, v.name) ? { ...changes[v.name]!, name: v.name } : v)),
    ...changed.filter((v) => !before.has(v.name)),
  ]
  const cone = coneOf({ ...model, variables }, Object.keys(changes))
  const rename = (name: string) => (cone.variables.has(name) ? variantName(name, variant) : name)
  const over = (e: Expression) => renameReferences(e, rename)
  const clones = variables.filter((v) => cone.variables.has(v.name))
  const touches = (expressions: readonly Expression[]) => {
    const { now, start } = readsOf(expressions)
    return [...now, ...start].some((name) => cone.variables.has(name))
  }
  const correlated = correlatedPart(model, variant, new Map(clones.map((v) => [v.name, v])))
  return {
    variables: [...clones.map((v) => renamedVariable(v, rename(v.name), rename)), ...correlated.standIns],
    outputs: cone.outputs.map(rename),
    solves: (model.solves ?? [])
      .filter((s) => s.unknowns.some((name) => cone.variables.has(name)))
      .map((s) => ({
        ...s,
        name: variantName(s.name, variant),
        unknowns: s.unknowns.map(rename),
        guess: Object.fromEntries(Object.entries(s.guess ?? {}).map(([name, e]) => [rename(name), over(e)])),
      })),
    identities: (model.identities ?? [])
      .filter(({ left, right }) => touches([left, right]))
      .map((i) => ({ ...i, name: variantName(i.name, variant), left: over(i.left), right: over(i.right) })),
    correlations: correlated.correlations,
  }
}

/** Groups of correlated parameters that have one in the cone: for the others stand-ins that draw their numbers. */
function correlatedPart(
  model: Model,
  variant: string,
  clones: ReadonlyMap<string, Variable>,
): { correlations: Correlation[]; standIns: Variable[] } {
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const isDrawn = (name: string) => clones.get(name)?.kind === 'random'
  const correlations: Correlation[] = []
  const standIns: Variable[] = []
  for (const { names, matrix } of model.correlations ?? []) {
    if (!names.some(isDrawn)) continue
    const standIn = (name: string) => `${variantName(name, variant)} (drawn)`
    correlations.push({ names: names.map((n) => (isDrawn(n) ? variantName(n, variant) : standIn(n))), matrix })
    for (const name of names.filter((n) => !isDrawn(n))) {
      standIns.push(renamedVariable(byName.get(name)!, standIn(name), (read) => read))
    }
  }
  return { correlations, standIns }
}
