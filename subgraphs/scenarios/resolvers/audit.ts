// The audit, for those who may read it: rows of their own tenant, searched.
import { Arg, Ctx, Directive, Int, Query, Resolver } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { needsScope } from '../../shared/access.ts'
import { cursorOf, keyOfCursor, pageSize } from '../../shared/connection.ts'
import type { AuditRow } from '../store/audit.ts'
import { AuditEntry, AuditEntryConnection, AuditFilter, type OperationType } from '../types/audit.ts'
import type { Context } from './context.ts'

const SCOPE = 'audit:read'

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Directive(needsScope('audit:read'))
  @Query(() => AuditEntryConnection, {
    description: 'What this tenant has asked of the gateway, the newest first. Needs the scope audit:read.',
  })
  async auditLog(
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Which rows; all where absent.' })
    filter: AuditFilter | null,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<AuditEntryConnection> {
    assertMayRead(context)
    const size = pageSize(first)
    const rows = await context.store.audit.page(context.tenant, filter ?? {}, size, keyOfCursor(after))
    const edges = rows.slice(0, size).map((row) => ({ cursor: cursorOf(row.id), node: viewEntry(row) }))
    return { edges, pageInfo: { hasNextPage: rows.length > size, endCursor: edges.at(-1)?.cursor ?? null } }
  }
}

/** @throws FORBIDDEN */
function assertMayRead({ caller }: Context): void {
  const { scopes } = caller.principal
  if (scopes.includes('*') || scopes.includes(SCOPE)) return
  throw new QuesnayError('FORBIDDEN', `the audit needs the scope ${SCOPE}`, {
    path: 'auditLog',
    suggestion: 'ask an administrator of your tenant for a token with this scope',
  })
}

function viewEntry({ withheld, versions, type, seq, cost, ...row }: AuditRow): AuditEntry {
  return {
    ...row,
    type: type.toUpperCase() as OperationType,
    seq: Number(seq),
    cost: typeof cost === 'object' ? (cost as Record<string, unknown> | null) : { total: cost },
    withheld: Object.entries(withheld).map(([path, reason]) => ({ path, reason })),
    versions: Object.entries(versions).flatMap(([subgraph, read]) =>
      Object.entries(read).map(([name, version]) => ({ subgraph, name, version })),
    ),
    unversioned: Object.keys(versions).filter((subgraph) => Object.keys(versions[subgraph]!).length === 0),
  }
}
