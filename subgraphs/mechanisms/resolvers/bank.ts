// Banks: read, imported, and compiled to a model.
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { needsScope, needsTier } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { Finding, Severity } from '../../shared/types.ts'
import { MechanismBank, MechanismBankConnection } from '../types/bank.ts'
import { ImportMechanismBankInput, ImportMechanismBankPayload } from '../types/import.ts'
import { Mechanism, MechanismConnection } from '../types/mechanism.ts'
import { Node, NodeConnection } from '../types/node.ts'
import { BankFindingConnection, CompiledModel, FindingCount } from '../types/shared.ts'
import { FindingListArgs, MechanismListArgs, NodeListArgs, PageArgs } from './args.ts'
import {
  type Context,
  countFindings,
  mechanismPage,
  pageArgs,
  pageOfIds,
  requireBank,
  selectFindings,
  viewNode,
} from './context.ts'
import { importBank } from './import-bank.ts'

@Resolver(() => MechanismBank)
export class BankResolver {
  @Query(() => MechanismBank, { nullable: true, description: 'The bank of this id.' })
  mechanismBank(
    @Arg('id', () => ID, { description: 'name@version.' }) id: string,
    @Ctx() context: Context,
  ): Promise<MechanismBank> {
    return requireBank(context, id, 'id')
  }

  @Query(() => MechanismBankConnection, { description: 'Banks in all their versions, by id.' })
  async mechanismBanks(
    @Arg('name', () => String, { nullable: true, description: 'Only versions of this bank.' }) name: string | undefined,
    @Args(() => PageArgs) list: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<MechanismBank>> {
    const page = pageArgs(list)
    const ids = await context.store.bankPage(context.tenant, page, name)
    return pageOfIds(ids, page.first, context.loaders.bank, (row) => row)
  }

  @Directive(needsScope('mechanisms:write'))
  @Directive(needsTier('enterprise'))
  @Directive(changing('MechanismBank', 'Node', 'Mechanism', 'Study'))
  @Mutation(() => ImportMechanismBankPayload, {
    description: 'Imports a version of a bank: everything, or nothing and every fault with its file and line.',
  })
  importMechanismBank(
    @Arg('input', () => ImportMechanismBankInput, { description: 'The bank.' }) input: ImportMechanismBankInput,
    @Ctx() context: Context,
  ): Promise<ImportMechanismBankPayload> {
    return importBank(input, context)
  }

  @FieldResolver(() => NodeConnection, { description: 'Its nodes, by id.' })
  async nodes(
    @Root() bank: MechanismBank,
    @Args(() => NodeListArgs) { category, stock, ...list }: NodeListArgs,
    @Ctx() context: Context,
  ): Promise<Page<Node>> {
    const page = pageArgs(list)
    const ids = await context.loaders.nodePage.load({ owner: bank.id, filter: { category, stock }, page })
    return pageOfIds(ids, page.first, context.loaders.node, viewNode)
  }

  @FieldResolver(() => MechanismConnection, { description: 'Its mechanisms, by id.' })
  mechanisms(
    @Root() bank: MechanismBank,
    @Args(() => MechanismListArgs) { first, after, ...filter }: MechanismListArgs,
    @Ctx() context: Context,
  ): Promise<Page<Mechanism>> {
    return mechanismPage(context, 'BANK', bank.id, filter, { first, after })
  }

  @FieldResolver(() => BankFindingConnection, {
    description: 'What was found when it was imported: gaps and contradictions.',
  })
  async findings(
    @Root() bank: MechanismBank,
    @Args(() => FindingListArgs) { first, after, ...filter }: FindingListArgs,
    @Ctx() context: Context,
  ): Promise<Page<Finding>> {
    const size = pageSize(first)
    const selected = selectFindings(await context.loaders.findingsOf.load(bank.id), filter)
    const start = Number(keyOfCursor(after) ?? -1) + 1
    const rows = selected.slice(start, start + size + 1).map((finding, i) => ({ finding, key: String(start + i) }))
    const page = pageOf(rows, size, selected.length, (row) => row.key)
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: node.finding })) }
  }

  @FieldResolver(() => [FindingCount], { description: 'How many findings there are of each kind.' })
  async findingCounts(@Root() bank: MechanismBank, @Ctx() context: Context): Promise<FindingCount[]> {
    return countFindings(await context.loaders.findingsOf.load(bank.id))
  }

  @FieldResolver(() => CompiledModel, { nullable: true, description: 'Its network as a model that the fleet runs.' })
  model(@Root() bank: MechanismBank, @Ctx() context: Context): Promise<CompiledModel> {
    return context.loaders.compiled.load(bank.id)
  }
}

@Resolver(() => ImportMechanismBankPayload)
export class ImportPayloadResolver {
  @FieldResolver(() => [Finding], {
    description: 'Faults (ERROR), gaps (WARNING) and remarks (INFO), each with its place and its fix.',
  })
  findings(
    @Root() payload: ImportMechanismBankPayload,
    @Arg('severity', () => Severity, { nullable: true, description: 'Only of this gravity.' }) severity:
      | Severity
      | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Only of this code.' }) code: string | undefined,
  ): Finding[] {
    return selectFindings(payload.allFindings, { severity, code })
  }
}
