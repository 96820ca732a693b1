// Changes that the plan makes to what is sent to a subgraph and to what it answers: names and values that differ between subgraphs.
import type { FetchDataRewrite } from '@apollo/query-planner'
import { type Fields, getOwn, isFields, setOwn } from './properties.ts'
import type { TypeTest } from './type-test.ts'

const FRAGMENT = '... on '

export type Rewrite = (value: unknown) => void

/** One function for all rewrites of a fetch, in their order; undefined where there are none. */
export function rewriteOf(rewrites: readonly FetchDataRewrite[] | undefined, isOfType: TypeTest): Rewrite | undefined {
  if (!rewrites || rewrites.length === 0) return undefined
  const each = rewrites.map((rewrite) => oneOf(rewrite, isOfType))
  return (value) => {
    for (const rewrite of each) rewrite(value)
  }
}

function oneOf(rewrite: FetchDataRewrite, isOfType: TypeTest): Rewrite {
  const path = rewrite.path.slice(0, -1)
  const name = rewrite.path.at(-1)
  if (name === undefined) return () => {}
  const change =
    rewrite.kind === 'ValueSetter'
      ? (object: Fields) => setOwn(object, name, rewrite.setValueTo)
      : (object: Fields) => rename(object, name, rewrite.renameKeyTo)
  return (value) => changeAt(value, path, 0, change, isOfType)
}

function rename(object: Fields, from: string, to: string): void {
  const value = getOwn(object, from)
  if (value === undefined) return
  setOwn(object, to, value)
  // Deleting would make the object slow; what is undefined counts as absent everywhere here.
  object[from] = undefined
}

function changeAt(
  value: unknown,
  path: readonly string[],
  at: number,
  change: (object: Fields) => void,
  isOfType: TypeTest,
): void {
  if (Array.isArray(value)) {
    for (const member of value) changeAt(member, path, at, change, isOfType)
    return
  }
  if (!isFields(value)) return
  const step = path[at]
  if (step === undefined) change(value)
  else if (!step.startsWith(FRAGMENT)) changeAt(getOwn(value, step), path, at + 1, change, isOfType)
  else if (isOfType(value, step.slice(FRAGMENT.length), true)) changeAt(value, path, at + 1, change, isOfType)
}
