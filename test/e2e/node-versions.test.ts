// The same inputs give the same bits on Node.js 20 and 24: the machine, the merge and the interpreter.
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { builtFile } from '../../infra/paths.ts'
import { findNode24 } from '../support/other-node.ts'

const SCRIPT = `
  const load = (...parts) => import([${JSON.stringify(pathToFileURL(builtFile()).href)}, ...parts].join('/'))
  const { lower } = await load('compute', 'model', 'lower.js')
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
  console.log(JSON.stringify({
    version: process.version,
    bits: {
      machine: hashOf(values),
      interpreter: hashOf(interpret(binding, {}, { from: 0, to: 10 }, '7').values),
      mean: hashOf(merged.mean),
      sd: hashOf(merged.sd),
      quantiles: merged.quantiles.map(hashOf),
    },
  }))`

function bitsOn(node: string): { version: string; bits: unknown } {
  const { stdout, stderr, status } = spawnSync(node, ['--input-type=module', '-e', SCRIPT], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as { version: string; bits: unknown }
}

const node24 = findNode24()

describe.skipIf(node24 === undefined)('a result', () => {
  it('has the same bits on this Node.js and on 24', () => {
    const here = bitsOn(process.execPath)
    const there = bitsOn(node24!)
    expect(there.version).toMatch(/^v24\./)
    expect(there.bits).toEqual(here.bits)
  })
})
