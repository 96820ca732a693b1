// A longer run of the fuzzers: `npm run fuzz -- --minutes 10 --seed 7`. Prints the seed of each round, by which it can be repeated.
import { parseArgs } from 'node:util'
import { SURFACES } from './surfaces.ts'
import { startTarget } from './target.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } },
})
const end = performance.now() + Number(values.minutes) * 60_000
const target = await startTarget()
try {
  for (let seed = Number(values.seed); performance.now() < end; seed++)
    for (const [name, fuzz] of Object.entries(SURFACES)) {
      const limitMs = Math.min(30_000, end - performance.now())
      if (limitMs <= 0) break
      await fuzz({ target, seed, runs: 2_000, limitMs })
      await target.assertWell()
      console.log(`seed ${seed}  ${name.padEnd(22)} ${target.residentMib().toFixed(0)} MiB`)
    }
} finally {
  await target.close()
}
