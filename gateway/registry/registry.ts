// The subgraphs of partners, published into a directory, and the supergraph composed of ours and theirs.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory } from '../../infra/make-directory.ts'
import { packageFile } from '../../infra/paths.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { composeSupergraph, type SubgraphSdl } from '../compose.ts'
import { subgraphUrls } from './subgraph-urls.ts'
import { withLock } from './with-lock.ts'

export interface Registry {
  /** Of the composed supergraph, which a gateway watches. */
  readonly supergraphFile: string
  /** The five subgraphs of Quesnay, as built. */
  own(): SubgraphSdl[]
  /** Those of partners, by name. */
  published(): SubgraphSdl[]
  /**
   * Does something while nobody else does: what is read within it stays as it is. Waits for whoever is at it; not to be nested.
   * CONFLICT where that takes longer than half a minute.
   */
  alone<T>(work: () => Promise<T> | T): Promise<T>
  /** Adds or replaces a subgraph and writes the supergraph. BAD_INPUT where name or URL are none, or it does not compose. */
  publish(subgraph: SubgraphSdl): void
  /** Takes one away and writes the supergraph. NOT_FOUND; BAD_INPUT where the others do not compose without it. */
  remove(name: string): void
  /** Composes what is published with our subgraphs and writes the supergraph. BAD_INPUT where they do not compose. */
  refresh(): void
  /** Writes the supergraph of our subgraphs alone. */
  reset(): void
}

const SUFFIX = '.graphql'
const NAME = /^[a-z][a-z0-9_-]{0,62}$/
/** The first line of a published file; the rest is the SDL as it was given. */
const HEAD = /^# url: (\S+)\n/

const ownSupergraph = () => readFileSync(packageFile('schema', 'sdl', 'supergraph.graphql'), 'utf8')

/** The registry in a data directory. Nothing is made before the first file is written. */
export function openRegistry(dataDirectory: string): Registry {
  const directory = join(dataDirectory, 'subgraphs')
  const supergraphFile = join(dataDirectory, 'supergraph.graphql')
  const fileOf = (name: string) => join(directory, `${name}${SUFFIX}`)

  const own = () =>
    Object.entries(subgraphUrls(ownSupergraph())).map(([name, url]) => {
      return { name, url, sdl: readFileSync(packageFile('schema', 'sdl', `${name}${SUFFIX}`), 'utf8') }
    })
  function published(): SubgraphSdl[] {
    return namesIn(directory).map((name) => {
      const text = readFileSync(fileOf(name), 'utf8')
      const [head = '', url = ''] = HEAD.exec(text) ?? []
      return { name, url, sdl: text.slice(head.length) }
    })
  }
  function compose(partners: readonly SubgraphSdl[]): string {
    return partners.length === 0 ? ownSupergraph() : composeSupergraph([...own(), ...partners])
  }
  return {
    supergraphFile,
    own,
    published,
    alone: (work) => withLock(dataDirectory, work),
    publish(subgraph) {
      assertPublishable(
        subgraph,
        own().map(({ name }) => name),
      )
      const { name, url, sdl } = subgraph
      const supergraph = compose([...published().filter((one) => one.name !== name), subgraph])
      replaceFile(directory, fileOf(name), `# url: ${url}\n${sdl}`)
      replaceFile(dataDirectory, supergraphFile, supergraph)
    },
    remove(name) {
      const all = published()
      const left = all.filter((one) => one.name !== name)
      if (left.length === all.length)
        throw new QuesnayError('NOT_FOUND', `no subgraph "${name}" is published`, {
          path: 'name',
          suggestion: 'quesnay subgraph list shows those that are',
        })
      const supergraph = compose(left)
      rmSync(fileOf(name))
      replaceFile(dataDirectory, supergraphFile, supergraph)
    },
    refresh: () => replaceFile(dataDirectory, supergraphFile, compose(published())),
    reset: () => replaceFile(dataDirectory, supergraphFile, ownSupergraph()),
  }
}

function namesIn(directory: string): string[] {
  try {
    const files = readdirSync(directory).filter((file) => file.endsWith(SUFFIX))
    return files.map((file) => file.slice(0, -SUFFIX.length)).sort()
  } catch {
    return []
  }
}

function assertPublishable({ name, url }: SubgraphSdl, own: readonly string[]): void {
  if (!NAME.test(name))
    throw new QuesnayError('BAD_INPUT', `"${name}" is no name of a subgraph`, {
      path: '--name',
      suggestion: 'take lower-case letters, digits and hyphens, such as country-ratings',
    })
  if (own.includes(name))
    throw new QuesnayError('BAD_INPUT', `"${name}" is a subgraph of Quesnay`, {
      path: '--name',
      suggestion: `take a name that is none of ${own.join(', ')}`,
    })
  if (!/^https?:/.test(url) || !URL.canParse(url) || /\s/.test(url))
    throw new QuesnayError('BAD_INPUT', `"${url}" is no URL of a subgraph`, {
      path: '--url',
      suggestion: 'give the URL of its GraphQL endpoint, such as http://127.0.0.1:4011/graphql',
    })
}

/** Whoever reads meanwhile sees the text before or the text after, never half of one. CONFIG_INVALID where it cannot be written. */
function replaceFile(directory: string, file: string, text: string): void {
  const draft = `${file}.${process.pid}`
  try {
    makeDirectory(directory)
    writeFileSync(draft, text)
    renameSync(draft, file)
  } catch (cause) {
    throw new QuesnayError(
      'CONFIG_INVALID',
      `${file} cannot be written: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
      { path: 'QUESNAY_DATA', suggestion: 'set QUESNAY_DATA to a directory that may be written' },
      { cause },
    )
  }
}
