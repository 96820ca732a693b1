// Findings as text: every fault, a few examples of each warning, the rest as counts.
import { describe, expect, it } from 'vitest'
import { describeFindings, type Finding } from './findings.ts'

const finding = (severity: string, code: string, path: string | null = null): Finding => ({
  severity,
  code,
  path,
  message: `about ${path}`,
  suggestion: severity === 'ERROR' ? 'mend it' : null,
})

describe('describeFindings', () => {
  it('of nothing is empty', () => {
    expect(describeFindings([])).toBe('')
  })

  it('of few is a line each, with place and fix, and no table', () => {
    expect(describeFindings([finding('ERROR', 'PRICE_INVALID', 'csv:3:price')])).toBe(
      'ERROR PRICE_INVALID csv:3:price: about csv:3:price (mend it)',
    )
    expect(describeFindings([finding('WARNING', 'NO_BANK')])).toBe('WARNING NO_BANK: about null')
  })

  it('of many puts faults first, counts each kind by gravity, and says how many are left out', () => {
    const findings = [
      ...Array.from({ length: 5 }, (_, i) => finding('INFO', 'DOI_MISSING', `i${i}`)),
      ...Array.from({ length: 4 }, (_, i) => finding('WARNING', 'EFFECT_MISSING', `w${i}`)),
      ...Array.from({ length: 3 }, (_, i) => finding('ERROR', 'NODE_MISSING', `e${i}`)),
    ]
    const lines = describeFindings(findings).split('\n')
    expect(lines.slice(2, 5).map((line) => line.split(/ {2,}/))).toEqual([
      ['ERROR NODE_MISSING', '3'],
      ['WARNING EFFECT_MISSING', '4'],
      ['INFO DOI_MISSING', '5'],
    ])
    expect(lines.filter((line) => /: about/.test(line)).map((line) => line.split(' ')[2])).toEqual([
      'e0:',
      'e1:',
      'e2:',
      'w0:',
      'w1:',
    ])
    expect(lines.at(-1)).toBe('7 more findings; --json prints all')
  })
})
