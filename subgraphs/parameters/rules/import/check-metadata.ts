// Lints the metadata that stands at one place: units, periods, forms of references, keys that are none.
import type { FindingList } from './finding-list.ts'
import type { RawMetadata } from './raw-tree.ts'
import { readReferences } from './references.ts'
import { readPeriod, readUnit } from './units.ts'

/** Of a node, parameter, scale or bracket, as its file gives it. */
export function checkMetadata(metadata: RawMetadata, place: string, currency: string, findings: FindingList): void {
  for (const key in metadata) {
    const value = metadata[key]
    if (key === 'unit' || key.endsWith('_unit')) checkUnit(key, value, place, currency, findings)
    else if (key === 'period' || key.endsWith('_period')) checkPeriod(key, value, place, findings)
    else if (key === 'reference' && readReferences(value).otherNames)
      findings.warn('REFERENCE_FORM', place, 'a reference has name or url', 'write title and href')
  }
}

function checkUnit(key: string, value: unknown, place: string, currency: string, findings: FindingList): void {
  if (value === null) return
  const text = String(value)
  const { unit, misspelt, kept } = readUnit(text, currency)
  if (misspelt) findings.warn('UNIT_MISSPELT', place, `${key} "${text}" is read as ${unit}`, `write "${misspelt}"`)
  else if (kept)
    findings.info(
      'UNIT_KEPT',
      place,
      `${key} "${text.slice(0, 80)}" has no meaning of ours`,
      'it is kept, and fits only itself',
    )
}

function checkPeriod(key: string, value: unknown, place: string, findings: FindingList): void {
  if (value === null) return
  const text = String(value)
  const { unit, misspelt, kept } = readPeriod(text)
  if (misspelt) findings.warn('PERIOD_MISSPELT', place, `${key} "${text}" is read as ${unit}`, `write "${misspelt}"`)
  else if (kept)
    findings.warn(
      'PERIOD_UNKNOWN',
      place,
      `${key} "${text.slice(0, 80)}" is no period`,
      'write year, month, week or day',
    )
}
