import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lacksSharedData, sharedData } from '../../../test/support/shared-data.ts'
import { readModel } from './read-model.ts'

const YAML = 'name: m\nvariables: { a: { constant: 1 } }\n'
const XMILE = `<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <header><vendor>x</vendor><product>x</product><name>m</name></header>
  <sim_specs time_units="Months"><start>0</start><stop>4</stop><dt>1</dt></sim_specs>
  <model><variables><aux name="a"><eqn>1</eqn></aux></variables></model>
</xmile>`
const VENSIM = `{UTF-8}
a = 1 ~ Dmnl ~ |
FINAL TIME = 4 ~ Month ~ |
INITIAL TIME = 0 ~ Month ~ |
SAVEPER = TIME STEP ~ Month ~ |
TIME STEP = 1 ~ Month ~ |
`

describe('readModel', () => {
  it.each([
    ['YAML', YAML],
    ['YAML', '{ "name": "m", "variables": { "a": 1 } }'],
    ['YAML', 'name: m\nvariables: { a: "x = 1 | ~ y" }\n'.replace(' | ~', ' +')],
    ['XMILE', XMILE],
    ['XMILE', `\ufeff\n${XMILE.slice(XMILE.indexOf('<xmile'))}`],
    ['VENSIM', VENSIM],
    ['VENSIM', VENSIM.replace('{UTF-8}\n', '')],
  ])('knows %s by its look: %j', (format, text) => {
    const read = readModel(text)
    expect(read.format).toBe(format)
    expect(read.source.variables.map(({ name }) => name)).toContain('a')
    expect(read.source.unitFaults).toBe(format === 'YAML' ? 'error' : 'finding')
  })

  it('goes by the format it is told, else by the name of the file, whatever the text looks like', () => {
    expect(readModel(YAML, { fileName: 'a.b.YML' }).format).toBe('YAML')
    expect(readModel(XMILE, { fileName: 'model.STMX' }).format).toBe('XMILE')
    expect(readModel(VENSIM, { fileName: 'model.mdl' }).format).toBe('VENSIM')
    expect(readModel(YAML, { fileName: 'model.txt' }).format).toBe('YAML')
    expect(readModel(YAML, { fileName: 'model.constructor' }).format).toBe('YAML')
    expect(readModel(YAML, { fileName: 'model.mdl', format: 'YAML' }).format).toBe('YAML')
    expect(() => readModel(XMILE, { format: 'YAML' })).toThrow()
    expect(() => readModel(YAML, { fileName: 'a.xmile' })).toThrow()
  })

  it('looks at megabytes of signs without going over them again and again', () => {
    expect(() => readModel('='.repeat(4_000_000))).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
  })

  it.each(['', ' \n', 'no model at all', '<html></html>', '{', '~|', '\u0000'])(
    'refuses %j with a typed error',
    (text) => {
      expect(() => readModel(text)).toThrow(expect.objectContaining({ name: 'QuesnayError', code: 'MODEL_INVALID' }))
    },
  )
})

describe.skipIf(lacksSharedData('xmile'))('the model files of others', () => {
  const folders = readdirSync(sharedData('xmile'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  it.each(folders.map(({ name }) => name))('of %s are read as XMILE', (folder) => {
    for (const file of readdirSync(sharedData('xmile', folder)).filter((name) => name.endsWith('.xmile')))
      expect(readModel(readFileSync(sharedData('xmile', folder, file), 'utf8')).format, file).toBe('XMILE')
  })
})
