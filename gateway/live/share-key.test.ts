// Who shares a subscription: whoever has the same rights, and of what is private only the same person.
import { buildSchema, getOperationAST, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { type Caller, PROCESS } from '../../schema/caller.ts'
import { newReply, type Operation } from '../edge/step.ts'
import { shareKeyOf } from './share-key.ts'

const SDL = `directive @cacheControl(maxAge: Int, scope: String) on FIELD_DEFINITION | OBJECT
  type Run { id: ID! status: String note: String @cacheControl(scope: "PRIVATE") }
  type Query { run: Run } type Subscription { runUpdated: Run }`
const graph = { schema: buildSchema(SDL), sdl: SDL }

function keyOf(query: string, subject: string, more: Partial<Caller> = {}): string {
  const document = parse(query)
  const caller = { tenant: 'acme', requestId: 'r', principal: { ...PROCESS, subject }, ...more }
  const operation: Operation = {
    ...{ document, operation: getOperationAST(document)!, type: 'subscription' as Operation['type'], query, caller },
    ...{ operationName: undefined, given: {}, variables: {}, graph, refused: [], reply: newReply(), notes: {} },
  }
  return shareKeyOf(operation, {})
}

describe('a subscription', () => {
  it('is one for different people with the same rights, and not of different tenants', () => {
    const query = 'subscription { runUpdated { status } }'
    expect(keyOf(query, 'ann')).toBe(keyOf(query, 'bob'))
    expect(keyOf(query, 'ann')).not.toBe(keyOf(query, 'ann', { tenant: 'other' }))
  })

  it('with a private field is one for one person alone', () => {
    const query = 'subscription { runUpdated { status ...F } } fragment F on Run { note }'
    expect(keyOf(query, 'ann')).toBe(keyOf(query, 'ann'))
    expect(keyOf(query, 'ann')).not.toBe(keyOf(query, 'bob'))
  })
})
