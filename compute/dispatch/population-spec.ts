// Checks what is asked of a population against the plan: every name an output, every number within its bounds.
import { QuesnayError } from '../../schema/errors.ts'
import { MAX_POPULATION_GROUPS, type PopulationSpec } from '../../schema/jobs.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Plan } from '../model/plan.ts'

/** Outputs of sums and of ranks; distributions and poverty lines. */
export const MAX_POPULATION_SUMS = 4096
export const MAX_POPULATION_INCOMES = 64
const MAX_RANKS = 100

/**
 * The spec with nothing in it but what it is made of, so that equal questions have equal keys.
 * BAD_INPUT with the path of what is wrong; LIMIT_EXCEEDED; CONSTRUCT_UNSUPPORTED for a plan with time or members.
 */
export function readPopulationSpec(plan: Plan, spec: PopulationSpec): PopulationSpec {
  if (plan.time || plan.levels.length > 1) {
    const what = plan.time ? 'time' : 'member entities'
    throw new QuesnayError('CONSTRUCT_UNSUPPORTED', `a population is of units alone; the plan has ${what}`, {
      path: 'result',
      suggestion: 'ask for LANES',
    })
  }
  const outputs = new Set(plan.outputs.map(({ name }) => name))
  const name = (given: string, path: string): string => {
    if (outputs.has(given)) return given
    const like = nearest(String(given), [...outputs])
    const message = `result.${path} names ${given}, which is no output of the plan`
    throw new QuesnayError('BAD_INPUT', message, {
      path: `result.${path}`,
      ...(like === undefined ? {} : { suggestion: `${like} is like it` }),
    })
  }
  const names = (given: readonly string[], path: string, limit: number): string[] => {
    within(given.length, limit, path)
    if (new Set(given).size < given.length) throw bad(path, 'names an output twice')
    return given.map((one, i) => name(one, `${path}.${i}`))
  }
  const { ranks, link } = spec
  if (ranks === null && spec.ranked.length > 0) throw bad('ranked', 'needs ranks to be summed by')
  within(spec.distributions.length, MAX_POPULATION_INCOMES, 'distributions')
  within(spec.poverty.length, MAX_POPULATION_INCOMES, 'poverty')
  return {
    kind: 'POPULATION',
    weight: name(spec.weight, 'weight'),
    sums: names(spec.sums, 'sums', MAX_POPULATION_SUMS),
    groups: names(spec.groups, 'groups', MAX_POPULATION_GROUPS),
    ranks: ranks && {
      by: name(ranks.by, 'ranks.by'),
      weight: name(ranks.weight, 'ranks.weight'),
      count: rankCount(ranks.count),
      ...(ranks.dropNegative ? { dropNegative: true } : {}),
    },
    ranked: names(spec.ranked, 'ranked', MAX_POPULATION_SUMS),
    distributions: spec.distributions.map(({ income, weight }, i) => ({
      income: name(income, `distributions.${i}.income`),
      weight: name(weight, `distributions.${i}.weight`),
    })),
    poverty: spec.poverty.map(({ income, weight, line }, i) => ({
      income: name(income, `poverty.${i}.income`),
      weight: name(weight, `poverty.${i}.weight`),
      line: {
        share: lineShare(line.share, `poverty.${i}.line.share`),
        of: name(line.of, `poverty.${i}.line.of`),
        weight: name(line.weight, `poverty.${i}.line.weight`),
      },
    })),
    link: link === null ? null : name(link, 'link'),
  }
}

function rankCount(count: number): number {
  if (Number.isInteger(count) && count >= 2 && count <= MAX_RANKS) return count
  throw bad('ranks.count', `must be a whole number from 2 to ${MAX_RANKS}, and is ${count}`)
}

function lineShare(share: number, path: string): number {
  if (Number.isFinite(share) && share > 0) return share
  throw bad(path, `must be above 0, and is ${share}`)
}

function within(count: number, limit: number, path: string): void {
  if (count <= limit) return
  throw new QuesnayError('LIMIT_EXCEEDED', `result.${path} has ${count} items; the limit is ${limit}`, {
    path: `result.${path}`,
    limit,
  })
}

function bad(path: string, what: string): QuesnayError {
  return new QuesnayError('BAD_INPUT', `result.${path} ${what}`, { path: `result.${path}` })
}
