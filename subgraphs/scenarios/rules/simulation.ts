// From a scenario, a compiled model and a macro path to what is submitted to the fleet.
import type { Model, Variable } from '../../../compute/model/model.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { nearest } from '../../../schema/nearest.ts'
import type { MacroPath, Shock } from '../../shared/types.ts'
import { stepsOf } from './check-scenario.ts'

/** The time and the shocks of a scenario that simulates a network. */
export interface NetworkScenario {
  readonly horizonYears: number
  readonly stepsPerYear: number
  readonly savesPerYear: number
  readonly shocks: readonly Shock[]
}

export interface Simulation {
  /** The model with the scenario's time and with every stock as output. */
  readonly model: Model
  /** Values of each exogenous series at every step: steps + 1 numbers. */
  readonly series: Readonly<Record<string, readonly number[]>>
}

type SeriesVariable = Extract<Variable, { kind: 'series' }>

/**
 * Puts a scenario's time, macro path and shocks on a model.
 * A series that names a macro variable takes the deviation of the path from its baseline, linear between its times and
 * held after its end; without a path it keeps its default. Shocks on other series act in their own unit.
 * @throws BAD_INPUT for a shock on a variable that neither the path nor the model has
 */
export function deriveSimulation(scenario: NetworkScenario, model: Model, path: MacroPath | null): Simulation {
  // A scenario whose horizon is no whole number of steps was refused when it was made.
  const steps = stepsOf(scenario.horizonYears, scenario.stepsPerYear)!
  const dt = 1 / scenario.stepsPerYear
  const times = Array.from({ length: steps + 1 }, (_, step) => step * dt)
  const series = model.variables.filter((v): v is SeriesVariable => v.kind === 'series')
  const macro = new Set(path?.columns.map((column) => column.variable))
  const own = scenario.shocks.filter((shock) => !macro.has(shock.variable))
  for (const shock of own) assertTarget(shock, series, macro)
  return {
    model: {
      ...model,
      time: { start: 0, dt, steps, saveEvery: scenario.stepsPerYear / scenario.savesPerYear, unit: 'year' },
      outputs: model.variables.filter((v) => v.kind === 'stock').map((v) => v.name),
    },
    series: Object.fromEntries(
      series.map((variable) => [
        variable.name,
        shocked(
          baselineOf(variable, path, times),
          own.filter((shock) => shock.variable === variable.name),
          times,
        ),
      ]),
    ),
  }
}

function assertTarget(shock: Shock, series: readonly SeriesVariable[], macro: ReadonlySet<string>): void {
  if (series.some((variable) => variable.name === shock.variable)) return
  const names = [...macro, ...series.map((variable) => variable.name)]
  const near = nearest(shock.variable, names)
  throw new QuesnayError('BAD_INPUT', `no exogenous variable "${shock.variable}" to put a shock on`, {
    path: 'shocks',
    suggestion: near ? `did you mean "${near}"?` : `one of: ${names.slice(0, 12).join(', ')}`,
  })
}

function baselineOf(variable: SeriesVariable, path: MacroPath | null, times: readonly number[]): number[] {
  const start = variable.default ?? 0
  const column = path?.columns.find((c) => c.variable === variable.macroVariable)
  if (!path || !column) return times.map(() => start)
  const deviation = column.scenario.map((value, i) => value - column.baseline[i]!)
  return times.map((time) => start + interpolate(path.times, deviation, time))
}

/** Piecewise linear through the points, held before the first and after the last; `xs` rising, not empty. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  if (x <= xs[0]!) return ys[0]!
  const right = xs.findIndex((point) => point >= x)
  if (right < 0) return ys[ys.length - 1]!
  const x0 = xs[right - 1]!
  const y0 = ys[right - 1]!
  return y0 + ((ys[right]! - y0) * (x - x0)) / (xs[right]! - x0)
}

function shocked(values: number[], shocks: readonly Shock[], times: readonly number[]): number[] {
  return values.map((value, step) =>
    shocks
      .filter((shock) => times[step]! >= shock.from && times[step]! < shock.to)
      .reduce((level, shock) => applied(level, shock), value),
  )
}

function applied(level: number, { mode, value }: Shock): number {
  if (mode === 'ADD') return level + value
  return mode === 'MULTIPLY' ? level * value : value
}
