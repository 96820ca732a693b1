import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { composeSupergraph } from '../compose.ts'
import { grantFaults } from './grants.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@external", "@requires", "@override", "@shareable"])`
const OURS = `${LINK}
  type Query { economy(id: ID!): Economy }
  type Economy @key(fields: "id") @key(fields: "code region { name }") { id: ID! code: String! gdp: Float region: Region! owner: Owner }
  type Region @shareable { name: String! secret: String }
  type Owner @key(fields: "id") { id: ID! mail: String }`

const supergraph = (partner: string) =>
  parse(
    composeSupergraph([
      { name: 'ours', url: 'http://127.0.0.1:1/ours', sdl: OURS },
      { name: 'acme-ratings', url: 'http://127.0.0.1:1/acme', sdl: `${LINK} ${partner}` },
    ]),
  )
const faults = (partner: string, entities: Record<string, string[]>) =>
  grantFaults(supergraph(partner), { 'acme-ratings': { entities } })

const RATING = 'type Economy @key(fields: "id") { id: ID! rating: String }'

describe('grants of a partner', () => {
  it('let it add to an entity by a key that it was granted, and have types of its own', () => {
    const own = `${RATING} type Rating @key(fields: "id") { id: ID! value: Float } type Query { rating(id: ID!): Rating }`
    expect(faults(own, { Economy: ['id'] })).toEqual([])
  })

  it('are missing for an entity that is not named, and for a field of it that is not', () => {
    const missing = ['the partner acme-ratings is keyed by Economy.id, which it is not granted']
    expect(faults(RATING, {})).toEqual(missing)
    expect(faults(RATING, { Economy: ['gdp'], Owner: ['id'] })).toEqual(missing)
  })

  it('are asked for the fields within a key', () => {
    const nested =
      'type Economy @key(fields: "code region { name }") { code: String! region: Region! rating: Int } type Region @shareable { name: String! }'
    expect(faults(nested, { Economy: ['code', 'region'] })).toEqual([
      'the partner acme-ratings is keyed by Region.name, which it is not granted',
    ])
    expect(faults(nested, { Economy: ['code', 'region'], Region: ['name'] })).toEqual([])
  })

  it('are asked for what it requires and what it calls external', () => {
    const requiring = `type Economy @key(fields: "id") { id: ID! gdp: Float @external region: Region! @external rating: Int @requires(fields: "gdp region { secret }") }
      type Region @shareable { secret: String }`
    expect(faults(requiring, { Economy: ['id', 'region'] })).toEqual([
      'the partner acme-ratings is sent Economy.gdp, which it is not granted',
      'the partner acme-ratings requires Economy.gdp, which it is not granted',
      'the partner acme-ratings requires Region.secret, which it is not granted',
    ])
    expect(faults(requiring, { Economy: ['id', 'gdp', 'region'], Region: ['secret'] })).toEqual([])
  })

  it('never let it take a field over from another subgraph', () => {
    const taking = 'type Economy @key(fields: "id") { id: ID! gdp: Float @override(from: "ours") }'
    expect(faults(taking, { Economy: ['id', 'gdp'] })).toEqual([
      'the partner acme-ratings takes Economy.gdp over from ours',
    ])
  })

  it('say nothing of a subgraph that is not there', () => {
    expect(grantFaults(supergraph(RATING), { other: { entities: {} } })).toEqual([])
  })
})
