// Composition: what fits becomes a supergraph, what does not becomes findings that name the subgraphs.
import { describe, expect, it } from 'vitest'
import { checkComposition, composeSupergraph } from './compose.ts'

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@composeDirective"])'
const a = {
  name: 'a',
  url: 'http://a/',
  sdl: `${LINK} type Query { thing(id: ID!): Thing } type Thing @key(fields: "id") { id: ID! size: Int }`,
}
const b = { name: 'b', url: 'http://b/', sdl: `${LINK} type Thing @key(fields: "id") { id: ID! price: Float }` }
const withB = (sdl: string) => [a, { ...b, sdl: `${LINK} ${sdl}` }]
const pushed = (directive: string) => `
  @link(url: "https://specs.quesnay.dev/events/v1.0", import: ["@eventSource"]) @composeDirective(name: "@eventSource")
  directive @eventSource(subject: String!, snapshot: String, stream: String, policy: String, key: String,
    payload: String) on FIELD_DEFINITION
  type Subscription { thingChanged(id: ID!): Thing ${directive} }
  type Query { now(id: ID!): Thing }
  type Thing @key(fields: "id") { id: ID! price: Float }`

describe('composeSupergraph', () => {
  it('gives the same text for the same subgraphs', () => {
    const supergraph = composeSupergraph([a, b])
    expect(supergraph).toBe(composeSupergraph([a, b]))
    expect(supergraph).toContain('@join__graph(name: "b", url: "http://b/")')
  })

  it('carries @eventSource into the supergraph', () => {
    const supergraph = composeSupergraph(withB(pushed('@eventSource(subject: "run.{args.id}", snapshot: "now")')))
    expect(supergraph).toContain('@eventSource(subject: "run.{args.id}", snapshot: "now")')
  })

  it('throws BAD_INPUT with every fault in its detail', () => {
    const compose = () => composeSupergraph(withB('type Thing @key(fields: "nope") { id: ID! price: Float }'))
    expect(compose).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})

describe('checkComposition', () => {
  it('finds nothing wrong with what fits', () => {
    const { supergraphSdl, findings } = checkComposition([a, b])
    expect(supergraphSdl).toBeDefined()
    expect(findings.filter(({ severity }) => severity === 'ERROR')).toEqual([])
  })

  it('names place and subgraph of a syntax error', () => {
    const { supergraphSdl, findings } = checkComposition([a, { ...b, sdl: 'type {' }])
    expect(supergraphSdl).toBeUndefined()
    expect(findings).toEqual([
      {
        severity: 'ERROR',
        code: 'SYNTAX',
        message: '[b] Syntax Error: Expected Name, found "{". (line 1, column 6)',
        subgraphs: ['b'],
        line: 1,
      },
    ])
  })

  it('names both subgraphs of a field that differs', () => {
    const { findings } = checkComposition(withB('type Thing @key(fields: "id") { id: ID! size: String }'))
    expect(findings.map(({ code }) => code)).toContain('INVALID_FIELD_SHARING')
    expect(findings[0]?.subgraphs).toEqual(['a', 'b'])
  })

  it('finds a key whose field is missing', () => {
    const { findings } = checkComposition(withB('type Thing @key(fields: "nope") { id: ID! price: Float }'))
    expect(findings).toMatchObject([{ severity: 'ERROR', code: 'KEY_INVALID_FIELDS', subgraphs: ['b'] }])
  })

  it('finds a field that no operation can reach', () => {
    const orphan = 'type Thing @key(fields: "id", resolvable: false) { id: ID! price: Float }'
    expect(checkComposition(withB(orphan)).findings).toMatchObject([{ code: 'SATISFIABILITY_ERROR' }])
  })

  it('finds a payload of a type that nobody could look up', () => {
    const bare = pushed('@eventSource(subject: "run.{args.id}", payload: "run")').replace('@key(fields: "id")', '')
    const { findings } = checkComposition([{ ...b, sdl: `${LINK} ${bare}` }])
    expect(findings[0]?.message).toContain('a payload of a type without a key')
  })

  it.each([
    ['', 'has no @eventSource'],
    ['@eventSource(subject: "{args.id}", snapshot: "now")', 'has the subject "{args.id}"'],
    ['@eventSource(subject: "*.{args.id}", snapshot: "now")', 'has the subject "*.{args.id}"'],
    ['@eventSource(subject: ">", snapshot: "now")', 'has the subject ">"'],
    ['@eventSource(subject: "run.>.{args.id}", snapshot: "now")', 'has the subject "run.>.{args.id}"'],
    ['@eventSource(subject: "run.a{args.id}", snapshot: "now")', 'has the subject "run.a{args.id}"'],
    ['@eventSource(subject: "run..{args.id}", snapshot: "now")', 'has the subject "run..{args.id}"'],
    ['@eventSource(subject: "run.{args.id}", snapshot: "now", policy: "SOMETIMES")', 'the policy "SOMETIMES"'],
    ['@eventSource(subject: "run.{args.id}", snapshot: "now", stream: "OTHER")', 'the stream "OTHER"'],
    ['@eventSource(subject: "run.{args.id}", snapshot: "now", key: "id")', 'a key but no payload'],
    ['@eventSource(subject: "run.{args.id}")', 'neither a snapshot nor a payload'],
    ['@eventSource(subject: "run.{args.key}", snapshot: "now")', 'no required argument "key"'],
    ['@eventSource(subject: "run.{args.id}", snapshot: "never")', 'snapshot "never"'],
    ['@eventSource(subject: "run.{args.id}", snapshot: "thing")', 'does not answer its snapshot'],
  ])('finds a subscription that cannot be served: %s', (directive, told) => {
    const { supergraphSdl, findings } = checkComposition(withB(pushed(directive)))
    expect(supergraphSdl).toBeUndefined()
    expect(findings[0]).toMatchObject({ severity: 'ERROR', code: 'EVENT_SOURCE' })
    expect(findings[0]?.message).toContain(told)
  })
})
