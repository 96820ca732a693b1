// The manifest of operations: what Apollo's tool writes is read; every fault is told with its place.
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../infra/paths.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { parseManifest, readManifest } from './manifest.ts'

const FORMAT = { format: 'apollo-persisted-query-manifest', version: 1 }
const TITLE = { id: 'a1', name: 'Title', type: 'query', body: 'query Title { tenant }' }
const manifest = (...operations: unknown[]) => JSON.stringify({ ...FORMAT, operations })

function problemsOf(text: string): unknown {
  try {
    parseManifest(text)
  } catch (error) {
    if (error instanceof QuesnayError && error.code === 'BAD_INPUT') return error.detail['problems']
    throw error
  }
  return undefined
}

describe('a manifest', () => {
  it('gives its operations, and what its maker adds is passed over', () => {
    expect(parseManifest(manifest({ ...TITLE, clientName: 'web' }))).toEqual([TITLE])
    expect(parseManifest(manifest())).toEqual([])
  })

  it.each([
    ['that is no JSON', '{', /^the file is no JSON/],
    ['of another format', JSON.stringify({ ...FORMAT, format: 'x', operations: [] }), /^format: /],
    ['of another version', JSON.stringify({ ...FORMAT, version: 2, operations: [] }), /^version: /],
    ['without an id', manifest({ ...TITLE, id: undefined }), /^operations\.0\.id: /],
    ['of an unknown type', manifest({ ...TITLE, type: 'fetch' }), /^operations\.0\.type: /],
    ['whose body does not parse', manifest({ ...TITLE, body: '{' }), /^operations\.0 \(Title\): Syntax Error/],
    ['whose body has two operations', manifest({ ...TITLE, body: 'query Title { a } query B { a }' }), /exactly one/],
    [
      'whose body is of another type',
      manifest({ ...TITLE, type: 'mutation' }),
      /the type is mutation, and the body a query/,
    ],
    ['whose body has another name', manifest({ ...TITLE, name: 'Other' }), /the body is called Title/],
    ['with an id twice', manifest(TITLE, TITLE), /the id a1 is there twice/],
  ])('%s is BAD_INPUT that names the place', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(problem)])
  })

  it('that cannot be read is BAD_INPUT', () => {
    expect(() => readManifest(packageFile('nothing.json'))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})
