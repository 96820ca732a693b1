// What is written down of variables: what is classified is not there, and of a graph that classifies nothing nothing is.
import { buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { readClassification } from './classification.ts'
import { normalise } from './normalise.ts'
import { redact } from './redact.ts'

const DIRECTIVE = `
  enum Level { PUBLIC INTERNAL CONFIDENTIAL PERSONAL }
  directive @classification(level: Level!) on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | FIELD_DEFINITION`
const graph = (mark: (level: string) => string) => `${DIRECTIVE}
  input Person { id: ID, name: String ${mark('PERSONAL')}, wages: [Float!] ${mark('CONFIDENTIAL')}, year: Int }
  type Query {
    household(input: Person!, members: [Person!]): Int
    find(name: String ${mark('PERSONAL')}, first: Int): Int
    secret(a: String, b: String ${mark('PUBLIC')}): Int ${mark('CONFIDENTIAL')}
  }`
const classified = graph((level) => `@classification(level: ${level})`)

function redacted(query: string, variables: Record<string, unknown> = {}, sdl = classified) {
  const document = parse(query)
  const operation = document.definitions.find((node) => node.kind === 'OperationDefinition')!
  const normalised = normalise({ document, operation }, buildSchema(sdl))
  return redact(normalised, variables, readClassification(sdl))
}

describe('variables in the audit', () => {
  it('leave out members that are personal or confidential, in lists and literals too', () => {
    const person = { id: 'h1', name: 'Ada Lovelace', wages: [1, 2], year: 2026 }
    const { variables, withheld } = redacted(
      'query($p: Person!) { household(input: $p, members: [{ name: "Charles", year: 2025 }]) }',
      { p: person },
    )
    expect(variables).toEqual({
      p: { id: 'h1', name: '[redacted]', wages: '[redacted]', year: 2026 },
      _1: [{ name: '[redacted]', year: 2025 }],
    })
    expect(withheld).toEqual({ 'p.name': 'CLASSIFIED', 'p.wages': 'CLASSIFIED', '_1.name': 'CLASSIFIED' })
    expect(JSON.stringify(variables)).not.toMatch(/Ada|Charles/)
  })

  it('take a variable for the strictest of the places it is used in', () => {
    expect(redacted('query($n: String) { find(name: $n, first: 3) secret(b: $n) }', { n: 'Ada' }).variables).toEqual({
      n: '[redacted]',
      _1: 3,
    })
  })

  it('are classified by all that they stand in', () => {
    const sdl = classified.replace('year: Int', `year: Int, home: Person @classification(level: PERSONAL)`)
    const { variables, withheld } = redacted(
      'query($y: Int) { household(input: { home: { year: $y, id: "h1" } }) }',
      { y: 1815 },
      sdl,
    )
    expect(variables).toEqual({ y: '[redacted]', _1: '[redacted]' })
    expect(withheld).toEqual({ y: 'CLASSIFIED', _1: 'CLASSIFIED' })
  })

  it('take the level of a field for its arguments, where these have none of their own', () => {
    expect(redacted('{ secret(a: "x", b: "y") }').variables).toEqual({ _1: '[redacted]', _2: 'y' })
  })

  it('are all left out in a graph that classifies nothing', () => {
    const { variables } = redacted(
      'query($n: String) { find(name: $n, first: 3) }',
      { n: 'Ada' },
      graph(() => ''),
    )
    expect(variables).toEqual({ n: '[redacted]', _1: '[redacted]' })
  })

  it('leave out what a level that is not known stands on', () => {
    const sdl = classified
      .replace('enum Level {', 'enum Level { SECRET ')
      .replace('input Person { id: ID', 'input Person { id: ID @classification(level: SECRET)')
    expect(redacted('{ household(input: { id: "h1" }) }', {}, sdl).variables).toEqual({ _1: { id: '[redacted]' } })
  })

  it('are not kept a second time where they are long', () => {
    const { variables, withheld } = redacted('query($p: Person!) { household(input: $p) }', {
      p: { id: 'x'.repeat(20_000) },
    })
    expect(variables).toEqual({ p: '[20009 characters]' })
    expect(withheld).toEqual({ p: 'LONG' })
  })
})
