// Effect sizes as found in files: the words used for measures, and the numbers beside them.

import { nearest } from '../../../schema/nearest.ts'
import { EffectMeasure } from '../../../schema/terms/mechanism.ts'
import type { EffectEstimate } from './bank.ts'
import type { RecordReader } from './record-reader.ts'

/** Words met in banks of the field, beside the terms themselves. */
const SYNONYMS: Readonly<Record<string, EffectMeasure>> = {
  OR: 'ODDS_RATIO',
  RR: 'RELATIVE_RISK',
  RISK_RATIO: 'RELATIVE_RISK',
  HR: 'HAZARD_RATIO',
  IRR: 'INCIDENCE_RATE_RATIO',
  RATE_RATIO: 'INCIDENCE_RATE_RATIO',
  SMR: 'STANDARDIZED_MORTALITY_RATIO',
  RD: 'RISK_DIFFERENCE',
  PERCENT_CHANGE: 'PERCENTAGE_CHANGE',
  PERCENT_REDUCTION: 'PERCENTAGE_CHANGE',
  SMD: 'STANDARDIZED_MEAN_DIFFERENCE',
  COHENS_D: 'STANDARDIZED_MEAN_DIFFERENCE',
  HEDGES_G: 'STANDARDIZED_MEAN_DIFFERENCE',
  BETA: 'BETA_COEFFICIENT',
  REGRESSION_COEFFICIENT: 'BETA_COEFFICIENT',
  R: 'CORRELATION',
  PEARSON_R: 'CORRELATION',
  PREVALENCE_PERCENT: 'PREVALENCE',
  PREVALENCE_PERCENTAGE: 'PREVALENCE',
  PERCENTAGE: 'PREVALENCE',
  NNT: 'NUMBER_NEEDED_TO_TREAT',
}

/** The measure a word stands for; a finding and null where it is not known. Findings tell when a word was read as another. */
function readMeasure(reader: RecordReader, key: string): EffectMeasure | null {
  const word = reader.text(key)
  if (word === null) {
    reader.note(
      'WARNING',
      'MEASURE_MISSING',
      [key],
      'the effect names no measure and is left out',
      `add ${key}, such as odds_ratio`,
    )
    return null
  }
  const name = word.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  if (Object.hasOwn(EffectMeasure, name)) return name as EffectMeasure
  const known = SYNONYMS[name]
  if (known) {
    reader.note('INFO', 'MEASURE_SYNONYM', [key], `"${word}" is read as ${known}`, `write ${known.toLowerCase()}`)
    return known
  }
  const near = nearest(name, Object.keys(EffectMeasure))
  const suggestion = near
    ? `did you mean ${near.toLowerCase()}?`
    : `give one of ${Object.keys(EffectMeasure).join(', ').toLowerCase()}`
  reader.note(
    'WARNING',
    'MEASURE_UNKNOWN',
    [key],
    `"${word.slice(0, 40)}" is no known measure; the effect is left out`,
    suggestion,
  )
  return null
}

/** The effect that stands below `reader`; null where it has no value or no known measure. */
export function readEffect(
  reader: RecordReader,
  measureKey: string,
  beside: Pick<EffectEstimate, 'pValue' | 'sampleSize' | 'iSquared'>,
): EffectEstimate | null {
  const value = reader.number('value')
  if (value === null) return null
  const measure = readMeasure(reader, measureKey)
  if (measure === null) return null
  return {
    measure,
    value: /reduction/i.test(reader.text(measureKey) ?? '') ? -Math.abs(value) : value,
    ciLower: reader.number('ci_lower') ?? reader.number('ci', 0),
    ciUpper: reader.number('ci_upper') ?? reader.number('ci', 1),
    ciLevel: reader.number('ci_level') ?? 0.95,
    ...beside,
    baselineRisk: reader.number('baseline_risk'),
    sdSource: reader.number('sd_source'),
    sdTarget: reader.number('sd_target'),
    unit: reader.text('unit'),
  }
}
