// The level of TimescaleDB, over what servers answer. With a real one the contract suite runs too: TIMESCALE_URL.
import { describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import type { Sql } from './port.ts'
import { detectTimescale } from './timescale.ts'

/** A server that answers each statement with the rows of the first pattern that fits it, or throws. */
function server(answers: readonly (readonly [RegExp, readonly unknown[] | Error])[]): Sql {
  return {
    async query<Row>(text: string) {
      const answer = answers.find(([pattern]) => pattern.test(text))?.[1]
      if (answer === undefined) throw new Error(`not asked for in this test: ${text}`)
      if (answer instanceof Error) throw answer
      return answer as Row[]
    },
  }
}

const OFFERED = [/pg_available_extensions/, [{}]] as const
const CREATED = [/create extension/, []] as const
const license = (text: string) => [/timescaledb\.license/, [{ 'timescaledb.license': text }]] as const

describe('detectTimescale', () => {
  it('is none where the server does not offer it', async () => {
    expect(await detectTimescale(server([[/pg_available_extensions/, []]]), silentLog)).toBe('none')
  })

  it('is tsl under the timescale licence', async () => {
    expect(await detectTimescale(server([OFFERED, CREATED, license('timescale')]), silentLog)).toBe('tsl')
  })

  it('is apache under the apache licence', async () => {
    expect(await detectTimescale(server([OFFERED, CREATED, license('apache')]), silentLog)).toBe('apache')
  })

  it('is none where it cannot be created', async () => {
    const refused = [/create extension/, new Error('must be preloaded')] as const
    expect(await detectTimescale(server([OFFERED, refused, [/pg_extension/, []]]), silentLog)).toBe('none')
  })

  it('is found where another service created it at the same moment', async () => {
    const late = [/create extension/, new Error('duplicate key value')] as const
    const answers = [OFFERED, late, [/pg_extension/, [{}]] as const, license('apache')]
    expect(await detectTimescale(server(answers), silentLog)).toBe('apache')
  })
})
