// The same inputs give the same bits on Node.js 20 and 24: the machine, the merge, the interpreter, and the way from text to plan.
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { builtFile } from '../../infra/paths.ts'
import { findNode24 } from '../support/other-node.ts'

/** A model that takes every numeric function of the language, each distribution, and the memory of a step, by Runge-Kutta. */
const EVERYTHING = `
name: everything
time: { start: 0, stop: 3, dt: 0.125, method: rk4, unit: year }
variables:
  a: { random: 'normal(1, 0.1)' }
  b: { random: 'truncatedNormal(1, 0.5, 0.5, 2)' }
  c: { random: 'logNormal(mu = 0, sigma = 0.2)' }
  d: { random: 'gamma(2.5, 0.5)' }
  e: { random: 'beta(2, 3)' }
  f: { random: 'poisson(4)' }
  g: { random: 'triangular(0, 1, 3)' }
  h: { random: 'exponential(2)' }
  noise: { unchecked: true, formula: 'normal(0, 0.1) + uniform(0, 1) + poisson(2) + gamma(1.5, 1)' }
  angle: { unchecked: true, formula: 'sin(a * time) + cos(b) + tan(e) + arcsin(e) + arccos(e) + arctan(d)' }
  growth: { unchecked: true, formula: 'exp(-x) + ln(1 + d) + log10(2 + d) + c ^ 1.7 + sqrt(h) + mod(f, 3) + roundTo(g, 0.05, even)' }
  past: { unchecked: true, formula: 'delay(x, 0.5) + previous(x, 0) + smooth3(x, 1) + delay1(x, 2) + trend(x, 1) + initial(x)' }
  shocks: { unchecked: true, formula: 'step(1, 1) + ramp(0.5, 1, 2) + pulse(1, 0.5, 1)' }
  x: { unchecked: true, stock: 1, flow: 'where(x > 5, 0, angle + growth + 0.01 * past + 0.1 * shocks - 0.2 * x + 0.01 * noise)' }
`

const SCRIPT = `
  const load = (...parts) => import([${JSON.stringify(pathToFileURL(builtFile()).href)}, ...parts].join('/'))
  const { lower } = await load('compute', 'model', 'lowering', 'lower.js')
  const { planHash } = await load('compute', 'model', 'plan.js')
  const { elaborate } = await load('compute', 'model', 'elaborate', 'elaborate.js')
  const { readModel } = await load('compute', 'model', 'source', 'read-model.js')
  const { Machine, EnsembleMerger } = await load('compute', 'worker', 'machine.js')
  const { loadKernel } = await load('compute', 'worker', 'kernels.js')
  const { interpret } = await load('compute', 'reference', 'interpret.js')
  const { exampleNetwork, networkModel } = await load('test', 'bench', 'network.js')
  const { sha256 } = await load('schema', 'hash.js')

  const hashOf = (values) => sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  const compiled = (name, Kernel) => Kernel.compile(loadKernel(name), loadKernel(name).sha256)
  const binding = { plan: lower(networkModel(exampleNetwork())), inputs: {}, series: {} }
  const lanes = 300
  const { values } = await compiled('machine', Machine).run(binding, {}, { from: 0, to: lanes }, '7')
  const rows = values.length / lanes
  const merged = compiled('stats', EnsembleMerger).merge([{ values, lanes }], 0, rows, [0.025, 0.5, 0.975])
  const bitsOf = async (text) => {
    const plan = lower(elaborate(readModel(text).source).model)
    const given = { plan, inputs: {}, series: {} }
    const run = await compiled('machine', Machine).run(given, {}, { from: 0, to: 70 }, '7')
    const oracle = interpret(given, {}, { from: 0, to: 3 }, '7')
    return [planHash(plan), run.status, hashOf(run.values), hashOf(oracle.values)]
  }
  console.log(JSON.stringify({
    version: process.version,
    bits: {
      everything: await bitsOf(${JSON.stringify(EVERYTHING)}),
      machine: hashOf(values),
      interpreter: hashOf(interpret(binding, {}, { from: 0, to: 10 }, '7').values),
      mean: hashOf(merged.mean),
      sd: hashOf(merged.sd),
      quantiles: merged.quantiles.map(hashOf),
    },
  }))`

interface Answer {
  readonly version: string
  readonly bits: { readonly everything: readonly unknown[] }
}

function bitsOn(node: string): Answer {
  const { stdout, stderr, status } = spawnSync(node, ['--input-type=module', '-e', SCRIPT], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Answer
}

const node24 = findNode24()

describe.skipIf(node24 === undefined)('a result', () => {
  it('has the same bits on this Node.js and on 24', () => {
    const here = bitsOn(process.execPath)
    const there = bitsOn(node24!)
    expect(there.version).toMatch(/^v24\./)
    expect(there.bits).toEqual(here.bits)
    expect(here.bits.everything[1]).toEqual({ kind: 'DONE' })
  })
})
