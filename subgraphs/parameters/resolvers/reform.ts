// Reforms: read, made, and run over a population.
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { assertSlug } from '../../../schema/terms/slug.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import type { Finding } from '../../shared/types.ts'
import { assertFormulas, readFormulas } from '../rules/check-formulas.ts'
import { checkReform } from '../rules/check-reform.ts'
import { reformHashOf, snapshotOf } from '../rules/repository/snapshot.ts'
import { requireRuleSet, ruleSetIds, ruleSetOver, ruleSetsOver } from '../rules/rule-set/shipped.ts'
import { cellsOf } from '../rules/vector.ts'
import type { ReformRow, TreeRow } from '../store/rows.ts'
import type { StoredParameter } from '../store.ts'
import { Parameter } from '../types/parameter.ts'
import { Run } from '../types/population.ts'
import { PopulationOptionsInput } from '../types/population-options.ts'
import { CreateReformInput, ParameterChange, Reform, ReformConnection, ReformPayload } from '../types/reform.ts'
import { ReformCommit } from '../types/repository.ts'
import { ParameterTree } from '../types/tree.ts'
import {
  type Context,
  inTree,
  requireCommit,
  requireCommitById,
  requireInTree,
  requireParameter,
  requireReform,
  requireSnapshot,
  requireTree,
  requireTreeRow,
  viewReform,
} from './context.ts'
import { askPopulation } from './population-run.ts'
import { viewCommit } from './repository.ts'

const MAX_TITLE = 200

/** Of a reform that names neither tree nor parameter, as of commits and branches. */
const DEFAULT_TREE = 'us-federal'

@Resolver(() => Reform)
export class ReformResolver {
  @Query(() => Reform, { nullable: true, description: 'The reform of this id.' })
  async reform(
    @Arg('id', () => ID, { description: 'Id of the reform.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Reform> {
    return viewReform(await requireReform(context, id, 'id'))
  }

  @Query(() => ReformConnection, { description: 'Reforms, newest first.' })
  async reforms(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Reform>> {
    const size = pageSize(first)
    const { rows, totalCount } = await context.store.reformPage(context.tenant, size, keyOfCursor(after))
    return pageOf(rows.map(viewReform), size, totalCount, (reform) => reform.id)
  }

  @Directive(needsScope('parameters:write', 'scenarios:write'))
  @Directive(changing('Reform', 'ReformCommit'))
  @Mutation(() => ReformPayload, { description: 'Makes a reform; the same content under the same id is no error.' })
  async createReform(
    @Arg('input', () => CreateReformInput, { description: 'The reform.' }) input: CreateReformInput,
    @Ctx() context: Context,
  ): Promise<ReformPayload> {
    const id = input.id == null ? context.clock.id().toLowerCase() : assertSlug(input.id, 'input.id')
    const { tree, content, findings } = await contentOf(context, input)
    const { row, existed } = await context.store.insertReform({
      tenant: context.tenant,
      id,
      treeId: tree.id,
      title: titleOf(input),
      description: input.description ?? null,
      ...content,
      snapshotHash: reformHashOf(tree.id, snapshotOf(content.changes, content.formulas)),
      createdAt: new Date(context.clock.now()),
    })
    if (existed)
      findings.push({ severity: 'INFO', code: 'EXISTED', path: 'input.id', message: 'this reform stood already' })
    return { reform: viewReform(row), findings }
  }

  @FieldResolver(() => ParameterTree, { description: 'The tree whose parameters it changes.' })
  tree(@Root() reform: Reform, @Ctx() context: Context): Promise<ParameterTree> {
    return requireTreeRow(context, reform.treeId, 'tree')
  }

  @FieldResolver(() => ReformCommit, { nullable: true, description: 'The commit that it was made from, if it was.' })
  async commit(@Root() reform: Reform, @Ctx() context: Context): Promise<ReformCommit | null> {
    return reform.commitHash === null ? null : viewCommit(await requireCommitById(context, reform.commitHash, 'commit'))
  }

  @Directive('@dispatches(seconds: 1)')
  @FieldResolver(() => Run, {
    nullable: true,
    description: 'Its effect on a population, submitted when first asked for and the same run after that.',
  })
  async populationRun(
    @Root() reform: Reform,
    @Arg('population', () => ID, {
      nullable: true,
      description: 'Id of the population; absent: the example population of the rules, where they have one.',
    })
    population: string | undefined,
    @Arg('year', () => Int, { nullable: true, description: 'Tax year; absent: the last that the rules are for.' })
    year: number | undefined,
    @Arg('ruleSet', () => ID, { nullable: true, description: 'The rules; absent: those over the tree of the reform.' })
    ruleSet: string | undefined,
    @Arg('options', () => PopulationOptionsInput, { nullable: true, description: 'Conventions; absent: the defaults.' })
    options: PopulationOptionsInput | undefined,
    @Ctx() context: Context,
  ): Promise<Run> {
    const rules = ruleSet ?? ruleSetOver(reform.treeId, 'ruleSet').id
    return (await askPopulation(context, { ruleSet: rules, population, year, reforms: [reform.id], options })).run
  }
}

@Resolver(() => ParameterChange)
export class ParameterChangeResolver {
  @FieldResolver(() => Parameter, { description: 'The parameter changed.' })
  parameter(@Root() change: ParameterChange, @Ctx() context: Context): Promise<StoredParameter> {
    return requireInTree(context, change.treeId, change.parameterId, 'parameter')
  }

  @FieldResolver(() => [String], { description: 'Names of the cells of the parameter, in the order of values.' })
  async cells(@Root() change: ParameterChange, @Ctx() context: Context): Promise<readonly string[]> {
    return cellsOf(await this.parameter(change, context))
  }

  @FieldResolver(() => String, { description: 'Unit of the values.' })
  async unit(@Root() change: ParameterChange, @Ctx() context: Context): Promise<string> {
    return (await this.parameter(change, context)).unit
  }
}

/** The tree named, or that of the first parameter or formula changed. */
async function treeIdOf(context: Context, { tree, changes: [first], formulas }: CreateReformInput): Promise<string> {
  if (tree != null) return tree
  if (first) return (await requireParameter(context, first.parameter, 'input.changes.0.parameter')).treeId
  const ruleSet = formulas[0]?.ruleSet.trim()
  return ruleSet !== undefined && ruleSetIds().includes(ruleSet) ? requireRuleSet(ruleSet, '').treeId : DEFAULT_TREE
}

interface ReformContent {
  readonly tree: TreeRow
  readonly content: Pick<ReformRow, 'changes' | 'formulas' | 'commitHash'>
  readonly findings: Finding[]
}

/** The changes and formulas, given or of a commit. BAD_INPUT where there are none, or both are given. */
async function contentOf(context: Context, input: CreateReformInput): Promise<ReformContent> {
  const row = await requireTreeRow(context, await treeIdOf(context, input), 'input.tree')
  if (input.commit != null) {
    if (input.changes.length + input.formulas.length > 0)
      throw new QuesnayError('BAD_INPUT', 'a reform has the changes of a commit or its own', {
        path: 'input.commit',
        suggestion: 'commit the changes on a branch, and make the reform from that',
      })
    const commit = await requireCommit(context, row.id, input.commit, 'input.commit')
    const { changes, formulas } = await requireSnapshot(context, commit.snapshot)
    return {
      tree: row,
      content: { changes: [...changes], formulas: [...formulas], commitHash: commit.hash },
      findings: [],
    }
  }
  const formulas = readFormulas(input.formulas)
  assertFormulas(row.id, formulas)
  const tree = await requireTree(context, row.id, 'input.tree')
  const none = input.changes.length === 0 && formulas.length > 0
  const { changes, findings } = none
    ? { changes: [], findings: [] }
    : checkReform(tree, inTree(row, input.changes), ruleSetsOver(tree.id))
  return { tree: row, content: { changes, formulas, commitHash: null }, findings }
}

function titleOf(input: CreateReformInput): string {
  const title = input.title.trim()
  if (title.length > 0 && title.length <= MAX_TITLE) return title
  throw new QuesnayError('BAD_INPUT', `the title has ${title.length} characters`, {
    path: 'input.title',
    suggestion: `give a title of 1 to ${MAX_TITLE} characters`,
  })
}
