// What a class weighs in admission, and how waiting raises it.
import { JobClass } from '../../../schema/terms/run.ts'

/** From the most urgent; the weights are those that workers pull with. */
const CLASSES: readonly { readonly name: JobClass; readonly weight: number }[] = [
  { name: JobClass.INTERACTIVE, weight: 8 },
  { name: JobClass.NORMAL, weight: 3 },
  { name: JobClass.BATCH, weight: 1 },
]

/** A shard that has waited this long is of the next more urgent class, after twice as long of the one before that. */
export const AGE_SECONDS = 30

/** The class that a shard counts as after a wait; the most urgent stays what it is. */
export function agedClass(name: JobClass, waitedSeconds: number): JobClass {
  const own = CLASSES.findIndex((one) => one.name === name)
  const raised = Math.max(0, own - Math.max(0, Math.floor(waitedSeconds / AGE_SECONDS)))
  return CLASSES[raised]!.name
}

export function weightOf(name: JobClass): number {
  return CLASSES.find((one) => one.name === name)!.weight
}
