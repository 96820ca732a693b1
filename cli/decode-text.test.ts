import { describe, expect, it } from 'vitest'
import { decodeText } from './decode-text.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8', mark: readonly number[] = []) =>
  Buffer.concat([Buffer.from(mark), Buffer.from(text, encoding)])
const xml = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><name>Größe</name>`

describe('decodeText', () => {
  it.each([
    ['UTF-8', bytes('Größe 人口'), 'Größe 人口'],
    ['UTF-8 with a byte order mark', bytes('Größe', 'utf8', [0xef, 0xbb, 0xbf]), 'Größe'],
    ['UTF-16 of Windows', bytes('Größe', 'utf16le', [0xff, 0xfe]), 'Größe'],
    ['UTF-16 with the high byte first', bytes('Größe', 'utf16le', [0xff, 0xfe]).swap16(), 'Größe'],
    ['XML that says it is in Latin-1', bytes(xml('ISO-8859-1'), 'latin1'), xml('ISO-8859-1')],
    ['XML that says UTF-16 and is read as UTF-8', bytes(xml('UTF-16')), xml('UTF-16')],
    ['nothing', bytes(''), ''],
  ])('reads %s', (_, given, text) => {
    expect(decodeText(given, 'a.txt')).toBe(text)
  })

  it.each([
    ['Latin-1 that does not say so, rather than other names', bytes('Größe', 'latin1'), /a\.txt is not text in UTF-8/],
    ['UTF-16 without a mark', bytes('abc', 'utf16le'), /NUL/],
    ['half of a UTF-16 character', bytes('a', 'utf16le', [0xff, 0xfe]).subarray(0, 3), /UTF-16LE/],
    ['an encoding that is none', bytes(xml('klingon')), /KLINGON/],
  ])('refuses %s', (_, given, says) => {
    expect(() => decodeText(given, 'a.txt')).toThrowError(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(says) }),
    )
  })
})
