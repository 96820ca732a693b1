import { describe, expect, it } from 'vitest'
import { readYaml, type SourceValue } from './read-yaml.ts'

const read = (text: string) => readYaml({ path: 'a.yaml', text })

function fault(text: string) {
  const outcome = read(text)
  if ('file' in outcome) throw new Error('it has no fault')
  return outcome.faults[0]!
}

function plain(value: SourceValue): unknown {
  if (value.is === 'scalar') return value.value
  if (value.is === 'list') return value.items.map(plain)
  return Object.fromEntries(value.entries.map(({ key, value: member }) => [key, plain(member)]))
}

function content(text: string): unknown {
  const outcome = read(text)
  if (!('file' in outcome)) throw new Error(outcome.faults[0]!.message)
  return plain(outcome.file.root)
}

describe('readYaml', () => {
  it('keeps dates and keys as they are spelt', () => {
    expect(content('0000-01-01: 1\n2020: 2\nNO: 3\n1_0: 4\n"01": 5')).toEqual({
      '0000-01-01': 1,
      '2020': 2,
      NO: 3,
      '1_0': 4,
      '01': 5,
    })
  })

  it('takes what stands in quotation marks for text', () => {
    expect(content(`a: "1_000"\nb: 'yes'\nc: |\n  5\n`)).toEqual({ a: '1_000', b: 'yes', c: '5\n' })
  })

  it('resolves aliases and merges', () => {
    expect(content('a: &x { p: 1, q: 2 }\nb: *x\nc:\n  <<: *x\n  q: 3')).toEqual({
      a: { p: 1, q: 2 },
      b: { p: 1, q: 2 },
      c: { q: 3, p: 1 },
    })
  })

  it('takes an empty file for nothing', () => {
    expect(content('')).toBeNull()
    expect(content('# only a comment\n')).toBeNull()
  })

  it('says line and column of a key that stands twice', () => {
    expect(fault('values:\n  2020-01-01: 1\n  2020-01-01: 2\n')).toMatchObject({
      severity: 'ERROR',
      code: 'DUPLICATE_KEY',
      path: 'a.yaml:3:3',
      message: expect.stringContaining('2020-01-01'),
    })
  })

  it.each([
    ['an open bracket', 'a: [1, 2\nb: 3', /^a\.yaml:2/],
    ['a tab for indentation', 'a:\n\tb: 1', /^a\.yaml:2/],
    ['a second document', 'a: 1\n---\nb: 2', /^a\.yaml:2/],
    ['an alias without its anchor', 'a: 1\nb: *none', /^a\.yaml:2:4$/],
    ['a map for a key', '? { a: 1 }\n: 2', /^a\.yaml:1/],
    ['a zero byte', 'a: "x\\0y"', /^a\.yaml:1:4$/],
    ['half a character', 'a: "\\ud800"', /^a\.yaml:1:4$/],
    ['lists nested too deeply', `${'['.repeat(300)}${']'.repeat(300)}`, /^a\.yaml:1/],
    ['maps nested too deeply', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /^a\.yaml:/],
  ])('answers %s with YAML_BROKEN and its place', (_, text, path) => {
    expect(fault(text)).toMatchObject({ severity: 'ERROR', code: 'YAML_BROKEN', path: expect.stringMatching(path) })
  })

  it('stops where aliases of aliases would grow without bound', () => {
    const bomb = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]']
    for (let i = 1; i < 12; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    expect(fault(bomb.join('\n'))).toMatchObject({ code: 'YAML_BROKEN', message: 'too many aliases' })
  })
})
