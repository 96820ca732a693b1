// A query plan as closures: what is fetched, what with what, and what follows.
import type { PlanNode } from '@apollo/query-planner'
import { contextualStep } from './contexts.ts'
import { type FetchDeps, rootStep } from './fetch.ts'
import { entitiesStep } from './merged-fetch.ts'
import type { Step } from './run.ts'
import { type Round, scheduled } from './schedule.ts'

/** Compiles a plan. CONSTRUCT_UNSUPPORTED for what is decided before (conditions) or not offered (@defer). */
export function compilePlan(plan: PlanNode, deps: FetchDeps): Step {
  const rounds = scheduled(plan)
  const steps = rounds.map((round) => stepOf(round, deps))
  if (steps.length === 1) return steps[0]!
  // Each round after the one before it and no other: then there is nothing to wait for in parallel.
  if (rounds.every(({ after }, i) => (i === 0 ? after.length === 0 : after.includes(i - 1))))
    return async (run) => {
      for (const step of steps) await step(run)
    }
  return async (run) => {
    const started: Promise<void>[] = []
    for (const [i, { after }] of rounds.entries())
      started.push(
        startAfter(
          after.map((at) => started[at]!),
          steps[i]!,
          run,
        ),
      )
    await Promise.all(started)
  }
}

async function startAfter(before: readonly Promise<void>[], step: Step, run: Parameters<Step>[0]): Promise<void> {
  if (before.length > 0) await Promise.all(before)
  await step(run)
}

function stepOf({ fetches }: Round, deps: FetchDeps): Step {
  const [first] = fetches
  const { node, path } = first!
  if (!node.requires) return rootStep(node, path, deps)
  return node.contextRewrites ? contextualStep(first!, deps) : entitiesStep(fetches, deps)
}
