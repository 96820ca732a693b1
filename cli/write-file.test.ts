import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { assertWritable, writeOut } from './write-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-write-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const inDirectory = (...parts: string[]) => join(directory, ...parts)

describe('assertWritable', () => {
  it('leaves nothing where nothing was', () => {
    assertWritable(inDirectory('new.csv'))
    expect(existsSync(inDirectory('new.csv'))).toBe(false)
  })

  it('leaves what is there as it is', () => {
    writeFileSync(inDirectory('old.csv'), 'old')
    assertWritable(inDirectory('old.csv'))
    expect(readFileSync(inDirectory('old.csv'), 'utf8')).toBe('old')
  })

  it.each([
    ['a folder that is not there', inDirectory('none', 'a.csv'), /there is no such folder/],
    ['a folder that is a file', inDirectory('file', 'a.csv'), /there is no such folder/],
    ['a folder', inDirectory('folder.csv'), /it is a folder/],
  ])('refuses %s, as writing does', (_, path, says) => {
    writeFileSync(inDirectory('file'), '')
    mkdirSync(inDirectory('folder.csv'), { recursive: true })
    const refusal = expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(says) })
    expect(() => assertWritable(path)).toThrowError(refusal)
    expect(() => writeOut(path, '')).toThrowError(refusal)
  })
})
