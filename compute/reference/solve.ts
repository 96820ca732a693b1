// Solve blocks of one lane, as the plan machine solves them: compute/kernels/lib/newton.ts, gauss-seidel.ts, elimination.ts are the twins.
import type { PlanSolve } from '../model/plan.ts'

/** Equations in a circle: x = f(x). */
export interface Circle {
  readonly n: number
  x(i: number): number
  setX(i: number, value: number): void
  /** f_i as last evaluated. */
  f(i: number): number
  /** Newton: evaluates all of f. Gauss-Seidel: all parts in their order. */
  evaluate(): void
  /** Gauss-Seidel: what comes before unknown i is set. */
  evaluatePart(i: number): void
}

/** 2^-26, the square root of the precision: the share of 1 + |x| by which an unknown is moved. */
const NUDGE = 2 ** -26
/** A step is halved up to so many times. */
const HALVINGS = 10

const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const xs = (circle: Circle) => range(circle.n).map(circle.x)
const residuals = (circle: Circle) => range(circle.n).map((i) => circle.x(i) - circle.f(i))

/** The greatest |r_i| / (1 + |x_i|); NaN where one is. */
function normOf(r: readonly number[], x: readonly number[]): number {
  return r.reduce((norm, each, i) => Math.max(norm, Math.abs(each) / (1 + Math.abs(x[i]!))), 0)
}

/** Solves from where the unknowns are; the norm that was left where they could not be, Infinity for NaN, else null. */
export function solveCircle(solve: PlanSolve, circle: Circle): number | null {
  const left = solve.method === 'newton' ? newton(solve, circle) : gaussSeidel(solve, circle)
  if (left === null) return null
  // What lies between has to be that of the unknowns as they are left.
  circle.evaluate()
  return Number.isNaN(left) ? Number.POSITIVE_INFINITY : left
}

function newton({ tolerance, maxIterations, damping }: PlanSolve, circle: Circle): number | null {
  circle.evaluate()
  let r = residuals(circle)
  for (let iteration = 0; ; iteration++) {
    const base = xs(circle)
    const norm = normOf(r, base)
    if (norm <= tolerance) return null
    if (!Number.isFinite(norm) || iteration === maxIterations) return norm
    const columns = differences(circle, base, r)
    const step = eliminate(r.map((each, i) => [...columns.map((column) => column[i]!), each]))
    if (!step) return norm
    let share = damping
    let trial = 0
    for (let halvings = 0; halvings <= HALVINGS; halvings++, share *= 0.5) {
      for (const i of range(circle.n)) circle.setX(i, base[i]! - share * step[i]!)
      circle.evaluate()
      r = residuals(circle)
      // On the scale of where the step began: far away all is small.
      trial = normOf(r, base)
      if (trial < norm) break
    }
    if (!Number.isFinite(trial)) {
      for (const i of range(circle.n)) circle.setX(i, base[i]!)
      return norm
    }
  }
}

/** Columns of the Jacobian of x - f(x), by forward differences; the unknowns are left as they were. */
function differences(circle: Circle, base: readonly number[], r: readonly number[]): number[][] {
  return range(circle.n).map((j) => {
    const moved = base[j]! + NUDGE * (1 + Math.abs(base[j]!))
    const h = moved - base[j]!
    circle.setX(j, moved)
    circle.evaluate()
    const column = residuals(circle).map((each, i) => (each - r[i]!) / h)
    circle.setX(j, base[j]!)
    return column
  })
}

/**
 * The solution of a system of linear equations, a row each, the right-hand side last; by Gaussian elimination with partial pivoting
 * (Golub and Van Loan, Matrix Computations, 3.4). Null where a pivot is 0 or not finite.
 */
export function eliminate(rows: number[][]): number[] | null {
  const n = rows.length
  for (let k = 0; k < n; k++) {
    let best = k
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i
    const pivot = rows[best]![k]!
    if (pivot === 0 || !Number.isFinite(pivot)) return null
    ;[rows[k], rows[best]] = [rows[best]!, rows[k]!]
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / pivot
      for (let j = k + 1; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!
    }
  }
  const solution = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * solution[j]!
    solution[i] = sum / rows[i]![i]!
  }
  return solution
}

function gaussSeidel({ tolerance, maxIterations, damping }: PlanSolve, circle: Circle): number | null {
  for (let iteration = 1; ; iteration++) {
    let norm = 0
    for (const i of range(circle.n)) {
      circle.evaluatePart(i)
      const x = circle.x(i)
      const distance = circle.f(i) - x
      norm = Math.max(norm, Math.abs(distance) / (1 + Math.abs(x)))
      circle.setX(i, x + damping * distance)
    }
    if (!Number.isFinite(norm)) return norm
    if (norm > tolerance && iteration < maxIterations) continue
    // It seems solved, or this was the last try: whether it is is seen with everything in its place.
    circle.evaluate()
    const left = normOf(residuals(circle), xs(circle))
    if (left <= tolerance) return null
    if (iteration === maxIterations || !Number.isFinite(left)) return left
  }
}
