// In which order a worker asks for classes of jobs: weights 8:3:1, so that batch work never starves.
import { JobClass } from '../../schema/terms/run.ts'

const { INTERACTIVE, NORMAL, BATCH } = JobClass
/** One turn: eight interactive, three normal, one batch, spread out. */
const TURN: readonly JobClass[] = [
  ...[INTERACTIVE, INTERACTIVE, NORMAL, INTERACTIVE, INTERACTIVE, INTERACTIVE],
  ...[NORMAL, INTERACTIVE, INTERACTIVE, BATCH, INTERACTIVE, NORMAL],
]
const CLASSES: readonly JobClass[] = [INTERACTIVE, NORMAL, BATCH]

/** The classes of the n-th pull: the one whose turn it is first, the others behind it, most urgent first. */
export function classesOfPull(n: number): readonly JobClass[] {
  const first = TURN[n % TURN.length] as JobClass
  return [first, ...CLASSES.filter((other) => other !== first)]
}
