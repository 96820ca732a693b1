// The graph as committed: generated files are up to date, and everything in them is described.
import { existsSync, readFileSync } from 'node:fs'
import {
  buildASTSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  valueFromASTUntyped,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { generateFiles } from '../cli/generate.ts'
import { SUBGRAPHS } from '../cli/subgraphs.ts'
import { packageFile } from '../infra/paths.ts'
import { buildDefinition } from '../subgraphs/shared/subgraph.ts'

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
  it.each(Object.values(SUBGRAPHS))('describes every type, field, argument and value of $name', (definition) => {
    expect(undescribed(buildDefinition(definition).schema)).toEqual([])
  })
})

describe('a mutation of the graph', () => {
  const supergraph = buildASTSchema(parse(generateFiles().get('schema/sdl/supergraph.graphql')!), {
    assumeValidSDL: true,
  })
  it.each(Object.values(supergraph.getMutationType()!.getFields()))('$name says which types it changes', (field) => {
    const directive = field.astNode?.directives?.find(({ name }) => name.value === 'changes')
    const types = valueFromASTUntyped(directive!.arguments![0]!.value) as string[]
    expect(types.filter((name) => !isObjectType(supergraph.getType(name)))).toEqual([])
  })
})

/** What federation and GraphQL themselves add. */
const BUILT_IN = /^(__|link__|federation__|_Any$|_Entity$|_Service$|String$|Int$|Float$|Boolean$|ID$)/

function undescribed(schema: GraphQLSchema): string[] {
  const missing: string[] = []
  const need = (path: string, description: string | null | undefined) => {
    if (!description?.trim()) missing.push(path)
  }
  for (const type of Object.values(schema.getTypeMap())) {
    const root = ['Query', 'Mutation', 'Subscription'].includes(type.name)
    if (BUILT_IN.test(type.name)) continue
    if (!root) need(type.name, type.description)
    if (isEnumType(type)) for (const value of type.getValues()) need(`${type.name}.${value.name}`, value.description)
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) need(`${type.name}.${field.name}`, field.description)
    if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) {
        if (field.name === '_entities' || field.name === '_service') continue
        need(`${type.name}.${field.name}`, field.description)
        for (const arg of field.args) need(`${type.name}.${field.name}(${arg.name}:)`, arg.description)
      }
  }
  return missing
}
