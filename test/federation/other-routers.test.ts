// The graph composes for other Federation 2 routers: it depends on nothing that only this gateway knows.
import { readFileSync } from 'node:fs'
import { Supergraph } from '@apollo/federation-internals'
import { type DocumentNode, Kind, parse, print, printSchema, visit } from 'graphql'
import { describe, expect, it } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { openRegistry } from '../../gateway/registry/registry.ts'
import { packageFile } from '../../infra/paths.ts'

const supergraph = readFileSync(packageFile('schema', 'sdl', 'supergraph.graphql'), 'utf8')
const APOLLO = 'https://specs.apollo.dev/'
/** Names that no router looks up: of the specifications of Apollo, and of GraphQL itself. */
const PREFIXES =
  /^(join__|link|core|tag|inaccessible|authenticated|requiresScopes|policy|cost|listSize|deprecated|specifiedBy|oneOf)/

interface Link {
  readonly url: string
  readonly purpose: string | undefined
}

function linksOf(document: DocumentNode): Link[] {
  const links: Link[] = []
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'link') return
      const of = (argument: string) => given.find((one) => one.name.value === argument)?.value
      const [url, purpose] = [of('url'), of('for')]
      links.push({
        url: url?.kind === Kind.STRING ? url.value : '',
        purpose: purpose?.kind === Kind.ENUM ? purpose.value : undefined,
      })
    },
  })
  return links
}

/** An SDL without what is ours: links to our specifications, their definitions, and all use of them. */
function withoutOurs(sdl: string): string {
  const document = parse(sdl)
  const ours = new Set<string>()
  for (const node of document.definitions) if (node.kind === Kind.DIRECTIVE_DEFINITION) ours.add(node.name.value)
  const isOwnLink = (text: string) => /@?link\(/.test(text) && !text.includes(APOLLO)
  return print(
    visit(document, {
      DirectiveDefinition: () => null,
      Directive: (node) =>
        ours.has(node.name.value) || node.name.value === 'composeDirective' || isOwnLink(print(node))
          ? null
          : undefined,
    }),
  )
}

// What routers know, as the library lists it for them: among it the specifications for security.
const api = (sdl: string) => printSchema(Supergraph.buildForTests(sdl).apiSchema().toGraphQLJSSchema())

describe('the supergraph', () => {
  const document = parse(supergraph)

  it('asks no router to know a specification that is not of Apollo', () => {
    const demanded = linksOf(document).filter(({ purpose }) => purpose !== undefined)
    expect(demanded.length).toBeGreaterThan(0)
    expect(demanded.filter(({ url }) => !url.startsWith(APOLLO))).toEqual([])
  })

  it('defines every directive of its own that it carries', () => {
    const defined = new Set<string>()
    const used = new Set<string>()
    visit(document, {
      DirectiveDefinition: ({ name }) => void defined.add(name.value),
      Directive: ({ name }) => void used.add(name.value),
    })
    const own = [...used].filter((name) => !PREFIXES.test(name))
    expect(own).toContain('eventSource')
    expect(own.filter((name) => !defined.has(name))).toEqual([])
  })
})

it('the subgraphs compose to the same API without any directive of ours', () => {
  const bare = openRegistry('nowhere')
    .own()
    .map((subgraph) => ({ ...subgraph, sdl: withoutOurs(subgraph.sdl) }))
  for (const { sdl } of bare) expect(sdl).not.toContain('specs.quesnay.dev')
  expect(api(composeSupergraph(bare, { unpushed: 'answer' }))).toBe(api(supergraph))
})
