// The graph as committed: generated files are up to date, and everything in them is described.
import { existsSync, readFileSync } from 'node:fs'
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { generateFiles } from '../cli/generate.ts'
import { SUBGRAPHS } from '../cli/subgraphs.ts'
import { packageFile } from '../infra/paths.ts'
import { openSupergraph } from './support/api-schema.ts'

describe('the generated files', () => {
  it.each([...generateFiles()])('%s is what `npm run generate` writes', (path, text) => {
    expect(existsSync(packageFile(path)) ? readFileSync(packageFile(path), 'utf8') : '').toBe(text)
  })

  it('holds one SDL for each of the five subgraphs, and the supergraph', () => {
    const names = [...generateFiles().keys()].filter((path) => path.endsWith('.graphql'))
    expect(names.sort()).toEqual(
      [...Object.keys(SUBGRAPHS), 'supergraph'].sort().map((name) => `schema/sdl/${name}.graphql`),
    )
  })
})

describe('the graph', () => {
  it('describes every type, field, argument and value', () => {
    expect(undescribed(openSupergraph())).toEqual([])
  })
})

function undescribed(sdl: string): string[] {
  const missing: string[] = []
  const need = (path: string, description: string | null | undefined) => {
    if (!description?.trim()) missing.push(path)
  }
  for (const type of Object.values(buildSchema(sdl).getTypeMap())) {
    const root = ['Query', 'Mutation', 'Subscription'].includes(type.name)
    if (type.name.startsWith('__') || ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name)) continue
    if (!root) need(type.name, type.description)
    if (isEnumType(type)) for (const value of type.getValues()) need(`${type.name}.${value.name}`, value.description)
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) need(`${type.name}.${field.name}`, field.description)
    if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) {
        need(`${type.name}.${field.name}`, field.description)
        for (const arg of field.args) need(`${type.name}.${field.name}(${arg.name}:)`, arg.description)
      }
  }
  return missing
}

it('parses what is committed', () => {
  expect(parse(readFileSync(packageFile('schema/sdl/supergraph.graphql'), 'utf8')).kind).toBe('Document')
})
