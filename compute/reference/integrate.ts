// Integration over a step in the interpreter, as the plan's stages say; of Euler's method there is one.
import { pmax, pmin } from '../model/math/extrema.ts'
import type { PlanTime } from '../model/plan.ts'
import type { Frame } from './frame.ts'

/** From the step's first evaluation to its end: y + dt * sum of b k. `evaluate` runs a later stage at a time. */
export function integrator(frame: Frame, evaluate: (stage: number, time: number) => void) {
  const { plan, values, at } = frame
  const base = new Float64Array(values.length)
  const sum = new Float64Array(values.length)
  const cells = (visit: (place: number, flow: number, stock: (typeof plan.stocks)[number]) => void) => {
    for (const stock of plan.stocks) {
      const place = at[stock.slot]!
      const flow = at[stock.flow]!
      const step = frame.stride(stock.flow)
      for (let i = 0, rows = frame.rows(stock.slot); i < rows; i++) visit(place + i, flow + i * step, stock)
    }
  }
  return ({ start, dt, stages }: PlanTime, step: number): void => {
    const time = start + step * dt
    cells((place, flow) => {
      base[place] = values[place]!
      sum[place] = stages[0]!.b * values[flow]!
    })
    for (let stage = 1; stage < stages.length; stage++) {
      const { c, a, b } = stages[stage]!
      const share = a * dt
      cells((place, flow) => {
        values[place] = base[place]! + share * values[flow]!
      })
      evaluate(stage, time + c * dt)
      cells((place, flow) => {
        sum[place]! += b * values[flow]!
      })
    }
    cells((place, _, { min, max }) => {
      const next = base[place]! + dt * sum[place]!
      const above = min === null ? next : pmax(next, min)
      values[place] = max === null ? above : pmin(above, max)
    })
  }
}
