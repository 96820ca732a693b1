// Writing to trees: values and parameters, and trees of a tenant's own.
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { assertSlug } from '../../../schema/terms/slug.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { firstDay, lastDay } from '../rules/dates.ts'
import type { Tree } from '../rules/tree.ts'
import { faultsOfVector } from '../rules/vector.ts'
import { WRITTEN } from '../types/tree.ts'
import {
  CreateParameterTreeInput,
  ParameterTreePayload,
  SaveParametersInput,
  SaveParametersPayload,
  SetParameterInput,
} from '../types/write.ts'
import { type Context, pathIn, requireParameter, requireTree, requireTreeRow } from './context.ts'
import { tellOf } from './parameter-changed.ts'
import { textOf } from './texts.ts'

const MAX_PARAMETERS = 5_000
const MAX_SCALES = 500
const MAX_VALUES = 50_000
const MAX_AUTHOR = 200
const MAX_TEXT = 4_000

@Resolver()
export class WriteResolver {
  @Directive(needsScope('parameters:write'))
  @Directive(changing(...WRITTEN))
  @Mutation(() => SaveParametersPayload, {
    description: 'Writes values, parameters and scales to a tree: all of it, or nothing and every fault.',
  })
  async saveParameters(
    @Arg('input', () => SaveParametersInput, { description: 'What is written.' }) input: SaveParametersInput,
    @Ctx() context: Context,
  ): Promise<SaveParametersPayload> {
    const row = await requireTreeRow(context, input.tree, 'input.tree')
    assertSize(input)
    const now = new Date(context.clock.now())
    const request = {
      treeId: row.id,
      parameters: input.parameters.map(({ id, ...rest }) => ({ ...rest, id: pathIn(row, id) })),
      scales: input.scales,
      ...(input.from == null ? {} : { from: firstDay(input.from, 'input.from') }),
      ...(input.to == null ? {} : { to: lastDay(input.to, 'input.to') }),
      note: {
        author: textOf(input.author, 'input.author', MAX_AUTHOR),
        message: textOf(input.message, 'input.message', MAX_TEXT),
        at: now,
      },
      today: now.toISOString().slice(0, 10),
      dryRun: input.dryRun,
    }
    const saved = await context.store.saveParameters(context.tenant, request, tellOf(context))
    // What this request has read is of before.
    context.loaders.treeRow.clearAll()
    context.loaders.parameter.clearAll()
    return {
      tree: await requireTreeRow(context, row.id, 'input.tree'),
      saved: saved?.saved ?? false,
      parameters: await Promise.all((saved?.ids ?? []).map((id) => requireParameter(context, id, 'parameters'))),
      findings: saved?.findings ?? [],
    }
  }

  @Directive(needsScope('parameters:write'))
  @Directive(changing(...WRITTEN))
  @Mutation(() => SaveParametersPayload, { description: 'Writes one parameter to a tree; see saveParameters.' })
  setParameter(
    @Arg('input', () => SetParameterInput, { description: 'What is written.' }) input: SetParameterInput,
    @Ctx() context: Context,
  ): Promise<SaveParametersPayload> {
    const { parameter, ...rest } = input
    return this.saveParameters({ ...rest, parameters: [parameter], scales: [], dryRun: false }, context)
  }

  @Directive(needsScope('parameters:write'))
  @Directive(changing(...WRITTEN))
  @Mutation(() => ParameterTreePayload, { description: 'Makes a tree, empty or as a copy of another.' })
  async createParameterTree(
    @Arg('input', () => CreateParameterTreeInput, { description: 'The tree.' }) input: CreateParameterTreeInput,
    @Ctx() context: Context,
  ): Promise<ParameterTreePayload> {
    const id = assertSlug(input.id, 'input.id')
    const base = input.copyOf == null ? undefined : await requireTree(context, input.copyOf, 'input.copyOf')
    const tree = treeOf(input, id, base, new Date(context.clock.now()).toISOString().slice(0, 10))
    const author = textOf(input.author, 'input.author', MAX_AUTHOR)
    const message = base ? `Copied ${base.id}` : 'Made the tree'
    const made = await context.store.createTree(context.tenant, tree, {
      author,
      message,
      at: new Date(context.clock.now()),
    })
    if (!made)
      throw new QuesnayError('ALREADY_EXISTS', `a tree "${id}" exists`, {
        path: 'input.id',
        suggestion: 'choose another id, or write to that tree',
      })
    context.loaders.treeRow.clearAll()
    return { tree: await requireTreeRow(context, id, 'input.id') }
  }
}

function treeOf(input: CreateParameterTreeInput, id: string, base: Tree | undefined, today: string): Tree {
  const needed = <T>(value: T | null | undefined, inherited: T | undefined, field: string): T => {
    const found = value ?? inherited
    if (found !== undefined) return found
    throw new QuesnayError('BAD_INPUT', `a tree that is no copy needs ${field}`, {
      path: `input.${field}`,
      suggestion: `give ${field}, or copyOf`,
    })
  }
  const code = (text: string, field: string) => {
    if (/^[A-Z]{3}$/.test(text)) return text
    throw new QuesnayError('BAD_INPUT', `"${text.slice(0, 20)}" is no code of three letters`, {
      path: `input.${field}`,
      suggestion: field === 'country' ? 'give such as GBR' : 'give such as GBP',
    })
  }
  const from = input.from == null ? undefined : firstDay(input.from, 'input.from')
  const to = input.to == null ? undefined : lastDay(input.to, 'input.to')
  const tree: Tree = {
    id,
    title: textOf(input.title, 'input.title', MAX_AUTHOR),
    country: code(needed(input.country, base?.country, 'country'), 'country'),
    currency: code(needed(input.currency, base?.currency, 'currency'), 'currency'),
    from: needed(from, base?.from, 'from'),
    to: needed(to, base?.to, 'to'),
    source: {
      name: needed(input.source, base?.source.name, 'source'),
      licence: needed(input.licence, base?.source.licence, 'licence'),
      retrieved: base?.source.retrieved ?? today,
      ...(base?.source.note === undefined ? {} : { note: base.source.note }),
    },
    ...vectorsOf(input, base),
    nodes: base?.nodes ?? [],
    scales: base?.scales ?? [],
    parameters: base?.parameters ?? [],
  }
  if (tree.from <= tree.to) return tree
  throw new QuesnayError('BAD_INPUT', `the tree would end on ${tree.to}, before it begins on ${tree.from}`, {
    path: 'input.to',
    suggestion: 'give a later last day',
  })
}

/** Those given beside those of the tree copied. BAD_INPUT where one is none, or would change that of the tree copied. */
function vectorsOf({ vectors }: CreateParameterTreeInput, base: Tree | undefined): Pick<Tree, 'vectors'> {
  const named = { ...base?.vectors }
  for (const [i, { name, cells }] of (vectors ?? []).entries()) {
    const [fault] = Object.hasOwn(named, name) ? [`${name} is named already`] : faultsOfVector(name, cells)
    if (fault !== undefined)
      throw new QuesnayError('BAD_INPUT', fault, {
        path: `input.vectors.${i}`,
        suggestion: 'give a name in capitals and words for its cells',
      })
    named[name] = cells
  }
  return Object.keys(named).length > 0 ? { vectors: named } : {}
}

function assertSize({ parameters, scales }: SaveParametersInput): void {
  const values = parameters.reduce((sum, parameter) => sum + (parameter.values?.length ?? 0), 0)
  for (const [path, count, limit] of [
    ['input.parameters', parameters.length, MAX_PARAMETERS],
    ['input.scales', scales.length, MAX_SCALES],
    ['input.parameters', values, MAX_VALUES],
  ] as const)
    if (count > limit)
      throw new QuesnayError('LIMIT_EXCEEDED', `${count} at once; at most ${limit} are written`, {
        path,
        limit,
        suggestion: 'write them in parts, or import a tree',
      })
  if (parameters.length + scales.length === 0)
    throw new QuesnayError('BAD_INPUT', 'there is nothing to write', {
      path: 'input.parameters',
      suggestion: 'give a parameter',
    })
}
