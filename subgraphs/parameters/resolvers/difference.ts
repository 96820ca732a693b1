// What differs between two laws: dates, days of knowledge, reforms, commits, trees.
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { firstDay, lastDay } from '../rules/dates.ts'
import { differencesOn, differencesOver, type LawView, type State } from '../rules/history/difference.ts'
import { EMPTY_SNAPSHOT, formulaKey, type Snapshot } from '../rules/repository/snapshot.ts'
import { cellsOf, NO_VECTOR } from '../rules/vector.ts'
import type { StoredParameter } from '../store.ts'
import {
  FormulaDifference,
  LawDiff,
  LawInput,
  ParameterDifference,
  ParameterDifferenceConnection,
  ParameterState,
} from '../types/difference.ts'
import { Parameter } from '../types/parameter.ts'
import { type Context, requireCommit, requireReform, requireSnapshot, requireTree, requireTreeRow } from './context.ts'
import { wireContent, wireNumbers } from './wire.ts'

@Resolver(() => LawDiff)
export class LawDiffResolver {
  @Query(() => LawDiff, {
    description:
      'What differs between two laws: two days, two days of knowledge, a reform and the law, two commits, or two trees by id.',
  })
  async diff(
    @Arg('base', () => LawInput, { description: 'The first law.' }) base: LawInput,
    @Arg('changed', () => LawInput, { description: 'The second law.' }) changed: LawInput,
    @Ctx() context: Context,
  ): Promise<LawDiff> {
    if ((base.date == null) !== (changed.date == null))
      throw new QuesnayError('BAD_INPUT', 'a day is compared with a day, all days with all days', {
        path: base.date == null ? 'base.date' : 'changed.date',
        suggestion: 'give a date for both laws, or for none',
      })
    const [one, other] = [await lawOf(context, base, 'base'), await lawOf(context, changed, 'changed')]
    return {
      differences:
        one.date === null || other.date === null
          ? differencesOver(one.view, other.view)
          : differencesOn(one.view, other.view, one.date, other.date),
      formulas: formulasOf(one.snapshot, other.snapshot),
      prefixes: { base: one.prefix, changed: other.prefix },
    }
  }

  @FieldResolver(() => ParameterDifferenceConnection, { description: 'Parameters that differ, by id, then by day.' })
  parameters(
    @Root() { differences, prefixes }: LawDiff,
    @Arg('prefix', () => String, { nullable: true, description: 'Only ids that begin so.' }) prefix: string | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
  ): Page<ParameterDifference> {
    const size = pageSize(first)
    const all = differences.filter(({ id }) => prefix == null || id.startsWith(prefix))
    const keyOf = ({ id, from }: { id: string; from: string | null }) => `${id} ${from ?? ''}`
    const key = keyOfCursor(after)
    const start = key === undefined ? 0 : all.findIndex((difference) => keyOf(difference) === key) + 1
    const rows = all.slice(start, start + size + 1).map(({ cells, before, after, ...rest }): ParameterDifference => {
      const graphId = (after === null ? prefixes.base : prefixes.changed) + rest.id
      return { ...rest, positions: cells, states: { before, after }, graphId }
    })
    return pageOf(rows, size, all.length, keyOf)
  }
}

@Resolver(() => ParameterDifference)
export class ParameterDifferenceResolver {
  @FieldResolver(() => Parameter, {
    nullable: true,
    description: 'The parameter: that of the second law, or of the first where only that has it.',
  })
  async parameter(
    @Root() { graphId }: ParameterDifference,
    @Ctx() { loaders }: Context,
  ): Promise<StoredParameter | null> {
    return (await loaders.parameter.load(graphId)) ?? null
  }

  @FieldResolver(() => [String], { description: 'Names of the cells that differ.' })
  async cells(@Root() difference: ParameterDifference, @Ctx() { loaders }: Context): Promise<string[]> {
    const names = cellsOf((await loaders.parameter.load(difference.graphId)) ?? NO_VECTOR)
    return difference.positions.map((position) => names[position] ?? String(position))
  }

  @FieldResolver(() => ParameterState, {
    nullable: true,
    description: 'In the first law; null where it does not exist.',
  })
  before(@Root() { states }: ParameterDifference): ParameterState | null {
    return states.before && viewState(states.before)
  }

  @FieldResolver(() => ParameterState, {
    nullable: true,
    description: 'In the second law; null where it does not exist.',
  })
  after(@Root() { states }: ParameterDifference): ParameterState | null {
    return states.after && viewState(states.after)
  }
}

const viewState = ({ values, content }: State): ParameterState => ({
  values: wireNumbers(values),
  ...wireContent(content),
})

interface Law {
  readonly view: LawView
  readonly snapshot: Snapshot
  readonly date: string | null
  readonly prefix: string
}

async function lawOf(context: Context, input: LawInput, path: string): Promise<Law> {
  const { tree: treeId, date, knownAt, reform, commit } = input
  if (reform != null && commit != null)
    throw new QuesnayError('BAD_INPUT', 'a law has a reform or a commit laid over it', {
      path: `${path}.commit`,
      suggestion: 'leave one of them out',
    })
  const { idPrefix } = await requireTreeRow(context, treeId, `${path}.tree`)
  const tree = await requireTree(context, treeId, `${path}.tree`)
  const snapshot = await snapshotFor(context, input, path)
  const known = knownAt == null ? {} : { knownAt: lastDay(knownAt, `${path}.knownAt`) }
  return {
    view: { parameters: tree.parameters, changes: snapshot.changes, ...known },
    snapshot,
    date: date == null ? null : firstDay(date, `${path}.date`),
    prefix: idPrefix,
  }
}

async function snapshotFor(context: Context, { tree, reform, commit }: LawInput, path: string): Promise<Snapshot> {
  if (commit != null)
    return requireSnapshot(context, (await requireCommit(context, tree, commit, `${path}.commit`)).snapshot)
  if (reform == null) return EMPTY_SNAPSHOT
  const row = await requireReform(context, reform, `${path}.reform`)
  if (row.treeId === tree) return row
  throw new QuesnayError('BAD_INPUT', `the reform ${reform} changes ${row.treeId}, not ${tree}`, {
    path: `${path}.reform`,
    suggestion: `give tree: "${row.treeId}"`,
  })
}

function formulasOf(base: Snapshot, changed: Snapshot): FormulaDifference[] {
  const of = ({ formulas }: Snapshot) => new Map(formulas.map((change) => [formulaKey(change), change]))
  const [one, other] = [of(base), of(changed)]
  return [...new Map([...one, ...other])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { ruleSet, variable }]) => ({
      ruleSet,
      variable,
      before: one.get(key)?.formula ?? null,
      after: other.get(key)?.formula ?? null,
    }))
    .filter(({ before, after }) => before !== after)
}
