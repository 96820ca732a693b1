// Fetches of entities that take values from the objects around them (@context, @fromContext).
import type { FetchDataKeyRenamer } from '@apollo/query-planner'
import { entityRules, representationsAt } from './entities.ts'
import { askForEntities, chosen, type FetchDeps } from './fetch.ts'
import { type Fields, getOwn, isFields, setOwn } from './properties.ts'
import type { Step } from './run.ts'
import type { PlannedFetch } from './schedule.ts'
import { chainsAt } from './targets.ts'
import type { TypeTest } from './type-test.ts'

const UP = '..'
const FRAGMENT = '... on '

/** One request for each set of values that differs: the values are variables, of which an operation has one each. */
export function contextualStep(fetch: PlannedFetch, deps: FetchDeps): Step {
  const { node, path } = fetch
  const rules = entityRules([fetch], deps.isOfType)
  const { serviceName, operation: query, operationName } = node
  const valuesOf = contextValues(node.contextRewrites ?? [], deps.isOfType)
  return async (run) => {
    const groups = new Map<string, { readonly values: Fields; readonly targets: Set<number> }>()
    for (const [i, chain] of chainsAt(run.data, path).entries()) {
      const values = valuesOf(chain)
      const key = JSON.stringify(values)
      const group = groups.get(key) ?? { values, targets: new Set() }
      groups.set(key, group)
      group.targets.add(i)
    }
    // All are told of the objects as they are now, before any answer is taken in.
    const asked = [...groups.values()].map(({ values, targets }) => {
      return { values, batch: representationsAt(run.data, rules, targets) }
    })
    await Promise.all(
      asked.map(async ({ values, batch }) => {
        if (batch.representations.length === 0) return
        await askForEntities(deps, run, serviceName, [{ rules, batch, key: '_entities' }], () => {
          const variables = { ...chosen(run, rules.variables), ...values }
          return { query, operationName, variables: { ...variables, representations: batch.representations } }
        })
      }),
    )
  }
}

/** @returns a reader of the values, by name of the variable, given an object with those around it, the outermost first. */
function contextValues(
  renamers: readonly FetchDataKeyRenamer[],
  isOfType: TypeTest,
): (chain: readonly Fields[]) => Fields {
  return (chain) => {
    const values: Fields = {}
    for (const { path, renameKeyTo } of renamers) {
      const up = path.filter((step) => step === UP).length
      const found = valueAt(chain.at(-1 - up), path.slice(up), isOfType)
      // One renamer stands for each type that the object may be of.
      if (found !== undefined) setOwn(values, renameKeyTo, found)
    }
    return values
  }
}

function valueAt(start: unknown, path: readonly string[], isOfType: TypeTest): unknown {
  let value = start
  for (const step of path) {
    if (!isFields(value)) return undefined
    if (!step.startsWith(FRAGMENT)) value = getOwn(value, step)
    else if (!isOfType(value, step.slice(FRAGMENT.length))) return undefined
  }
  return value
}
