// quesnay demo: the flagship question, asked through the graph, with its answer as tables and a fan chart.
import { readFileSync } from 'node:fs'
import { parse, print, separateOperations } from 'graphql'
import { systemClock } from '../../infra/clock.ts'
import { packageFile } from '../../infra/paths.ts'
import { ask, type GraphClient } from '../client.ts'
import { describeIdentity, type WatchedRun } from '../output/describe-run.ts'
import { fanChart } from '../output/fan.ts'
import { mostMoved } from '../output/most-moved.ts'
import { number, percent, table } from '../output/table.ts'
import { watchRun } from '../watch-run.ts'

interface Asked {
  readonly createScenario: { readonly scenario: { readonly id: string; readonly run: { readonly id: string } } }
}

interface Flows {
  readonly Y: number
  readonly C: number
  readonly I: number
  readonly G: number
  readonly X: number
  readonly M: number
  readonly leakages: number
  readonly injections: number
  readonly gapPctOfInjections: number
}

interface Budget {
  readonly name?: string
  readonly baseline: number
  readonly reform: number
  readonly change: number
}

interface Effect {
  readonly budget: Budget
  readonly byProgramme: readonly Budget[]
  readonly deciles: Readonly<
    Record<'decile' | 'meanNetIncomeBaseline' | 'meanNetTaxBaseline' | 'meanNetTaxChange', number[]>
  >
  readonly losers: { readonly share: number; readonly meanChange: number }
}

export interface FlagshipRun extends WatchedRun {
  readonly scenario: {
    readonly id: string
    readonly title: string
    readonly reform: { readonly title: string }
    readonly populationRun: {
      readonly populationImpact: {
        readonly units: number
        readonly reforms: readonly [Effect]
      }
    }
    readonly netTaxChange: { readonly fraction: number }
    readonly circularFlowImpact: {
      readonly firstYear: {
        readonly year: number
        readonly baseline: Flows & { unit: string }
        readonly scenario: Flows
      }
    }
    readonly macroPath: {
      readonly times: readonly number[]
      readonly columns: readonly { variable: string; unit: string; baseline: number[]; scenario: number[] }[]
    }
    readonly portfolioImpact: {
      readonly currency: string
      readonly asOf: string
      readonly baseline: number
      readonly times: readonly number[]
      readonly value: readonly number[]
      readonly loss: readonly number[]
    }
  }
}

export interface DemoOptions {
  readonly json: boolean
  readonly draws: number
}

/** States the question, watches the one operation that answers it, and prints what came back. */
export async function demo(client: GraphClient, options: DemoOptions): Promise<void> {
  const operations = separateOperations(parse(readFileSync(packageFile('examples', 'flagship.graphql'), 'utf8')))
  const say = (text: string) => void (options.json ? undefined : process.stdout.write(`${text}\n`))
  say('What happens if the top rate of US federal income tax rises from 37 to 39.6 %?\n')
  const { run, updates } = await watchRun<FlagshipRun>(client, systemClock, {
    async submit() {
      const asked = await ask<Asked>(client, print(operations['Ask']!), { draws: options.draws })
      return asked.createScenario.scenario.run.id
    },
    subscription: print(operations['Answer']!),
    variables: (run) => ({ run }),
  })
  if (options.json) process.stdout.write(`${JSON.stringify({ ...run, updates })}\n`)
  else say(describeFlagship(run))
}

export function describeFlagship(run: FlagshipRun): string {
  const { scenario } = run
  const title = (text: string) => `\n${text}\n${'='.repeat(text.length)}`
  return [
    title(`1. People: ${scenario.populationRun.populationImpact.units} example tax units`),
    people(scenario.populationRun.populationImpact.reforms[0]),
    title('2. Economy: the circular flow of the United States'),
    economy(scenario),
    title('3. Health: the mechanism network'),
    health(run),
    title('4. A portfolio in that economy'),
    portfolio(scenario.portfolioImpact),
    title('The run'),
    describeIdentity(run),
  ].join('\n')
}

/** A programme that the units have nothing of is not shown. */
const isThere = ({ baseline, reform }: Budget) => baseline !== 0 || reform !== 0

function people({ byProgramme, budget, deciles, losers }: Effect) {
  const rows = [...byProgramme.filter(isThere), { ...budget, name: 'revenue less outlays' }].map((row) => [
    row.name,
    ...[row.baseline, row.reform, row.change].map((value) => number(value / 1e6)),
  ])
  const byDecile = deciles.decile.map((decile, i) => [
    decile,
    ...[deciles.meanNetIncomeBaseline, deciles.meanNetTaxBaseline, deciles.meanNetTaxChange].map((column) =>
      number(column[i]),
    ),
  ])
  return [
    table(['programme, USD mn', 'today', 'reform', 'change'], rows, [1, 2, 3]),
    '',
    table(['decile', 'net income', 'taxes less benefits', 'change'], byDecile, [1, 2, 3]),
    '',
    `${percent(losers.share)} of units pay more, on average ${number(-losers.meanChange)} USD a year`,
  ].join('\n')
}

function economy({ netTaxChange, circularFlowImpact: { firstYear }, macroPath }: FlagshipRun['scenario']) {
  const keys = ['Y', 'C', 'I', 'G', 'X', 'M', 'leakages', 'injections'] as const
  const flows = keys.map((key) => [
    key,
    ...[firstYear.baseline[key], firstYear.scenario[key], firstYear.scenario[key] - firstYear.baseline[key]].map(
      (value) => number(value),
    ),
  ])
  const path = macroPath.columns.map(({ variable, unit, baseline, scenario }) => [
    variable,
    unit,
    number(baseline.at(-1), 3),
    number(scenario.at(-1), 3),
  ])
  return [
    `net taxes change by ${percent(netTaxChange.fraction, 3)} of income and payroll tax`,
    '',
    table([`${firstYear.year}, ${firstYear.baseline.unit}`, 'baseline', 'scenario', 'change'], flows, [1, 2, 3]),
    '',
    table([`after ${macroPath.times.at(-1)} years`, 'unit', 'baseline', 'scenario'], path, [2, 3]),
  ].join('\n')
}

/** How many variables are drawn. */
const DRAWN = 4

function health(run: FlagshipRun): string {
  const { columns, draws, times } = run.results!
  const moved = mostMoved(columns, DRAWN)
  return [
    `${columns.length} stocks, ${draws} draws, ${times.at(-1)} years; the ${moved.length} that moved most:`,
    '',
    ...moved.map((column) => `${fanChart(column)}\n`),
  ].join('\n')
}

function portfolio({ currency, asOf, baseline, times, value, loss }: FlagshipRun['scenario']['portfolioImpact']) {
  const years = times.map((time, i) => [time, i] as const).filter(([time]) => Number.isInteger(time))
  const rows = years.map(([time, i]) => [time, number(value[i]), number(loss[i]), percent(loss[i]! / baseline, 3)])
  return [
    `worth ${number(baseline)} ${currency} on ${asOf}; revalued along the macro path`,
    '',
    table(['year', `value, ${currency}`, 'loss', 'loss'], rows, [1, 2, 3]),
  ].join('\n')
}
