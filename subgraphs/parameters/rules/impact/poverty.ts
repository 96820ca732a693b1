// Poverty before and after a reform: persons whose income is below a line, by each measure.
import { canonicalJson } from '../../../../schema/hash.ts'

import { PovertyMeasure } from '../../../../schema/terms/population.ts'
import { type Answers, type Figure, figure, known } from './figures.ts'
import type { ReformNames } from './impact-model.ts'
import { type ImpactReading, povertySpec } from './impact-plan.ts'

/** Persons below a line under one law. */
export interface Poor {
  readonly line: Figure
  readonly persons: Figure
  readonly rate: Figure
  /** Mean distance below the line as a share of it, over all persons. */
  readonly gap: Figure
}

export interface PovertyImpact {
  readonly measure: PovertyMeasure
  readonly baseline: Poor
  readonly reform: Poor
}

/** @param reform undefined: the law as it stands, twice */
export function povertyOf(
  answers: Answers,
  { names, options, poverty: specs }: ImpactReading,
  reform: ReformNames | undefined,
): PovertyImpact[] {
  const places = new Map(specs.map((spec, at) => [canonicalJson(spec), at]))
  const poor = (measure: PovertyMeasure, law: ReformNames | undefined): Poor | undefined => {
    const spec = povertySpec(names, options, measure, law)
    const at = spec && places.get(canonicalJson(spec))
    if (!spec || at === undefined) return undefined
    const read = (key: 'line' | 'poor' | 'rate' | 'gap') => figure(() => known(answers.poverty(at, spec)[key]))
    return { line: read('line'), persons: read('poor'), rate: read('rate'), gap: read('gap') }
  }
  return Object.values(PovertyMeasure).flatMap((measure) => {
    const [before, after] = [poor(measure, undefined), poor(measure, reform)]
    return before && after ? [{ measure, baseline: before, reform: after }] : []
  })
}
