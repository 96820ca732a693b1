// Asks the fleet what reforms do to a population, once for every question.
import { QuesnayError } from '../../../schema/errors.ts'
import { hashOf } from '../../../schema/hash.ts'
import { IncomeLevel } from '../../../schema/terms/population.ts'
import type { AskedPopulation } from '../loaders.ts'
import { impactInputs, reformLaw } from '../rules/impact/laws.ts'
import { type ImpactOptions, readOptions } from '../rules/impact/options.ts'
import { cachedPlan } from '../rules/impact/plan-cache.ts'
import { dayOf } from '../rules/rule-set/rule-inputs.ts'
import type { RuleSet } from '../rules/rule-set/rule-set.ts'
import { requireRuleSet } from '../rules/rule-set/shipped.ts'
import type { ReformRow } from '../store/rows.ts'
import { type Context, requireReform, requireTree } from './context.ts'
import { type LoadedPopulation, loadPopulation, usualPopulation } from './population-data.ts'

export interface PopulationQuestion {
  readonly ruleSet: string
  /** Absent: the example population of the rules. */
  readonly population?: string | null | undefined
  /** Absent: the last year that the rules are for. */
  readonly year?: number | null | undefined
  readonly reforms: readonly string[]
  readonly options?: { readonly [K in keyof ImpactOptions]?: ImpactOptions[K] | null | undefined } | null | undefined
}

/** Reforms of one pass: each is a law of its own in the plan. */
export const MAX_REFORMS = 50

/**
 * The run that answers the question, submitted where there is none or where it failed or was cancelled.
 * A year is computed by the law of the day that the rule set names, as known now.
 * Errors, with `path` of the argument's name: BAD_INPUT (year, options, a reform of another tree), NOT_FOUND (rule set, population, reform),
 * LIMIT_EXCEEDED, and those of Dispatch.submit.
 */
export function askPopulation(
  context: Context,
  question: PopulationQuestion,
  path: PathOf = ofOneReform,
): Promise<AskedPopulation> {
  const key = JSON.stringify(question)
  const asked = context.loaders.asked.get(key) ?? ask(context, question, path)
  context.loaders.asked.set(key, asked)
  return asked
}

/** Where a fault of a part of the question is told, such as "options.step". */
export type PathOf = (part: string) => string

/** Of a field of a reform or a scenario, which has one reform. */
const ofOneReform: PathOf = (part) => (part === 'reforms.0' ? 'reform' : part)

async function ask(context: Context, question: PopulationQuestion, path: PathOf): Promise<AskedPopulation> {
  const ruleSet = requireRuleSet(question.ruleSet, path('ruleSet'))
  const year = question.year ?? ruleSet.years.last
  const day = dayOf(ruleSet, year, path('year'))
  const population = await loadPopulation(
    context,
    ruleSet,
    question.population ?? usualPopulation(ruleSet, path('population')),
    path('population'),
  )
  const options = readOptions(question.options ?? {}, groupsOf(ruleSet, population), path('options'))
  assertHouseholds(population, options, path('options.level'))
  const reforms = await loadReforms(context, ruleSet, question.reforms, path)
  const tree = await requireTree(context, ruleSet.treeId, path('ruleSet'))
  const law = context.store.law(context.tenant, tree, { date: day })
  const laws = reforms.map((reform) =>
    reformLaw(ruleSet, law, context.store.law(context.tenant, tree, { date: day, reform })),
  )
  const shapes = laws.map(({ parameters, formulas }) => ({ parameters, formulas }))
  const plan = cachedPlan(ruleSet, shapes, options, population.shape)
  const inputs = impactInputs(ruleSet, plan, law, laws)
  const { dataVersion, units, columns } = population
  const questionHash = hashOf({
    ...{ reforms: question.reforms, rules: ruleSet.hash, plan: plan.planHash, inputs, spec: plan.spec },
    ...{ population: population.id, data: dataVersion, year, options },
  })

  const known = await context.loaders.answer.load(questionHash)
  const standing = known && (await context.loaders.run.load(known.runId))
  if (standing && standing.status !== 'FAILED' && standing.status !== 'CANCELLED')
    return { run: standing, reading: plan.reading }

  const [only, ...others] = question.reforms
  const record = await context.dispatch.submit({
    tenant: context.tenant,
    kind: 'POPULATION',
    subject:
      only !== undefined && others.length === 0
        ? { type: 'Reform', id: only }
        : { type: 'Population', id: population.id },
    plan: plan.plan,
    inputs,
    columns,
    lanes: units,
    result: plan.spec,
    class: 'p0',
    provenance: {
      dataVersions: [`${population.id}@${dataVersion}`],
      parameterSnapshot: hashOf({ tree: tree.snapshotHash, reforms: reforms.map((reform) => reform.snapshotHash) }),
      ruleSet: `${ruleSet.id}@${ruleSet.hash}`,
      options: { year, ...options },
    },
  })
  await context.store.rememberRun({
    tenant: context.tenant,
    questionHash,
    runId: record.id,
    reformIds: [...question.reforms],
    ruleSetId: ruleSet.id,
    ruleSetHash: ruleSet.hash,
    populationId: population.id,
    dataVersion,
    year,
    reading: plan.reading,
    createdAt: new Date(context.clock.now()),
  })
  return { run: record, reading: plan.reading }
}

/** Ways of grouping in which the units of the population differ. */
function groupsOf({ population }: RuleSet, { columns }: LoadedPopulation): string[] {
  return population.groups.filter(({ column }) => Object.hasOwn(columns, column)).map(({ name }) => name)
}

function assertHouseholds({ id, shape }: LoadedPopulation, { level }: ImpactOptions, path: string): void {
  if (level !== IncomeLevel.HOUSEHOLD || shape.household) return
  throw new QuesnayError('BAD_INPUT', `the population ${id} does not say which units make a household`, {
    path,
    suggestion: 'rank units, or choose a population with households',
  })
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
