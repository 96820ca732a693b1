// Tests of reading XML: what is taken, and what is refused with its place.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { aux, xmileText } from '../../../test/support/xmile-text.ts'
import { readXmile } from './read-xmile.ts'
import { child, numberOf, parseXml } from './xml.ts'

describe('parseXml', () => {
  it('gives elements with their text, attributes and lines, names in lower case', () => {
    const root = parseXml(
      '<?xml version="1.0"?>\n<!-- a comment -->\n<Root Version="1">\n  <Part\n   a="x &gt; 1">A &amp; B</Part>\n</Root>',
    )
    expect(root).toMatchObject({ tag: 'root', line: 3 })
    expect(root.attributes.get('version')).toBe('1')
    expect(child(root, 'part')).toMatchObject({ text: 'A & B', line: 4, textAt: { line: 5, column: 17 } })
    expect(child(root, 'part')!.attributes.get('a')).toBe('x > 1')
  })

  it('takes text in CDATA as it stands, and joins it with what is around', () => {
    expect(parseXml('<a>x &lt; <![CDATA[y < z &amp; w]]></a>').text).toBe('x < y < z &amp; w')
  })

  it('resolves the five entities of XML and references to characters', () => {
    expect(parseXml('<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</a>').text).toBe('<>&"\'A\u{1f600}')
  })

  it('takes a byte order mark, and line ends of all three kinds as one', () => {
    const root = parseXml('\uFEFF<a>\r<b/>\r\n<c/>\n<d/></a>')
    expect(root.children.map(({ tag, line }) => [tag, line])).toEqual([
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ])
  })

  it('passes over the tags of vendors, and keeps their attributes', () => {
    const root = parseXml('<xmile isee:x="1"><isee:prefs><header/></isee:prefs><header/></xmile>')
    expect(root.children).toHaveLength(1)
    expect(root.attributes.get('isee:x')).toBe('1')
  })

  it('takes a file whose XMILE tags have a prefix of their own', () => {
    const root = parseXml('<x:xmile xmlns:x="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><x:header/></x:xmile>')
    expect(root.tag).toBe('xmile')
    expect(root.children.map(({ tag }) => tag)).toEqual(['header'])
  })

  it.each([
    ['a closing tag that does not match', '<a>\n<b>\n</c></a>', 3],
    ['text without a tag', 'hello', 1],
    ['a tag that is not closed', '<a><b></b>', 1],
    ['an attribute twice', '<a b="1" b="2"/>', 1],
    ['a bare <', '<a>\n1 < 2</a>', 2],
  ])('refuses %s with its line', (_, text, line) => {
    expect(faultOf(() => parseXml(text))).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'XML', line } })
  })

  it('refuses an empty text and two roots', () => {
    expect(faultOf(() => parseXml('')).code).toBe('MODEL_INVALID')
    expect(faultOf(() => parseXml('<a/><b/>')).message).toContain('2 root elements')
  })

  it('refuses an entity that the file declares, so that none can grow', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><x>&c;</x>`
    const fault = faultOf(() => parseXml(bomb))
    expect(fault).toMatchObject({ code: 'MODEL_INVALID', detail: { path: '&c;' } })
  })

  it('never reads a file that an entity names', () => {
    const outside = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]><x>&file;</x>'
    expect(faultOf(() => parseXml(outside)).code).toBe('MODEL_INVALID')
  })

  it('refuses nesting deeper than 100', () => {
    expect(faultOf(() => parseXml(`${'<a>'.repeat(150)}${'</a>'.repeat(150)}`)).code).toBe('MODEL_INVALID')
  })

  it('refuses another root than xmile', () => {
    expect(faultOf(() => readXmile('<model/>'))).toMatchObject({ code: 'MODEL_INVALID', detail: { path: '<model>' } })
  })

  it('reads a model of 10 MB and 65,000 variables', { timeout: 60_000 }, () => {
    const one = (i: number) =>
      `<aux name="variable number ${i}"><doc>a text of some length about it</doc><eqn>${i} * 2 + IF time &gt; 3 THEN 1 ELSE 0 {so}</eqn><units>people</units></aux>\n`
    const text = xmileText(Array.from({ length: 65_000 }, (_, i) => one(i)).join(''))
    expect(text.length).toBeGreaterThan(9e6)
    expect(readXmile(text).source.variables).toHaveLength(65_000)
  })
})

describe('what would grow without end', () => {
  it('are brackets, braces and calls that are never closed: refused at once', { timeout: 20_000 }, () => {
    for (const one of ['{', '(', '[', '"', 'IF(', 'a.*', "a['"]) {
      const text = xmileText(`<aux name="x"><eqn>1, ${one.repeat(200_000)}</eqn></aux>`)
      expect(faultOf(() => readXmile(text)).detail['path']).toBe('x')
    }
  })

  it('are arrays of more than a million elements', () => {
    const dimensions = '<dimensions><dim name="A" size="10000"/><dim name="B" size="10000"/></dimensions>'
    const inside = '<dimensions><dim name="A"/><dim name="B"/></dimensions>'
    const fault = faultOf(() => readXmile(xmileText(aux('x', 1, inside), { beside: dimensions })))
    expect(fault.message).toContain('100000000 elements')
  })

  it('are modules of modules of modules', { timeout: 20_000 }, () => {
    const ten = (name: string) =>
      Array.from({ length: 10 }, (_, i) => `<module name="m${i}" model_name="${name}"/>`).join('')
    const models = Array.from(
      { length: 12 },
      (_, i) => `<model name="L${i}"><variables>${i < 11 ? ten(`L${i + 1}`) : aux('x', 1)}</variables></model>`,
    )
    const fault = faultOf(() => readXmile(xmileText(ten('L0'), { beside: models.join('') })))
    expect(fault.message).toContain('more than 1000000 variables and modules')
  })

  it('are units made of units: they stay as they are', () => {
    const units = Array.from(
      { length: 12 },
      (_, i) =>
        `<unit name="u${i}"><eqn>${Array(50)
          .fill(`u${i + 1}`)
          .join('*')}</eqn></unit>`,
    )
    const text = xmileText(aux('x', 1, '<units>u0</units>'), { beside: `<model_units>${units.join('')}</model_units>` })
    expect(readXmile(text).source.variables[0]!.unit!.length).toBeLessThan(1_001)
  })
})

describe('numberOf', () => {
  it.each([
    [' 12 ', 12],
    ['-1.5e-3', -0.0015],
    ['+.5', 0.5],
    ['14.', 14],
    ['1/32', 1 / 32],
  ])('reads %s', (text, value) => {
    expect(numberOf(text)).toBe(value)
  })

  it.each(['', 'x', '1 2', '0x10', '1/2/3', 'Infinity', undefined])('takes %s for no number', (text) => {
    expect(numberOf(text)).toBeNaN()
  })

  it('is used on numbers with spaces around them in a file', () => {
    const text = xmileText(aux('a', 1), {
      specs: '<sim_specs><start> 0 </start><stop>\n4 </stop><dt> 0.5</dt></sim_specs>',
    })
    expect(readXmile(text).source.time).toMatchObject({ start: 0, stop: 4, dt: 0.5, method: 'euler' })
  })
})
