// Asks the fleet what reforms do to a population, once for every question.
import type { RunRecord, RunSubject } from '../../../compute/dispatch/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { hashOf } from '../../../schema/hash.ts'
import { PopulationYear } from '../../../schema/terms/population.ts'
import type { Finding } from '../../shared/types.ts'
import type { AskedPopulation } from '../loaders.ts'
import { impactInputs, reformLaw } from '../rules/impact/laws.ts'
import {
  type GivenOptions,
  type ImpactOptions,
  type OptionsWithDefaults,
  readOptions,
  withDefaults,
} from '../rules/impact/options.ts'
import { cachedPlan } from '../rules/impact/plan-cache.ts'
import type { ReformShape } from '../rules/impact/sides.ts'
import type { PopulationRecord } from '../rules/population/record.ts'
import { dayOf } from '../rules/rule-set/rule-inputs.ts'
import type { RuleSet } from '../rules/rule-set/rule-set.ts'
import { requireRuleSet } from '../rules/rule-set/shipped.ts'
import type { ReformRow } from '../store/rows.ts'
import { type Context, requireReform, requireTree } from './context.ts'
import { loadLanes, usualPopulation } from './population-lanes.ts'

export interface PopulationQuestion {
  readonly ruleSet: string
  /** Absent: the example population of the rules. */
  readonly population?: string | null | undefined
  /** Absent: the last year that the rules are for. */
  readonly year?: number | null | undefined
  readonly reforms: readonly string[]
  readonly options?: GivenOptions | null | undefined
}

/** Reforms of one pass: each is a law of its own in the plan. */
export const MAX_REFORMS = 50

/**
 * The run that answers the question, submitted where there is none or where it failed or was cancelled.
 * A year is computed by the law of the day that the rule set names, as known now.
 * Errors, with `path` of the argument's name: BAD_INPUT (year, options, a reform of another tree), NOT_FOUND (rule set, population, reform),
 * LIMIT_EXCEEDED, and those of Dispatch.submit.
 */
export async function askPopulation(
  context: Context,
  question: PopulationQuestion,
  path: PathOf = ofOneReform,
): Promise<AskedPopulation> {
  const ruleSet = requireRuleSet(question.ruleSet, path('ruleSet'))
  const whole: WholeQuestion = {
    ruleSet,
    population: question.population ?? usualPopulation(ruleSet, path('population')),
    year: question.year ?? ruleSet.years.last,
    reforms: question.reforms,
    options: withDefaults(question.options ?? {}),
  }
  // A question that is reached twice is one, whether it says what is so by default or not.
  const key = JSON.stringify({ ...whole, ruleSet: ruleSet.id })
  const asked = context.loaders.asked.get(key) ?? ask(context, whole, path)
  context.loaders.asked.set(key, asked)
  return asked
}

interface WholeQuestion {
  readonly ruleSet: RuleSet
  readonly population: string
  readonly year: number
  readonly reforms: readonly string[]
  readonly options: OptionsWithDefaults
}

/** Where a fault of a part of the question is told, such as "options.step". */
export type PathOf = (part: string) => string

/** Of a field of a reform or a scenario, which has one reform. */
const ofOneReform: PathOf = (part) => (part === 'reforms.0' ? 'reform' : part)

async function ask(context: Context, question: WholeQuestion, path: PathOf): Promise<AskedPopulation> {
  const { ruleSet, year } = question
  const day = dayOf(ruleSet, year, path('year'))
  const lanes = await loadLanes(context, ruleSet, { ...question, ...question.options }, path)
  const options = readOptions(question.options, lanes.groups, path('options'))
  const reforms = await loadReforms(context, ruleSet, question.reforms, path)
  const tree = await requireTree(context, ruleSet.treeId, path('ruleSet'))
  const law = context.store.law(context.tenant, tree, { date: day })
  const laws = reforms.map((reform) =>
    reformLaw(ruleSet, law, context.store.law(context.tenant, tree, { date: day, reform }), reform.formulas),
  )
  const shapes = laws.map(({ parameters, formulas }) => ({ parameters, formulas }))
  const plan = cachedPlan(ruleSet, shapes, options, lanes.shape)
  const inputs = impactInputs(ruleSet, plan, law, laws)
  const { record } = lanes
  const questionHash = hashOf({
    ...{ reforms: question.reforms, rules: ruleSet.hash, plan: plan.planHash, spec: plan.spec, inputs },
    ...{ population: record.id, data: record.dataVersion, year, options },
  })
  const findings = findingsOf({ ruleSet, record, year, options, shapes }, path)
  const asked = (run: RunRecord): AskedPopulation => ({ run, reading: plan.reading, findings })

  const known = await context.loaders.answer.load(questionHash)
  const standing = known && (await context.loaders.run.load(known.runId))
  if (standing && standing.status !== 'FAILED' && standing.status !== 'CANCELLED') return asked(standing)

  const run = await context.dispatch.submit({
    tenant: context.tenant,
    kind: 'POPULATION',
    subject: subjectOf(question.reforms, record.id),
    plan: plan.plan,
    inputs,
    columns: lanes.columns,
    lanes: record.units,
    result: plan.spec,
    class: 'p0',
    provenance: {
      dataVersions: [`${record.id}@${record.dataVersion}`],
      parameterSnapshot: hashOf({ tree: tree.snapshotHash, reforms: reforms.map((reform) => reform.snapshotHash) }),
      ruleSet: `${ruleSet.id}@${ruleSet.hash}`,
      options: { year, ...options },
    },
  })
  await context.store.rememberRun({
    tenant: context.tenant,
    questionHash,
    runId: run.id,
    reformIds: [...question.reforms],
    ruleSetId: ruleSet.id,
    ruleSetHash: ruleSet.hash,
    populationId: record.id,
    dataVersion: record.dataVersion,
    year,
    reading: plan.reading,
    createdAt: new Date(context.clock.now()),
  })
  return asked(run)
}

const subjectOf = ([only, ...others]: readonly string[], population: string): RunSubject =>
  only !== undefined && others.length === 0 ? { type: 'Reform', id: only } : { type: 'Population', id: population }

interface Asked {
  readonly ruleSet: RuleSet
  readonly record: PopulationRecord
  readonly year: number
  readonly options: ImpactOptions
  readonly shapes: readonly ReformShape[]
}

/** What is worth knowing of the question. */
function findingsOf({ ruleSet, record, year, options, shapes }: Asked, path: PathOf): Finding[] {
  const findings: Finding[] = shapes.flatMap(({ parameters, formulas }, i) =>
    parameters.length + formulas.length > 0
      ? []
      : [
          {
            severity: 'WARNING',
            code: 'NOTHING_CHANGED',
            path: path(`reforms.${i}`),
            message: `the reform changes nothing that the rules ${ruleSet.id} read for ${year}`,
            suggestion: 'see Reform.changes for the days from which they hold',
          },
        ],
  )
  if (record.year !== year && options.populationYear === PopulationYear.AS_IT_IS)
    findings.push({
      severity: 'INFO',
      code: 'OTHER_YEAR',
      path: path('population'),
      message: `the figures of ${record.id} are of ${record.year}, the law is that of ${year}`,
      suggestion: 'carry it to the year with options { populationYear: UPRATED }',
    })
  return findings
}

async function loadReforms(
  context: Context,
  ruleSet: RuleSet,
  ids: readonly string[],
  path: PathOf,
): Promise<ReformRow[]> {
  if (ids.length > MAX_REFORMS)
    throw new QuesnayError('LIMIT_EXCEEDED', `${ids.length} reforms; at most ${MAX_REFORMS} run in one pass`, {
      path: path('reforms'),
      limit: MAX_REFORMS,
      suggestion: 'ask in several runs',
    })
  const rows = await Promise.all(ids.map((id, i) => requireReform(context, id, path(`reforms.${i}`))))
  for (const [i, { id, treeId }] of rows.entries())
    if (treeId !== ruleSet.treeId)
      throw new QuesnayError('BAD_INPUT', `the reform ${id} changes ${treeId}, the rules read ${ruleSet.treeId}`, {
        path: path(`reforms.${i}`),
        suggestion: `name a reform of ${ruleSet.treeId}`,
      })
  return rows
}
