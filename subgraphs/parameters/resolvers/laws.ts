// Loads the laws that a question names: rule set, tree, reform.
import { QuesnayError } from '../../../schema/errors.ts'
import { hashOf } from '../../../schema/hash.ts'
import { lastDay } from '../rules/dates.ts'
import { LawSide } from '../rules/household/compile.ts'
import { type Laws, lawsOf } from '../rules/household/laws.ts'
import { requireRuleSet } from '../rules/rule-set/shipped.ts'
import { type Context, requireReform, requireTree } from './context.ts'

export interface LawQuestion {
  readonly ruleSet: string
  readonly year: number
  readonly reform?: string | null
  readonly knownAt?: string | null
}

/** Laws with the identity of the figures that they are from. */
export interface LoadedLaws extends Laws {
  readonly snapshot: string
}

/** Errors, with paths below `input`: NOT_FOUND (rule set, reform), BAD_INPUT (year, day, a reform of other figures). */
export async function loadLaws(
  context: Context,
  { ruleSet: id, year, reform, knownAt }: LawQuestion,
): Promise<LoadedLaws> {
  const ruleSet = requireRuleSet(id, 'input.ruleSet')
  context.versions.note(`rules ${id}`, ruleSet.hash)
  const known = knownAt == null ? undefined : lastDay(knownAt, 'input.knownAt')
  const [tree, row] = await Promise.all([
    requireTree(context, ruleSet.treeId, 'input.ruleSet'),
    reform == null ? undefined : requireReform(context, reform, 'input.reform'),
  ])
  if (row && row.treeId !== tree.id)
    throw new QuesnayError('BAD_INPUT', `the reform ${row.id} changes ${row.treeId}, the rules read ${tree.id}`, {
      path: 'input.reform',
      suggestion: `name a reform of ${tree.id}`,
    })
  const laws = lawsOf(ruleSet, tree, { year, knownAt: known, reform: row }, 'input.year')
  return { ...laws, snapshot: hashOf({ tree: tree.snapshotHash, reform: row?.snapshotHash ?? null }) }
}

/** The law asked for: by default that of the reform where there is one. BAD_INPUT at `law` for a reform where there is none. */
export function sideOf({ reform }: Laws, law: LawSide | null | undefined): LawSide {
  if (law !== LawSide.REFORM || reform) return law ?? (reform ? LawSide.REFORM : LawSide.BASELINE)
  throw new QuesnayError('BAD_INPUT', 'the question names no reform', {
    path: 'law',
    suggestion: 'give input.reform, or ask for BASELINE',
  })
}
