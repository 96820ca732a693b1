// Mechanisms, nodes and studies: read, and followed from one to the other.
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import type { Page } from '../../shared/connection.ts'
import { isQuantified } from '../rules/quantify.ts'
import { responseOf } from '../rules/simulated.ts'
import { MechanismBank } from '../types/bank.ts'
import { Citation, Mechanism, MechanismConnection, MechanismResponse, Study } from '../types/mechanism.ts'
import { Node } from '../types/node.ts'
import { MechanismListArgs, PageArgs } from './args.ts'
import { type Context, mechanismPage, requireBank, requireMechanism, requireNode } from './context.ts'

@Resolver(() => Mechanism)
export class MechanismResolver {
  @Query(() => Mechanism, { nullable: true, description: 'The mechanism of this id.' })
  mechanism(
    @Arg('id', () => ID, { description: 'bank@version/key.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Mechanism> {
    return requireMechanism(context, id, 'id')
  }

  @Query(() => MechanismConnection, { description: 'Mechanisms of all banks or of one, by id.' })
  mechanisms(
    @Arg('bank', () => ID, { nullable: true, description: 'Only of this bank (name@version).' }) bank:
      | string
      | undefined,
    @Args(() => MechanismListArgs) { first, after, ...filter }: MechanismListArgs,
    @Ctx() context: Context,
  ): Promise<Page<Mechanism>> {
    return mechanismPage(context, bank ? 'BANK' : 'TENANT', bank ?? '', filter, { first, after })
  }

  @FieldResolver(() => MechanismBank, { description: 'The bank it belongs to.' })
  bank(@Root() mechanism: Mechanism, @Ctx() context: Context): Promise<MechanismBank> {
    return requireBank(context, mechanism.bankId, 'bank')
  }

  @FieldResolver(() => Node, { description: 'The node that influences.' })
  from(@Root() mechanism: Mechanism, @Ctx() context: Context): Promise<Node> {
    return requireNode(context, mechanism.fromId, 'from')
  }

  @FieldResolver(() => Node, { description: 'The node that is influenced.' })
  to(@Root() mechanism: Mechanism, @Ctx() context: Context): Promise<Node> {
    return requireNode(context, mechanism.toId, 'to')
  }

  @FieldResolver(() => MechanismResponse, {
    nullable: true,
    description: 'The effect on the scale that is simulated; null where it cannot be put on it.',
  })
  async response(@Root() mechanism: Mechanism, @Ctx() context: Context): Promise<MechanismResponse | null> {
    const row = await context.loaders.mechanism.load(mechanism.id)
    const source = await context.loaders.node.load(mechanism.fromId)
    if (!row || !source) return null
    const response = responseOf(row, source)
    return isQuantified(response) ? response : null
  }

  @FieldResolver(() => [Citation], { description: 'What it cites, the primary citation first.' })
  citations(@Root() mechanism: Mechanism, @Ctx() context: Context): Promise<Citation[]> {
    return context.loaders.citationsOf.load(mechanism.id)
  }
}

@Resolver(() => Citation)
export class CitationResolver {
  @FieldResolver(() => Study, { nullable: true, description: 'The study, where the source names one.' })
  async study(@Root() citation: Citation, @Ctx() context: Context): Promise<Study | null> {
    if (citation.studyId === null) return null
    return (await context.loaders.study.load(citation.studyId)) ?? null
  }
}

@Resolver(() => Study)
export class StudyResolver {
  @Query(() => Study, { nullable: true, description: 'The study of this id.' })
  async study(
    @Arg('id', () => ID, { description: 'DOI in lower case, or slug.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Study> {
    const row = await context.loaders.study.load(id)
    if (row) return row
    throw new QuesnayError('NOT_FOUND', `no study "${id}"`, { path: 'id', suggestion: 'give its DOI in lower case' })
  }

  @FieldResolver(() => MechanismConnection, { description: 'Mechanisms that cite it, in all banks, by id.' })
  mechanisms(
    @Root() study: Study,
    @Args(() => PageArgs) list: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<Mechanism>> {
    return mechanismPage(context, 'STUDY', study.id, {}, list)
  }
}

@Resolver(() => Node)
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'The node of this id.' })
  node(@Arg('id', () => ID, { description: 'bank@version/key.' }) id: string, @Ctx() context: Context): Promise<Node> {
    return requireNode(context, id, 'id')
  }

  @FieldResolver(() => MechanismBank, { description: 'The bank it belongs to.' })
  bank(@Root() node: Node, @Ctx() context: Context): Promise<MechanismBank> {
    return requireBank(context, node.bankId, 'bank')
  }

  @FieldResolver(() => MechanismConnection, { description: 'Mechanisms that influence it, by id.' })
  incoming(
    @Root() node: Node,
    @Args(() => PageArgs) list: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<Mechanism>> {
    return mechanismPage(context, 'TO', node.id, {}, list)
  }

  @FieldResolver(() => MechanismConnection, { description: 'Mechanisms by which it influences others, by id.' })
  outgoing(
    @Root() node: Node,
    @Args(() => PageArgs) list: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<Mechanism>> {
    return mechanismPage(context, 'FROM', node.id, {}, list)
  }
}
