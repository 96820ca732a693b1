// Merges of branches: three ways, over the last commit that both come from.
import { Arg, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { QuesnayError, toWireError } from '../../../schema/errors.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import type { Finding } from '../../shared/types.ts'
import { assertFormulas } from '../rules/check-formulas.ts'
import { assertRising } from '../rules/check-reform.ts'
import { firstDay, lastDay } from '../rules/dates.ts'
import { type Conflicts, mergeSnapshots } from '../rules/repository/merge.ts'
import { isAncestor, mergeBases } from '../rules/repository/merge-base.ts'
import { choiceOf, type Resolution } from '../rules/repository/resolutions.ts'
import { reformHashOf, type Snapshot } from '../rules/repository/snapshot.ts'
import { commitsNeeded, virtualBase } from '../rules/repository/virtual-base.ts'
import { cellsOf, NO_VECTOR, placeOfCell } from '../rules/vector.ts'
import type { Branch, StoredCommit } from '../store/repository.ts'
import type { StoredParameter, StoredTree } from '../store.ts'
import { MergeBranchesInput, MergeConflict, MergePayload, type MergeResolutionInput } from '../types/merge.ts'
import { Parameter } from '../types/parameter.ts'
import { headOf, limited, requireOpenBranch } from './commit.ts'
import { type Context, pathIn, requireCommit, requireInTree, requireTree, requireTreeRow } from './context.ts'
import { viewBranch, viewCommit } from './repository.ts'
import { textOf } from './texts.ts'

const MAX_AUTHOR = 200
const MAX_MESSAGE = 4_000

@Resolver()
export class MergeResolver {
  @Directive(needsScope('parameters:write'))
  @Directive(changing('ReformBranch', 'ReformCommit'))
  @Mutation(() => MergePayload, {
    description:
      'Merges a line of commits into a branch. Nothing is stored where there are conflicts that neither resolutions nor the strategy settle.',
  })
  async mergeBranches(
    @Arg('input', () => MergeBranchesInput, { description: 'The merge.' }) input: MergeBranchesInput,
    @Ctx() context: Context,
  ): Promise<MergePayload> {
    const row = await requireTreeRow(context, input.tree, 'input.tree')
    const branch = await requireOpenBranch(context, row.id, input.into, 'input.into')
    const theirs = await requireCommit(context, row.id, input.from, 'input.from')
    const ours = await headOf(context, branch, input.expectedHead)
    const author = textOf(input.author, 'input.author', MAX_AUTHOR)
    const message = textOf(input.message ?? `Merge ${input.from} into ${input.into}`, 'input.message', MAX_MESSAGE)
    const { repository } = context.store
    const { parents, snapshots } = await repository.history(context.tenant, [ours.hash, theirs.hash])
    const payload = payloadOf(branch, ours, mergeBases(parents, ours.hash, theirs.hash))
    if (isAncestor(parents, theirs.hash, ours.hash)) return { ...payload, outcome: 'UP_TO_DATE' }
    const at = new Date(context.clock.now())
    if (isAncestor(parents, ours.hash, theirs.hash)) {
      await repository.fastForward(context.tenant, {
        treeId: row.id,
        name: branch.name,
        from: ours.hash,
        to: theirs.hash,
        at,
      })
      return { ...payload, ...movedTo(branch, theirs, at), outcome: 'FAST_FORWARD' }
    }

    const needed = [ours.hash, theirs.hash, ...commitsNeeded(parents, ours.hash, theirs.hash)]
    const loaded = await repository.snapshots(
      context.tenant,
      needed.map((hash) => snapshots.get(hash)!),
    )
    const bySnapshot = new Map<string, Snapshot>(loaded.map((snapshot) => [snapshot.hash, snapshot]))
    const snapshotOfCommit = (hash: string) => bySnapshot.get(snapshots.get(hash)!)!
    const base = virtualBase(parents, snapshotOfCommit, ours.hash, theirs.hash)
    if (!base) throw new QuesnayError('INTERNAL', `the commits ${ours.hash} and ${theirs.hash} have nothing in common`)
    const tree = await requireTree(context, row.id, 'input.tree')
    const resolutions = input.resolutions.map((resolution, i) =>
      readResolution(tree, pathIn(row, resolution.parameter ?? ''), resolution, `input.resolutions.${i}`),
    )
    const sides = { base, ours: snapshotOfCommit(ours.hash), theirs: snapshotOfCommit(theirs.hash) }
    const merged = mergeSnapshots(sides, choiceOf(input.strategy, resolutions))
    if (merged.conflicts.cells.length > 0 || merged.conflicts.formulas.length > 0)
      return { ...payload, ...viewConflicts(tree, merged.conflicts), outcome: 'CONFLICTS' }
    const findings = faultsOf(tree, merged.snapshot)
    if (findings.length > 0) return { ...payload, findings, outcome: 'UNLAWFUL' }

    const snapshot = limited(merged.snapshot)
    const content = {
      tree: tree.id,
      parents: [ours.hash, theirs.hash],
      snapshot: reformHashOf(tree.id, snapshot),
      author,
      message,
      at: at.toISOString(),
    }
    const commit = await repository.commit(context.tenant, {
      content,
      snapshot,
      branch: branch.name,
      expectedHead: ours.hash,
    })
    return { ...payload, ...movedTo(branch, commit, at), outcome: 'MERGED' }
  }
}

@Resolver(() => MergeConflict)
export class MergeConflictResolver {
  @FieldResolver(() => Parameter, { description: 'The parameter.' })
  parameter(@Root() conflict: MergeConflict, @Ctx() context: Context): Promise<StoredParameter> {
    return requireInTree(context, conflict.treeId, conflict.parameterId, 'parameter')
  }
}

const payloadOf = (branch: Branch, head: StoredCommit, bases: readonly string[]) => ({
  branch: viewBranch(branch),
  commit: viewCommit(head),
  bases,
  conflicts: [],
  formulaConflicts: [],
  findings: [],
})

const movedTo = (branch: Branch, commit: StoredCommit, movedAt: Date) => ({
  branch: viewBranch({ ...branch, head: commit.hash, movedAt }),
  commit: viewCommit(commit),
})

/** Each side may be lawful and both together not: brackets may cross, formulas may go round in a circle. */
function faultsOf(tree: StoredTree, { changes, formulas }: Snapshot): Finding[] {
  const checks = [
    ['NOT_RISING', () => assertRising(tree, changes, () => 'input.from')],
    ['FORMULAS', () => assertFormulas(tree.id, formulas, [], 'input.from')],
  ] as const
  return checks.flatMap(([code, check]): Finding[] => {
    try {
      check()
      return []
    } catch (error) {
      const { code: reason, message, detail } = toWireError(error)
      if (reason === 'INTERNAL') throw error
      const suggestion = detail['suggestion'] === undefined ? null : String(detail['suggestion'])
      return [{ severity: 'ERROR', code, path: 'input.from', message, suggestion }]
    }
  })
}

function viewConflicts(tree: StoredTree, { cells, formulas }: Conflicts) {
  const parameters = new Map(tree.parameters.map((parameter) => [parameter.id, parameter]))
  const conflicts = cells.map(({ parameter, cell, ...rest }): MergeConflict => {
    const names = cellsOf(parameters.get(parameter) ?? NO_VECTOR)
    return { ...rest, cell: names[cell] ?? String(cell), parameterId: parameter, treeId: tree.id }
  })
  return { conflicts, formulaConflicts: [...formulas] }
}

function readResolution(tree: StoredTree, parameter: string, input: MergeResolutionInput, path: string): Resolution {
  const { cell, from, to, ruleSet, variable, take } = input
  if ((parameter !== '') === (ruleSet != null && variable != null))
    throw new QuesnayError('BAD_INPUT', 'neither a parameter nor a rule is named, or both', {
      path,
      suggestion: 'give parameter, or ruleSet and variable',
    })
  if (parameter === '') return { ruleSet: ruleSet!, variable: variable!, take }
  const cells = cellsOf(tree.parameters.find(({ id }) => id === parameter) ?? NO_VECTOR)
  const position = cell == null ? null : placeOfCell(cells, cell)
  if (position !== null && position < 0)
    throw new QuesnayError('BAD_INPUT', `${parameter} has no cell "${cell}"`, {
      path: `${path}.cell`,
      suggestion: `give one of ${cells.join(', ')}`,
    })
  return {
    parameter,
    cell: position,
    from: from == null ? null : firstDay(from, `${path}.from`),
    to: to == null ? null : lastDay(to, `${path}.to`),
    take,
  }
}
