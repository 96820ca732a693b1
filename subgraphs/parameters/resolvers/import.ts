// Import and export of trees, and two trees side by side.
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import type { Finding } from '../../shared/types.ts'
import { lastDay } from '../rules/dates.ts'
import { exportTree } from '../rules/export/export-tree.ts'
import { writeArchive } from '../rules/export/write-archive.ts'
import type { SourceFile } from '../rules/import/read-yaml.ts'
import {
  ExportDialect,
  ImportFindingArgs,
  ImportFindingConnection,
  ImportParametersInput,
  ImportParametersPayload,
  ParameterExport,
  ParameterFileConnection,
} from '../types/import.ts'
import { WRITTEN } from '../types/tree.ts'
import { type Context, requireTree } from './context.ts'
import { importParameters } from './import-tree.ts'

const MOST_FINDINGS = 20_000
const FINDINGS = 500

@Resolver(() => ImportParametersPayload)
export class ParameterImportResolver {
  @Directive(needsScope('parameters:write'))
  @Directive(changing(...WRITTEN))
  @Mutation(() => ImportParametersPayload, {
    description:
      'Imports a tree from YAML files of OpenFisca or PolicyEngine: everything, or nothing and every fault with its file and line.',
  })
  importParameters(
    @Arg('input', () => ImportParametersInput, { description: 'The tree.' }) input: ImportParametersInput,
    @Ctx() context: Context,
  ): Promise<ImportParametersPayload> {
    return importParameters(input, context)
  }

  @FieldResolver(() => ImportFindingConnection, {
    description:
      'Faults (ERROR), what is misspelt or missing (WARNING) and remarks (INFO), each with file, line and fix; up to 5000 of a kind.',
  })
  findings(
    @Root() { allFindings }: ImportParametersPayload,
    @Args(() => ImportFindingArgs) { severity, code, first, after }: ImportFindingArgs,
  ): Page<Finding> {
    const wanted = allFindings.filter((one) => (!severity || one.severity === severity) && (!code || one.code === code))
    return pageOfList(wanted, findingsSize(first), after)
  }
}

function findingsSize(first: number | null | undefined): number {
  if (first == null) return FINDINGS
  if (first >= 1 && first <= MOST_FINDINGS) return first
  throw new QuesnayError('BAD_INPUT', `first must be a whole number from 1 to ${MOST_FINDINGS}`, {
    path: 'first',
    suggestion: 'page on with after: pageInfo.endCursor',
  })
}

/** A page of a list that is computed as a whole; its cursors are places in the list. */
export function pageOfList<T>(list: readonly T[], first: number, after: string | null | undefined): Page<T> {
  const start = Number(keyOfCursor(after) ?? -1) + 1
  const rows = list.slice(start, start + first + 1).map((node, i) => ({ node, key: String(start + i) }))
  const page = pageOf(rows, first, list.length, ({ key }) => key)
  return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: node.node })) }
}

@Resolver(() => ParameterExport)
export class ParameterExportResolver {
  @Query(() => ParameterExport, {
    nullable: true,
    description:
      'A tree as YAML files that OpenFisca or PolicyEngine read, with the same values on every day. Since when a value was known they do not say.',
  })
  async exportParameters(
    @Arg('tree', () => ID, { description: 'The tree.' }) tree: string,
    @Arg('dialect', () => ExportDialect, { description: 'Which program reads them.' }) dialect: ExportDialect,
    @Arg('prefix', () => String, {
      nullable: true,
      description: 'Only what lies at or below this path, which files and ids begin after.',
    })
    prefix: string | undefined,
    @Arg('knownAt', () => String, {
      nullable: true,
      description: 'As known at the end of this day, month or year; absent: as known now.',
    })
    knownAt: string | undefined,
    @Ctx() context: Context,
  ): Promise<ParameterExport> {
    const whole = await requireTree(context, tree, 'tree')
    const known = knownAt == null ? undefined : lastDay(knownAt, 'knownAt')
    const all = exportTree(whole, { dialect, prefix: prefix ?? undefined, knownAt: known })
    if (all.length === 0 && prefix)
      throw new QuesnayError('NOT_FOUND', `nothing of ${tree} lies at or below "${prefix.slice(0, 120)}"`, {
        path: 'prefix',
        suggestion: 'give a path such as "us.federal.income_tax", without a dot at its end',
      })
    return { fileCount: all.length, all }
  }

  @FieldResolver(() => ParameterFileConnection, { description: 'The files, by path.' })
  files(
    @Root() { all }: ParameterExport,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
  ): Page<SourceFile> {
    return pageOfList(all, pageSize(first), after)
  }

  @FieldResolver(() => String, { description: 'All files as a .tar.gz archive in base64.' })
  async archive(@Root() { all }: ParameterExport): Promise<string> {
    return (await writeArchive(all)).toString('base64')
  }
}
