// When the fetches of a plan go: in as few requests as they need rounds, each as soon as all that it follows is there.
import type { FetchNode, PlanNode } from '@apollo/query-planner'
import { QuesnayError } from '../../../schema/errors.ts'
import type { PlanPath } from './targets.ts'

/** One fetch of the plan, at its path of the result. */
export interface PlannedFetch {
  readonly node: FetchNode
  readonly path: PlanPath
}

/** Fetches that go to one subgraph together: entities of several places, or one fetch of root fields. */
export interface Round {
  readonly fetches: readonly PlannedFetch[]
  /** Indices of the rounds that it waits for; all of them are smaller than its own. */
  readonly after: readonly number[]
}

interface Task extends PlannedFetch {
  /** What must be there before it. */
  readonly after: readonly Task[]
  /** The first round that it can be part of, and the last one that keeps nobody waiting. */
  readonly earliest: number
  latest: number
}

/**
 * The rounds of a plan. Fetches of entities that go to one subgraph at one depth of the plan are one request, and one that nothing waits for
 * is put off to a depth at which that subgraph is asked anyway: the longest chain of requests never grows. What the plan has in
 * sequence stays in sequence. CONSTRUCT_UNSUPPORTED for conditions, which are decided before, and for @defer, which is not offered.
 */
export function scheduled(plan: PlanNode): Round[] {
  const tasks: Task[] = []
  collect(plan, [], [], tasks)
  const depth = Math.max(0, ...tasks.map(({ earliest }) => earliest))
  for (const task of tasks) task.latest = depth
  for (const task of tasks) for (const before of task.after) before.latest = Math.min(before.latest, task.earliest - 1)

  const groups = new Map<string, Task[]>()
  const keyOf = ({ node }: Task, at: number) => `${at} ${node.serviceName}`
  const add = (task: Task, key: string) => void groups.set(key, [...(groups.get(key) ?? []), task])
  // Values of a context are variables of the request, so that it goes by itself.
  const isAlone = ({ node }: Task) => !node.requires || node.contextRewrites !== undefined
  const isBound = (task: Task) => isAlone(task) || task.earliest === task.latest
  for (const [i, task] of tasks.entries())
    if (isBound(task)) add(task, isAlone(task) ? `${task.earliest} alone ${i}` : keyOf(task, task.earliest))
  for (const task of tasks) {
    if (isBound(task)) continue
    const depths = Array.from({ length: task.latest - task.earliest + 1 }, (_, i) => task.earliest + i)
    add(task, keyOf(task, depths.find((at) => groups.has(keyOf(task, at))) ?? task.earliest))
  }

  const ordered = [...groups].sort(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  const placeOf = new Map(ordered.flatMap(([, group], i) => group.map((task) => [task, i] as const)))
  return ordered.map(([, fetches]) => {
    const after = new Set(fetches.flatMap((task) => task.after.map((before) => placeOf.get(before)!)))
    return { fetches: fetches.map(({ node, path }) => ({ node, path })), after: [...after].sort((a, b) => a - b) }
  })
}

/** Adds the tasks of a node; returns those that whatever follows it must wait for. */
function collect(node: PlanNode, path: PlanPath, after: readonly Task[], tasks: Task[]): readonly Task[] {
  switch (node.kind) {
    case 'Sequence':
      return node.nodes.reduce((before, child) => collect(child, path, before, tasks), after)
    case 'Parallel': {
      const ends = node.nodes.flatMap((child) => collect(child, path, after, tasks))
      return ends.length > 0 ? ends : after
    }
    case 'Flatten':
      return collect(node.node, [...path, ...node.path], after, tasks)
    case 'Fetch': {
      const earliest = 1 + Math.max(-1, ...after.map((task) => task.earliest))
      const task: Task = { node, path, after, earliest, latest: earliest }
      tasks.push(task)
      return [task]
    }
    default:
      throw new QuesnayError('CONSTRUCT_UNSUPPORTED', `a plan with ${node.kind} is not served`, { path: 'query' })
  }
}
