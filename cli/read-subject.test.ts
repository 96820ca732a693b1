// What a word behind `quesnay run` stands for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSubject } from './read-subject.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-subject-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function written(name: string, text: string): string {
  writeFileSync(join(directory, name), text)
  return join(directory, name)
}

describe('readSubject', () => {
  it('reads a model file', () => {
    const path = written('m.yaml', 'variables: { a: 1 }')
    expect(readSubject(path)).toEqual({ kind: 'model', file: { path, text: 'variables: { a: 1 }' } })
  })

  it('reads a scenario file', () => {
    expect(readSubject(written('s.yaml', 'title: T\n'))).toEqual({ kind: 'scenario', members: { title: 'T' } })
  })

  it('takes another word for the id of a scenario', () => {
    expect(readSubject('my-scenario')).toEqual({ kind: 'stored', id: 'my-scenario' })
  })

  it.each([
    ['a name of a file that is not there', 'none.xmile', /there is no none\.xmile/],
    ['a path that is not there', join(directory, 'none'), /there is no/],
    ['an empty file', written('empty.yaml', '\n'), /empty\.yaml is empty/],
    ['a list', written('list.yaml', '[1]'), /does not hold one object/],
    ['a file that nests too deeply', written('deep.yaml', '['.repeat(50_000)), /nested too deeply/],
    ['a file of aliases upon aliases', written('bomb.yaml', bomb()), /is not YAML/],
    ['a folder', directory, /it is a folder/],
  ])('refuses %s', (_, subject, says) => {
    expect(() => readSubject(subject)).toThrowError(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(says) }),
    )
  })
})

/** Each line ten times the one before. */
function bomb(): string {
  const names = [...'abcdefgh']
  return names.map((name, i) => `${name}: &${name} [${Array(10).fill(i === 0 ? '1' : `*${names[i - 1]}`)}]`).join('\n')
}
