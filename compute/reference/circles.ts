// The solve blocks of a plan over a frame: when each has its guesses, and solving it.
import type { Frame } from './frame.ts'
import { compile, type Run } from './operations.ts'
import { type Circle, solveCircle } from './solve.ts'

export interface Circles {
  /** The unknowns of the next lane are not known yet. */
  forget(): void
  /** Sets the unknowns of all blocks that were not solved yet to their guesses. */
  begin(): void
  /** Solves a block; the norm that was left where it could not be solved, else null. */
  solve(index: number): number | null
}

export function circlesOf(frame: Frame): Circles {
  const { solves } = frame.plan
  const nested = () => {
    throw new Error('a solve block holds another one')
  }
  const circles = solves.map(({ method, unknowns, body, parts }): Circle => {
    const whole = compile(frame, body, nested)
    const each: readonly Run[] = parts.map((part) => compile(frame, part, nested))
    return {
      n: unknowns.length,
      x: (i) => frame.get(unknowns[i]!.slot),
      setX: (i, value) => frame.set(unknowns[i]!.slot, value),
      f: (i) => frame.get(unknowns[i]!.next),
      evaluate: () => {
        for (const run of method === 'newton' ? [whole] : each) run()
      },
      evaluatePart: (i) => each[i]!(),
    }
  })
  const begun = solves.map(() => false)
  const begin = (index: number) => {
    if (begun[index]) return
    begun[index] = true
    for (const { slot, guess } of solves[index]!.unknowns) frame.set(slot, frame.get(guess))
  }
  return {
    forget: () => begun.fill(false),
    begin: () => {
      for (const index of begun.keys()) begin(index)
    },
    solve: (index) => {
      begin(index)
      return solveCircle(solves[index]!, circles[index]!)
    },
  }
}
