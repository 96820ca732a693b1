import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { writeArchive } from './export/write-archive.ts'
import { belowParameters, readArchive } from './import/read-archive.ts'

const FILES = [
  { path: 'a/b.yaml', text: 'values: { 2020-01-01: 1 }\n' },
  { path: `long/${'folder/'.repeat(40)}c.yaml`, text: 'é'.repeat(700) },
]

describe('an archive of files', () => {
  it('holds what was written, long names too, and is the same bytes each time', async () => {
    const bytes = await writeArchive(FILES)
    expect(await readArchive(bytes, 'archive')).toEqual(FILES)
    expect((await writeArchive(FILES)).equals(bytes)).toBe(true)
  })

  it('gives only the files of a tree', async () => {
    const bytes = await writeArchive([...FILES, { path: 'x.py', text: '1' }, { path: 'README.md', text: '# A' }])
    expect((await readArchive(bytes, 'archive')).map(({ path }) => path)).toEqual([
      'README.md',
      FILES[0]!.path,
      FILES[1]!.path,
    ])
  })

  it.each([
    ['noise', Buffer.from('no archive at all')],
    ['a damaged gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('x'.repeat(99))])],
    ['half an archive', gzipSync(Buffer.alloc(700, 'x'))],
  ])('answers %s with BAD_INPUT', async (_, bytes) => {
    await expect(readArchive(bytes, 'input.archive')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.archive' },
    })
  })

  it('stops where it unpacks to more than it may', async () => {
    const bomb = gzipSync(Buffer.alloc(140 * 2 ** 20))
    await expect(readArchive(bomb, 'input.archive')).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })
})

describe('belowParameters', () => {
  const paths = (...names: string[]) =>
    belowParameters(names.map((path) => ({ path, text: '' }))).map(({ path }) => path)

  it('begins below the folder parameters that all files share', () => {
    expect(paths('pkg/parameters/gov/a.yaml', 'pkg/parameters/b.yaml')).toEqual(['gov/a.yaml', 'b.yaml'])
    expect(paths('parameters/a.yaml')).toEqual(['a.yaml'])
  })

  it('leaves paths alone where there is none', () => {
    expect(paths('gov/a.yaml', 'gov/b.yaml')).toEqual(['gov/a.yaml', 'gov/b.yaml'])
    expect(paths('pkg/parameters/a.yaml', 'pkg/tests/b.yaml')).toEqual(['pkg/parameters/a.yaml', 'pkg/tests/b.yaml'])
    expect(paths()).toEqual([])
  })
})
