// Rounds of a plan: what goes together, what is put off, and what must stay in its order.
import type { PlanNode } from '@apollo/query-planner'
import { describe, expect, it } from 'vitest'
import { scheduled } from './schedule.ts'

const root = (serviceName: string): PlanNode =>
  ({ kind: 'Fetch', serviceName, operation: `{ ${serviceName} }`, operationKind: 'query' }) as unknown as PlanNode
const entities = (serviceName: string, path: string): PlanNode =>
  ({
    kind: 'Flatten',
    path: path.split('.'),
    node: { kind: 'Fetch', serviceName, operation: '', requires: [] },
  }) as unknown as PlanNode
const sequence = (...nodes: PlanNode[]): PlanNode => ({ kind: 'Sequence', nodes })
const parallel = (...nodes: PlanNode[]): PlanNode => ({ kind: 'Parallel', nodes })

/** Each round as what it asks and the rounds that it waits for. */
const rounds = (plan: PlanNode) =>
  scheduled(plan).map(({ fetches, after }) => {
    const asked = fetches.map(({ node, path }) => [node.serviceName, ...path].join('.'))
    return `${asked.join(' + ')}${after.length > 0 ? ` after ${after}` : ''}`
  })

describe('the rounds of a plan', () => {
  it('ask a subgraph once at a depth, whichever branches do', () => {
    const plan = parallel(
      sequence(root('accounts'), entities('reviews', 'users')),
      sequence(root('products'), entities('reviews', 'top')),
    )
    expect(rounds(plan)).toEqual(['accounts', 'products', 'reviews.users + reviews.top after 0,1'])
  })

  it('put off what nobody waits for to a depth at which its subgraph is asked anyway', () => {
    const plan = sequence(
      root('reviews'),
      parallel(sequence(entities('products', 'a'), entities('inventory', 'a')), entities('inventory', 'b')),
    )
    expect(rounds(plan)).toEqual(['reviews', 'products.a after 0', 'inventory.a + inventory.b after 0,1'])
  })

  it('do not put off what something waits for', () => {
    const plan = sequence(
      root('reviews'),
      parallel(
        sequence(entities('products', 'a'), entities('inventory', 'a')),
        sequence(entities('inventory', 'b'), entities('products', 'b')),
      ),
    )
    expect(rounds(plan)).toEqual([
      'reviews',
      'products.a after 0',
      'inventory.b after 0',
      'inventory.a after 1',
      'products.b after 2',
    ])
  })

  it('never become more than the longest chain is deep', () => {
    const plan = sequence(root('a'), parallel(entities('b', 'x'), sequence(entities('c', 'x'), entities('b', 'y'))))
    const depth = (i: number): number => 1 + Math.max(0, ...scheduled(plan)[i]!.after.map(depth))
    expect(Math.max(...scheduled(plan).map((_, i) => depth(i)))).toBe(3)
  })

  it('keep the fields of a mutation in their order, with what each of them gives', () => {
    const plan = sequence(root('first'), entities('other', 'x'), root('second'), entities('other', 'y'))
    expect(rounds(plan)).toEqual(['first', 'other.x after 0', 'second after 1', 'other.y after 2'])
  })

  it('stay in sequence across a part of the plan that asks nothing', () => {
    expect(rounds(sequence(root('first'), parallel(), root('second')))).toEqual(['first', 'second after 0'])
  })

  it('are none for a plan that has none', () => {
    expect(rounds(parallel())).toEqual([])
  })

  it('are refused for what is not served', () => {
    const plan = { kind: 'Defer' } as unknown as PlanNode
    expect(() => scheduled(plan)).toThrow(expect.objectContaining({ code: 'CONSTRUCT_UNSUPPORTED' }))
  })
})
