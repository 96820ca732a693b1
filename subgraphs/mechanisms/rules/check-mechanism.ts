// What is missing or contradictory in a mechanism that could be read: gaps, not faults of structure.
import { RATIO_MEASURES } from '../../../schema/terms/mechanism.ts'
import type { EffectEstimate, Evidence, MechanismRecord } from './bank.ts'
import { disagrees, isQuantified, quantify } from './quantify.ts'
import type { RecordReader } from './record-reader.ts'
import type { Keys } from './yaml-source.ts'

/** Where in the record its parts stand. */
export interface Places {
  readonly effect: Keys
  readonly evidence: Keys
  readonly sign: Keys
}

/** Adds the findings of one record to the reader's; returns the effect with what lies out of bounds taken away. */
export function checkMechanism(record: MechanismRecord, reader: RecordReader, places: Places): EffectEstimate | null {
  if (record.from === record.to)
    reader.note(
      'WARNING',
      'SELF_INFLUENCE',
      [],
      `"${record.from}" influences itself; the mechanism is not simulated`,
      'give two different nodes, or say it by the decay of the node',
    )
  if (record.form === null)
    reader.note('INFO', 'FORM_MISSING', [], 'no functional form is given; linear is proposed and flagged', 'add form')
  checkEvidence(record.evidence, reader, places.evidence)
  if (record.sign === null)
    reader.note(
      'WARNING',
      'SIGN_MISSING',
      places.sign,
      'no direction is given; the mechanism is not simulated',
      'give positive or negative',
    )
  const rate = record.form?.parameters['a']
  if (rate !== undefined && record.sign !== null && rate !== 0 && rate < 0 !== (record.sign === 'NEGATIVE'))
    reader.note(
      'WARNING',
      'SIGN_DISAGREES',
      places.sign,
      `the direction is ${record.sign.toLowerCase()}, the rate a is ${rate}; the rate decides`,
      'mend the direction or the rate',
    )
  if (record.effect === null && rate !== undefined) return null
  if (record.effect === null) {
    reader.note(
      'WARNING',
      'EFFECT_MISSING',
      places.effect,
      'no effect size is given; the mechanism is shown, not simulated',
      'add the effect with its measure and interval',
    )
    return null
  }
  const effect = checkEffect(record.effect, reader, places.effect)
  if (rate === undefined && record.sign !== null && disagrees(effect, record.sign === 'NEGATIVE'))
    reader.note(
      'WARNING',
      'SIGN_DISAGREES',
      places.sign,
      `the direction is ${record.sign.toLowerCase()}, the effect is ${effect.measure.toLowerCase()} ${effect.value}; the size is kept and the direction decides`,
      'mend the direction or the effect',
    )
  const response = quantify({ ...record, effect }, null)
  if (rate === undefined && record.sign !== null && !isQuantified(response))
    reader.note(
      'WARNING',
      'EFFECT_NOT_COMPARABLE',
      places.effect,
      `${response.reason}; the mechanism is shown, not simulated`,
      'give a measure that can be standardised',
    )
  return effect
}

function checkEffect(effect: EffectEstimate, reader: RecordReader, at: Keys): EffectEstimate {
  const { ciLower: lower, ciUpper: upper, value } = effect
  const note = (severity: 'WARNING' | 'INFO', code: string, message: string, fix: string) =>
    reader.note(severity, code, at, message, fix)
  const bounded = { ...effect }
  if (effect.iSquared !== null && !(effect.iSquared >= 0 && effect.iSquared <= 100)) {
    note('WARNING', 'I2_OUT_OF_BOUNDS', `I2 is ${effect.iSquared} and is left out`, 'give it in per cent, 0 to 100')
    bounded.iSquared = null
  }
  if (effect.pValue !== null && !(effect.pValue >= 0 && effect.pValue <= 1)) {
    note('WARNING', 'P_OUT_OF_BOUNDS', `p is ${effect.pValue} and is left out`, 'give a probability, 0 to 1')
    bounded.pValue = null
  }
  if (RATIO_MEASURES.has(effect.measure) && [value, lower, upper].some((x) => x !== null && x <= 0))
    note('WARNING', 'RATIO_NOT_POSITIVE', 'a ratio and its bounds must be above 0', 'give the ratio, not its logarithm')
  if (lower === null && upper === null)
    note('INFO', 'CI_MISSING', 'no interval is given; the error is assumed by grade', 'add the interval')
  else if (lower === null || upper === null)
    note('WARNING', 'CI_HALF', 'the interval has one bound only and is not used', 'add the other bound')
  else if (lower > upper)
    note(
      'WARNING',
      'CI_REVERSED',
      `the lower bound ${lower} is above the upper bound ${upper}; the interval is not used`,
      'exchange the bounds',
    )
  else if (value < lower || value > upper)
    note(
      'WARNING',
      'CI_EXCLUDES_ESTIMATE',
      `the interval ${lower} to ${upper} does not hold the estimate ${value} and is not used`,
      'mend the estimate or the interval',
    )
  return bounded
}

function checkEvidence(
  { grade, studyCount, verified, needsReview, issues }: Evidence,
  reader: RecordReader,
  at: Keys,
): void {
  if (grade === null)
    reader.note(
      'WARNING',
      'GRADE_MISSING',
      at,
      'no grade is given; errors are assumed as for grade C',
      'give A, B or C',
    )
  const due = studyCount === null || studyCount < 1 ? null : studyCount >= 5 ? 'A' : studyCount >= 3 ? 'B' : 'C'
  // One meta-analysis is of grade A whatever its count of studies.
  if (grade !== null && due !== null && grade !== due && grade !== 'A')
    reader.note(
      'INFO',
      'GRADE_DISAGREES',
      at,
      `the grade is ${grade}; ${studyCount} studies would be ${due}`,
      'look at grade and number of studies',
    )
  if (verified === false || needsReview || issues.length > 0)
    reader.note(
      'WARNING',
      'CITATION_UNVERIFIED',
      at,
      issues[0]?.slice(0, 160) ?? 'the citation was not verified',
      'check the citation against its DOI',
    )
}
