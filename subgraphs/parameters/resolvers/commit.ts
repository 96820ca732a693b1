// Branches made, changes committed, commits tagged.
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { assertSlug } from '../../../schema/terms/slug.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import type { Finding } from '../../shared/types.ts'
import { assertFormulas, readFormulas } from '../rules/check-formulas.ts'
import { assertRising, checkReform } from '../rules/check-reform.ts'
import { firstDay, lastDay, SINCE_EVER } from '../rules/dates.ts'
import type { FormulaChange, ReformChange } from '../rules/overlay.ts'
import { LAW_BRANCH } from '../rules/repository/commit.ts'
import {
  EMPTY_SNAPSHOT,
  formulaKey,
  reformHashOf,
  type Snapshot,
  snapshotOf,
  withdraw,
} from '../rules/repository/snapshot.ts'
import { ruleSetsOver } from '../rules/rule-set/shipped.ts'
import { movedOn } from '../store/commits.ts'
import type { Branch, StoredCommit } from '../store/repository.ts'
import type { TreeRow } from '../store/rows.ts'
import {
  BranchPayload,
  CommitInput,
  CommitPayload,
  CreateBranchInput,
  DeleteBranchInput,
  DeleteBranchPayload,
  TagCommitInput,
  TagPayload,
  type WithdrawalInput,
} from '../types/repository-inputs.ts'
import {
  type Context,
  inTree,
  pathIn,
  requireBranch,
  requireCommit,
  requireCommitById,
  requireSnapshot,
  requireTree,
  requireTreeRow,
} from './context.ts'
import { viewBranch, viewCommit, viewTag } from './repository.ts'
import { textOf } from './texts.ts'

const MAX_AUTHOR = 200
const MAX_MESSAGE = 4_000
/** Of one commit, in canonical form. */
const MAX_SNAPSHOT_CHANGES = 5_000

@Resolver()
export class CommitResolver {
  @Directive(needsScope('parameters:write'))
  @Directive(changing('ReformBranch'))
  @Mutation(() => BranchPayload, { description: 'Makes a branch that starts at a commit.' })
  async createBranch(
    @Arg('input', () => CreateBranchInput, { description: 'The branch.' }) input: CreateBranchInput,
    @Ctx() context: Context,
  ): Promise<BranchPayload> {
    const tree = await requireTreeRow(context, input.tree, 'input.tree')
    const from = await requireCommit(context, tree.id, input.from, 'input.from')
    const name = assertSlug(input.name, 'input.name')
    const branch = { treeId: tree.id, name, head: from.hash, createdAt: new Date(context.clock.now()) }
    return { branch: viewBranch(await context.store.repository.createBranch(context.tenant, branch)) }
  }

  @Directive(needsScope('parameters:write'))
  @Directive(changing('ReformBranch'))
  @Mutation(() => DeleteBranchPayload, {
    description: 'Removes a branch; its commits stay, and their hashes go on naming them.',
  })
  async deleteBranch(
    @Arg('input', () => DeleteBranchInput, { description: 'The branch.' }) input: DeleteBranchInput,
    @Ctx() context: Context,
  ): Promise<DeleteBranchPayload> {
    const { treeId, name } = await requireOpenBranch(context, input.tree, input.name, 'input.name')
    await context.store.repository.deleteBranch(context.tenant, treeId, name)
    return { name }
  }

  @Directive(needsScope('parameters:write'))
  @Directive(changing('ReformBranch', 'ReformCommit'))
  @Mutation(() => CommitPayload, {
    description:
      'Puts changes on a branch. Of two commits at once on one head one succeeds, and the other gets CONFLICT.',
  })
  async commitChanges(
    @Arg('input', () => CommitInput, { description: 'The changes.' }) input: CommitInput,
    @Ctx() context: Context,
  ): Promise<CommitPayload> {
    const row = await requireTreeRow(context, input.tree, 'input.tree')
    const branch = await requireOpenBranch(context, row.id, input.branch, 'input.branch')
    const head = await headOf(context, branch, input.expectedHead)
    const [author, message] = [
      textOf(input.author, 'input.author', MAX_AUTHOR),
      textOf(input.message, 'input.message', MAX_MESSAGE),
    ]
    const tree = await requireTree(context, row.id, 'input.tree')
    const changed =
      input.changes.length > 0 ? checkReform(tree, inTree(row, input.changes), ruleSetsOver(tree.id)) : NOTHING
    const formulas = readFormulas(input.formulas)
    const before = input.replace
      ? EMPTY_SNAPSHOT
      : withoutAll(row, await requireSnapshot(context, head.snapshot), input.withdraw)
    const snapshot = limited(snapshotOf([...before.changes, ...changed.changes], [...before.formulas, ...formulas]))
    assertRising(tree, snapshot.changes, () => 'input.changes')
    assertFormulas(tree.id, snapshot.formulas, formulas)
    const findings = [...changed.findings]
    const hash = reformHashOf(tree.id, snapshot)
    if (hash === head.snapshot) {
      findings.push({
        severity: 'INFO',
        code: 'NOTHING_CHANGED',
        path: 'input',
        message: 'the head has all of this: no commit was made',
      })
      return { commit: viewCommit(head), branch: viewBranch(branch), findings }
    }
    const at = new Date(context.clock.now()).toISOString()
    const content = { tree: tree.id, parents: [head.hash], snapshot: hash, author, message, at }
    const commit = await context.store.repository.commit(context.tenant, {
      content,
      snapshot,
      branch: branch.name,
      expectedHead: head.hash,
    })
    return {
      commit: viewCommit(commit),
      branch: viewBranch({ ...branch, head: commit.hash, movedAt: new Date(at) }),
      findings,
    }
  }

  @Directive(needsScope('parameters:write'))
  @Directive(changing('ReformTag'))
  @Mutation(() => TagPayload, {
    description: 'Names a commit for good; the same name for the same commit is no error.',
  })
  async tagCommit(
    @Arg('input', () => TagCommitInput, { description: 'The tag.' }) input: TagCommitInput,
    @Ctx() context: Context,
  ): Promise<TagPayload> {
    const tree = await requireTreeRow(context, input.tree, 'input.tree')
    const commit = await requireCommit(context, tree.id, input.commit, 'input.commit')
    const tag = await context.store.repository.createTag(context.tenant, {
      treeId: tree.id,
      name: assertSlug(input.name, 'input.name'),
      commit: commit.hash,
      message: input.message == null ? null : textOf(input.message, 'input.message', MAX_MESSAGE),
      createdAt: new Date(context.clock.now()),
    })
    return { tag: viewTag(tag) }
  }
}

const NOTHING: { readonly changes: readonly ReformChange[]; readonly findings: readonly Finding[] } = {
  changes: [],
  findings: [],
}

/** A branch that takes commits. BAD_INPUT for that of the law. */
export async function requireOpenBranch(context: Context, tree: string, name: string, path: string) {
  if (name !== LAW_BRANCH)
    return requireBranch(context, (await requireTreeRow(context, tree, 'input.tree')).id, name, path)
  throw new QuesnayError('BAD_INPUT', `the branch "${LAW_BRANCH}" is the law as it is`, {
    path,
    suggestion: 'make a branch with createBranch, or write to the tree with saveParameters',
  })
}

/** The last commit of a branch. CONFLICT where another one was expected. */
export async function headOf(
  context: Context,
  branch: Branch,
  expected: string | null | undefined,
): Promise<StoredCommit> {
  if (expected != null && expected !== branch.head) throw movedOn(branch.name, expected)
  return requireCommitById(context, branch.head, 'input.expectedHead')
}

/** Returns the snapshot. LIMIT_EXCEEDED where it has too many changes. */
export function limited(snapshot: Snapshot): Snapshot {
  if (snapshot.changes.length <= MAX_SNAPSHOT_CHANGES) return snapshot
  throw new QuesnayError(
    'LIMIT_EXCEEDED',
    `${snapshot.changes.length} changes; at most ${MAX_SNAPSHOT_CHANGES} make a commit`,
    {
      path: 'input.changes',
      limit: MAX_SNAPSHOT_CHANGES,
      suggestion: 'split them over several branches',
    },
  )
}

function withoutAll(tree: TreeRow, snapshot: Snapshot, withdrawals: readonly WithdrawalInput[]): Snapshot {
  let { changes, formulas }: { changes: readonly ReformChange[]; formulas: readonly FormulaChange[] } = snapshot
  for (const [i, { parameter, from, to, ruleSet, variable }] of withdrawals.entries()) {
    const path = `input.withdraw.${i}`
    if ((parameter != null) === (ruleSet != null && variable != null))
      throw new QuesnayError('BAD_INPUT', 'neither a parameter nor a rule is named, or both', {
        path,
        suggestion: 'give parameter, or ruleSet and variable',
      })
    if (parameter != null) {
      const start = from == null ? SINCE_EVER : firstDay(from, `${path}.from`)
      const end = to == null ? null : lastDay(to, `${path}.to`)
      changes = withdraw(changes, { parameter: pathIn(tree, parameter), from: start, to: end })
    } else {
      const key = formulaKey({ ruleSet: ruleSet!, variable: variable! })
      formulas = formulas.filter((formula) => formulaKey(formula) !== key)
    }
  }
  return { changes, formulas }
}
