import { describe, expect, it } from 'vitest'
import { importFiles, parameterOf } from '../../../../test/support/import-files.ts'

const GOOD = 'description: It\nvalues: { 2020-01-01: 1 }\nmetadata: { unit: /1, label: It, reference: Law }'
const lint = async (text: string, dialect: 'OPENFISCA' | 'POLICYENGINE' = 'POLICYENGINE') =>
  (await importFiles({ 'a.yaml': text }, { dialect })).findings

describe('the lint report', () => {
  it('has nothing to say of a file that is in order', async () => {
    expect(await lint(GOOD)).toEqual([])
  })

  it.each([
    ['a misspelt currency', GOOD.replace('/1', 'currency_USD'), 'UNIT_MISSPELT', 1, 'write "currency-USD"'],
    ['a bare currency', GOOD.replace('/1', 'USD'), 'UNIT_MISSPELT', 1, 'write "currency-USD"'],
    ['a plural', GOOD.replace('/1', 'hours'), 'UNIT_MISSPELT', 1, 'write "hour"'],
    ['a misspelt period', GOOD.replace('label', 'period: monthly, label'), 'PERIOD_MISSPELT', 1, 'write "month"'],
    ['a period that is none', GOOD.replace('label', 'period: lunar, label'), 'PERIOD_UNKNOWN', 1, 'year'],
    ['references for reference', GOOD.replace('reference', 'references'), 'MISSPELT_KEY', 3, 'write "reference"'],
    ['refrence at a value', GOOD.replace('1 }', '{ value: 1, refrence: L } }'), 'MISSPELT_KEY', 2, 'write "reference"'],
    ['ammount_unit', GOOD.replace('label', 'ammount_unit: /1, label'), 'MISSPELT_KEY', 3, 'write "amount_unit"'],
    ['name and url', GOOD.replace('Law', '{ name: Law, url: x }'), 'REFERENCE_FORM', 1, 'title and href'],
    ['a key without meaning', `${GOOD}\ndescripton: It`, 'UNKNOWN_KEY', 4, 'did you mean "description"?'],
    ['one in metadata', GOOD.replace('label', 'upratin: cpi, label'), 'UNKNOWN_KEY', 3, 'did you mean "uprating"?'],
    ['one at a value', GOOD.replace('1 }', '{ value: 1, vaule: 2 } }'), 'UNKNOWN_KEY', 2, 'did you mean "value"?'],
    ['one in a bracket', 'brackets: [{ treshold: { 2020-01-01: 1 } }]', 'UNKNOWN_KEY', 1, 'did you mean "threshold"?'],
    ['a word beside children', 'b: { 2020-01-01: 1 }\nbracket: 5', 'UNKNOWN_KEY', 2, 'did you mean "brackets"?'],
    ['no reference', GOOD.replace(', reference: Law', ''), 'MISSING_REFERENCE', 1, 'reference'],
    ['no unit', GOOD.replace('unit: /1, ', ''), 'MISSING_UNIT', 1, 'unit'],
    ['values of two kinds', GOOD.replace('1 }', '1, 2021-01-01: [a] }'), 'MIXED_KINDS', 2, 'one kind'],
    ['a number in quotation marks', GOOD.replace('1 }', '"1_000" }'), 'QUOTED_NUMBER', 2, 'quotation marks'],
    ['a day that is none', GOOD.replace('1 }', '1, 2021-02-30: 2 }'), 'NOT_A_DATE', 2, 'write a date'],
    ['a day without its zeros', GOOD.replace('1 }', '1, 2021-1-1: 2 }'), 'NOT_A_DATE', 2, 'write a date'],
    ['no values', GOOD.replace('{ 2020-01-01: 1 }', ''), 'NO_VALUES', 1, 'write one'],
    [
      'uprating that is not handed down',
      'b: { 2020-01-01: 1 }\nmetadata: { uprating: cpi }',
      'NOT_HANDED_DOWN',
      1,
      'propagate',
    ],
    ['uprating without a name', GOOD.replace('label', 'uprating: { rounding: 1 }, label'), 'UPRATING_WRONG', 1, 'mend'],
    [
      'a type that does not fit',
      'brackets: [{ threshold: { 2020-01-01: 1 } }]\nmetadata: { type: amounts }',
      'SCALE_TYPE',
      1,
      'mend',
    ],
    ['a key with other letters', '"10 %": { 2020-01-01: 1 }', 'KEY_RENAMED', 1, 'use letters'],
  ])('warns of %s', async (_, text, code, line, suggestion) => {
    expect(await lint(text)).toContainEqual(
      expect.objectContaining({
        severity: 'WARNING',
        code,
        path: `a.yaml:${line}`,
        suggestion: expect.stringContaining(suggestion),
      }),
    )
  })

  it.each([
    ['no label', GOOD.replace('description: It\n', '').replace('label: It, ', ''), 'MISSING_LABEL', 1],
    ['a value that is expected', GOOD.replace('1 }', '1, 2027-01-01: expected }'), 'EXPECTED', 2],
    ['one that is expected below its date', GOOD.replace('1 }', '1, 2027-01-01: { expected: 5 } }'), 'EXPECTED', 2],
    ['a unit of its own', GOOD.replace('/1', 'abolition'), 'UNIT_KEPT', 1],
  ])('mentions %s', async (_, text, code, line) => {
    expect(await lint(text)).toContainEqual(expect.objectContaining({ severity: 'INFO', code, path: `a.yaml:${line}` }))
  })

  it('reads what is misspelt but clear: units, periods, references', async () => {
    const imported = await importFiles({
      'a.yaml':
        'values: { 2020-01-01: 1 }\nmetadata: { units: USD, period: yearly, refrence: { name: Law, url: https://law.example } }',
    })
    expect(parameterOf(imported, 'a')).toMatchObject({
      unit: 'USD',
      period: 'year',
      references: [{ title: 'Law', href: 'https://law.example' }],
    })
  })

  it('leaves metadata of OpenFisca free, but for near misses', async () => {
    const text = GOOD.replace('label', 'anything_goes: 1, short_lable: x, label')
    const codes = (await lint(text, 'OPENFISCA')).map(({ code, message }) => [code, message.slice(0, 13)])
    expect(codes).toEqual([['UNKNOWN_KEY', '"short_lable"']])
  })

  it('warns on the first day on which thresholds do not rise, unless they are out of reach', async () => {
    const scale = (second: string) =>
      `brackets:\n  - threshold: { 2020-01-01: 10, 2021-01-01: 20 }\n    rate: { 2020-01-01: 0.1 }\n  - threshold: { 2020-01-01: ${second} }\n    rate: { 2020-01-01: 0.2 }`
    expect(await lint(scale('15'))).toContainEqual(
      expect.objectContaining({
        code: 'NOT_RISING',
        message: 'from 2021-01-01 threshold 2 (15) is not above the one before it (20)',
      }),
    )
    expect((await lint(scale('30'))).filter(({ code }) => code === 'NOT_RISING')).toEqual([])
    const both = scale('.inf').replace('10, 2021-01-01: 20', '.inf')
    expect((await lint(both)).filter(({ code }) => code === 'NOT_RISING')).toEqual([])
  })

  it('counts all findings of a kind and keeps the first few thousand', async () => {
    const lines = Array.from({ length: 6_000 }, (_, i) => `k${i}: 1`)
    const { findings, findingCounts } = await importFiles({ 'a.yaml': `b: { 2020-01-01: 1 }\n${lines.join('\n')}` })
    expect(findingCounts).toContainEqual({ severity: 'WARNING', code: 'UNKNOWN_KEY', count: 6_000 })
    expect(findings.filter(({ code }) => code === 'UNKNOWN_KEY')).toHaveLength(5_000)
  })
})
