// The typed model: what every source (mechanism network, XMILE, policy rules, SFC equations) becomes before it is a plan.

/**
 * An expression over named variables. `table` names a table of the model.
 * Lookups are piecewise linear and hold their end values; a bracket schedule is
 * sum of rate_i * clamp(x - threshold_i, 0, threshold_{i+1} - threshold_i).
 */
export type Expression =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'ref'; readonly name: string }
  | { readonly op: 'time' }
  | { readonly op: 'lookup'; readonly table: string; readonly x: Expression }
  | { readonly op: 'bracket'; readonly table: string; readonly x: Expression }
  | { readonly op: FunctionName; readonly args: readonly Expression[] }

/**
 * Functions and their arguments. Comparisons and logic give 1 or 0; `select(c, a, b)` is a where c != 0.
 * The six functional forms of a mechanism (source S, target T):
 * linear(a, S); sigmoid(a, S, L, k, x0) = a L / (1 + exp(-k (S - x0))); logarithmic(a, S) = a ln(1 + S);
 * saturating(a, S, T, Tmax) = min(a S, Tmax - T); threshold(a, S, theta) = a max(0, S - theta);
 * dampening(a, S, T, Tmax) = a S (1 - T / Tmax).
 */
export type FunctionName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'abs'
  | 'min'
  | 'max'
  | 'clamp'
  | 'sqrt'
  | 'exp'
  | 'log'
  | 'pow'
  | 'floor'
  | 'ceil'
  | 'lt'
  | 'le'
  | 'eq'
  | 'and'
  | 'or'
  | 'not'
  | 'select'
  | 'linear'
  | 'sigmoid'
  | 'logarithmic'
  | 'saturating'
  | 'threshold'
  | 'dampening'

/** Parameters of a distribution are numbers: a draw is a pure function of (seed, draw, stream). */
export type Distribution =
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | {
      readonly kind: 'truncatedNormal'
      readonly mean: number
      readonly sd: number
      readonly min: number
      readonly max: number
    }
  | { readonly kind: 'logNormal'; readonly mu: number; readonly sigma: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }

interface Named {
  readonly name: string
  readonly unit: string
  /** Where it comes from: mechanism@version, statute, XMILE variable. */
  readonly provenance?: string
}

export type Variable =
  | (Named & { readonly kind: 'constant'; readonly value: number })
  /** One number per run, given at submission; it does not change the plan. */
  | (Named & { readonly kind: 'input'; readonly default?: number })
  /** One number per step and run (steps + 1 values), given at submission; absent: `default` at every step. */
  | (Named & {
      readonly kind: 'series'
      readonly default?: number
      /** The macro variable whose deviation from baseline drives it (schema/terms/scenario.ts), if one does. */
      readonly macroVariable?: string
    })
  /** One number per lane, given at submission: a household's wages, a day's return. */
  | (Named & { readonly kind: 'column' })
  /** One number per draw. `stream` is stable under reordering: by default it is derived from the name. */
  | (Named & { readonly kind: 'random'; readonly distribution: Distribution })
  | (Named & { readonly kind: 'auxiliary'; readonly equation: Expression })
  /** dS/dt = flow (already net of outflows and decay), clamped to [min, max] after each step. */
  | (Named & {
      readonly kind: 'stock'
      readonly initial: Expression
      readonly flow: Expression
      readonly min?: number
      readonly max?: number
    })

export interface Table {
  /** Strictly rising. For `bracket`: the lower thresholds. */
  readonly xs: readonly number[]
  /** For `bracket`: the rate above each threshold. */
  readonly ys: readonly number[]
}

export interface Model {
  readonly name: string
  readonly variables: readonly Variable[]
  readonly tables: Readonly<Record<string, Table>>
  /** Absent for a model without time: each lane is evaluated once. */
  readonly time?: TimeSpec
  /** Names of the variables that are saved, in this order. */
  readonly outputs: readonly string[]
}

export interface TimeSpec {
  readonly start: number
  readonly dt: number
  readonly steps: number
  /** Saves the state at steps 0, every, 2 every, ... and at the last step. */
  readonly saveEvery: number
  readonly unit: string
}
