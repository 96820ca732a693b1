// What lowering saves, each way in a row of its own: the machine's time with it as a ratio to its time without.
import { coneModel } from '../../compute/model/lowering/cone.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { withVariants } from '../../compute/model/lowering/variants.ts'
import type { Model, Variable } from '../../compute/model/model.ts'
import type { Plan } from '../../compute/model/plan.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import { Machine } from '../../compute/worker/machine.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'
import { exampleNetwork, networkModel } from './network.ts'

const DRAWS = 1024
const ROUNDS = 5
const RANGE = { from: 0, to: DRAWS }
const VARIANTS = 8

async function run(): Promise<readonly Figure[]> {
  const kernel = loadKernel('machine')
  const machine = Machine.compile(kernel, kernel.sha256)
  const seconds = async (plan: Plan, columns: Record<string, Float64Array> = {}) => {
    const once = () => machine.run({ plan, inputs: {}, series: {} }, columns, RANGE, '7')
    await once()
    return medianSeconds(ROUNDS, once)
  }
  const row = (name: string, saved: number, without: number): Figure[] => [
    figure(`plan.${name}`, saved, saved / without),
    figure(`plan.${name}.without`, without, 1),
  ]
  const model = networkModel(exampleNetwork())
  const plan = lower(model)
  const whole = await seconds(plan)

  const changed = branch(model)
  const { model: cone, frontier } = coneModel(changed, ['lever'])
  const baseline = await machine.run(
    { plan: lower({ ...changed, outputs: frontier }), inputs: {}, series: {} },
    {},
    RANGE,
    '7',
  )
  return [
    ...row('hoisting', await seconds(lower(hoistable(model))), await seconds(unhoisted(lower(hoistable(model))))),
    ...row('sharing', await seconds(lower(repeating(model))), await seconds(lower(repeating(model), { share: false }))),
    ...row('cone', await seconds(lower(cone), trajectories(frontier, baseline.values)), await seconds(lower(changed))),
    ...row('sparse-saves', await seconds(lower({ ...model, time: { ...model.time!, saveEvery: 12 } })), whole),
    ...row(
      'variants-in-one-pass',
      await seconds(lower(variants(changed))),
      (VARIANTS + 1) * (await seconds(lower(changed))),
    ),
  ]
}

const figure = (name: string, seconds: number, ratio: number): Figure => ({
  name,
  value: Math.round(seconds * 10_000) / 10,
  unit: 'ms',
  ratio: Math.round(ratio * 100) / 100,
})

/** Each flow scaled by what a draw and a run know before the first step. */
function hoistable(model: Model): Model {
  const stocks = model.variables.filter((v) => v.kind === 'stock')
  const scale = (i: number): Variable => ({
    kind: 'auxiliary',
    name: `scale_${i}`,
    unit: '1',
    equation: {
      op: 'exp',
      args: [
        {
          op: 'mul',
          args: [
            { op: 'ref', name: `coefficient_${i}` },
            { op: 'sqrt', args: [{ op: 'ref', name: 'level' }] },
          ],
        },
      ],
    },
  })
  const level: Variable = { kind: 'input', name: 'level', unit: '1', default: 0.25 }
  return {
    ...model,
    variables: [
      ...model.variables.map((v) => {
        const i = stocks.indexOf(v as (typeof stocks)[number])
        if (v.kind !== 'stock' || i < 0) return v
        return { ...v, flow: { op: 'mul' as const, args: [{ op: 'ref' as const, name: `scale_${i}` }, v.flow] } }
      }),
      ...stocks.map((_, i) => scale(i)),
      level,
    ],
  }
}

/** The same plan with everything computed at each step. */
function unhoisted(plan: Plan): Plan {
  const { run, draw, step } = plan.operations
  return {
    ...plan,
    operations: { ...plan.operations, run: [], draw: [...run, ...draw], step: [...run, ...draw, ...step] },
  }
}

/** Every logarithm and exponential of the network written out twice, as two formulas of one analyst would. */
function repeating(model: Model): Model {
  return {
    ...model,
    variables: model.variables.map((v) =>
      v.kind === 'stock'
        ? {
            ...v,
            flow: {
              op: 'mul',
              args: [
                { op: 'number', value: 0.5 },
                { op: 'add', args: [v.flow, v.flow] },
              ],
            },
          }
        : v,
    ),
  }
}

/** The network with one more stock that a lever drives: the cone of the lever is small. */
function branch(model: Model): Model {
  const lever: Variable = { kind: 'input', name: 'lever', unit: '1', default: 1 }
  const driven: Variable = {
    kind: 'stock',
    name: 'driven',
    unit: '1',
    initial: { op: 'number', value: 0 },
    flow: {
      op: 'sub',
      args: [
        {
          op: 'mul',
          args: [
            { op: 'ref', name: 'lever' },
            { op: 'ref', name: model.outputs[0]! },
          ],
        },
        { op: 'ref', name: 'driven' },
      ],
    },
  }
  return { ...model, variables: [...model.variables, lever, driven], outputs: [...model.outputs, 'driven'] }
}

/** Eight settings of the lever beside the baseline. */
function variants(model: Model): Model {
  return withVariants(
    model,
    Array.from({ length: VARIANTS }, (_, i) => ({
      name: `v${i}`,
      changes: { lever: { kind: 'constant', name: 'lever', unit: '1', value: 1.1 + i / 10 } },
    })),
  )
}

/** What the baseline saved at every step, as columns: of each lane all its steps. */
function trajectories(names: readonly string[], values: Float64Array): Record<string, Float64Array> {
  const times = values.length / names.length / DRAWS
  const columnOf = (variable: number) => {
    const column = new Float64Array(DRAWS * times)
    for (let time = 0; time < times; time++)
      for (let lane = 0; lane < DRAWS; lane++)
        column[lane * times + time] = values[(variable * times + time) * DRAWS + lane]!
    return column
  }
  return Object.fromEntries(names.map((name, i) => [name, columnOf(i)]))
}

export const savingsBench: Bench = { name: 'plan', run }
