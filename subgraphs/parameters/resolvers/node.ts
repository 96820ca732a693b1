// Nodes of a tree: what is said of them, and what stands below them.
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import type { Child, NodeEntry } from '../store/nodes.ts'
import type { StoredParameter } from '../store.ts'
import { Parameter } from '../types/parameter.ts'
import { BracketScale } from '../types/scale.ts'
import { ParameterNode, ParameterNodeConnection } from '../types/tree.ts'
import { type Context, pathIn, requireTreeRow } from './context.ts'

@Resolver(() => ParameterNode)
export class ParameterNodeResolver {
  @FieldResolver(() => String, { description: 'What it is; where nothing is said of it, the last word of its path.' })
  async label(@Root() node: ParameterNode, @Ctx() context: Context): Promise<string> {
    const [text, parameter, scale] = [
      await textOf(node, context),
      await this.parameter(node, context),
      await this.scale(node, context),
    ]
    const { id, title } = await requireTreeRow(context, node.treeId, 'tree')
    return text?.label ?? parameter?.label ?? scale?.label ?? (node.id.replace(`${id}/`, '').split('.').at(-1) || title)
  }

  @FieldResolver(() => String, { nullable: true, description: 'More about it.' })
  async description(@Root() node: ParameterNode, @Ctx() context: Context): Promise<string | null> {
    return (await textOf(node, context))?.description ?? (await this.parameter(node, context))?.description ?? null
  }

  @FieldResolver(() => String, { nullable: true, description: 'Unit of what stands below it, where it is said here.' })
  async unit(@Root() node: ParameterNode, @Ctx() context: Context): Promise<string | null> {
    return (await textOf(node, context))?.unit ?? (await this.parameter(node, context))?.unit ?? null
  }

  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'What the levels below it run over, such as "filing_status" or "range(1,11)"; null where they are no breakdown.',
  })
  async breakdown(@Root() node: ParameterNode, @Ctx() context: Context): Promise<readonly string[] | null> {
    return (await textOf(node, context))?.breakdown ?? null
  }

  @FieldResolver(() => Parameter, {
    nullable: true,
    description: 'The parameter at this place; null where it is a node.',
  })
  async parameter(@Root() node: ParameterNode, @Ctx() context: Context): Promise<StoredParameter | null> {
    return node.isParameter ? ((await context.loaders.parameter.load(node.id)) ?? null) : null
  }

  @FieldResolver(() => BracketScale, {
    nullable: true,
    description: 'The scale of brackets at this place, if it is one.',
  })
  async scale(@Root() node: ParameterNode, @Ctx() context: Context): Promise<BracketScale | null> {
    const path = pathIn(await requireTreeRow(context, node.treeId, 'tree'), node.id)
    return (await context.loaders.scales.load(node.treeId)).find((scale) => scale.id === path) ?? null
  }

  @FieldResolver(() => ParameterNodeConnection, {
    description: 'What stands right below it; numbers by their size, words by their letters.',
  })
  async children(
    @Root() node: ParameterNode,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<NodeEntry>> {
    const size = pageSize(first)
    const { idPrefix } = await requireTreeRow(context, node.treeId, 'tree')
    const query = { treeId: node.treeId, prefix: idPrefix, node: node.id, first: size, after: keyOfCursor(after) }
    const { rows, totalCount } = await context.loaders.children.load(query)
    return pageOf<Child>(rows, size, totalCount, (child) => child.key)
  }
}

async function textOf(node: ParameterNode, context: Context) {
  const id = pathIn(await requireTreeRow(context, node.treeId, 'tree'), node.id)
  return context.loaders.nodeText.load({ treeId: node.treeId, id })
}
