// The typed model: what every source (mechanism network, XMILE, policy rules, SFC equations) becomes before it is a plan.

/**
 * An expression over named variables. `table` names a table of the model.
 * `time` moves within a step where the method has several stages; `stepTime` is the time at which the step began.
 * `initial` is the value of its argument at the first step.
 * `reduce` gathers a member entity's values in the entity of the variable that holds it; a reference to a variable of an
 * entity above is spread over the members by itself.
 */
export type Expression =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'ref'; readonly name: string }
  | { readonly op: 'time' }
  | { readonly op: 'stepTime' }
  | { readonly op: TableFunction; readonly table: string; readonly x: Expression }
  | { readonly op: 'initial'; readonly x: Expression }
  | { readonly op: 'reduce'; readonly how: Reduction; readonly over: string; readonly x: Expression }
  | { readonly op: FunctionName; readonly args: readonly Expression[] }

/**
 * lookup: piecewise linear, the end values held. extrapolate: the first and last segment go on. stepLookup: the value of the
 * last point at or below x, the first value below all points.
 * bracket: sum of rate_i * clamp(x - threshold_i, 0, threshold_{i+1} - threshold_i).
 */
export type TableFunction = 'lookup' | 'extrapolate' | 'stepLookup' | 'bracket'

/** Over the members of a group; of a group without members: 0. `any` and `count`: members whose value is not 0. */
export type Reduction = 'sum' | 'min' | 'max' | 'any' | 'count'

/**
 * Functions and their arguments. Comparisons and logic give 1 or 0; `select(c, a, b)` is a where c != 0.
 * The six functional forms of a mechanism (source S, target T):
 * linear(a, S); sigmoid(a, S, L, k, x0) = a L / (1 + exp(-k (S - x0))); logarithmic(a, S) = a ln(1 + S);
 * saturating(a, S, T, Tmax) = min(a S, Tmax - T); threshold(a, S, theta) = a max(0, S - theta);
 * dampening(a, S, T, Tmax) = a S (1 - T / Tmax).
 * round is half to even, truncate goes towards zero, remainder(a, b) = a - b truncate(a / b).
 * The quantile functions take a probability in (0, 1): normalQuantile(p), gammaQuantile(p, shape) of scale 1,
 * betaQuantile(p, alpha, beta), poissonQuantile(p, mean); normalProbability is the inverse of the first.
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
  | 'sin'
  | 'cos'
  | 'arctan'
  | 'floor'
  | 'ceil'
  | 'truncate'
  | 'round'
  | 'remainder'
  | 'normalQuantile'
  | 'normalProbability'
  | 'gammaQuantile'
  | 'betaQuantile'
  | 'poissonQuantile'
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

/**
 * A distribution as a function of one uniform number; its parameters may be expressions (of a parameter drawn once: without
 * anything that changes over time). logNormal: mu and sigma of the logarithm. beta lies in [min, max], by default [0, 1].
 * poisson gives whole numbers. empirical: one of the values, each with its weight (by default equal).
 */
export type Distribution =
  | { readonly kind: 'normal'; readonly mean: Parameter; readonly sd: Parameter }
  | {
      readonly kind: 'truncatedNormal'
      readonly mean: Parameter
      readonly sd: Parameter
      readonly min: Parameter
      readonly max: Parameter
    }
  | { readonly kind: 'logNormal'; readonly mu: Parameter; readonly sigma: Parameter }
  | { readonly kind: 'uniform'; readonly min: Parameter; readonly max: Parameter }
  | { readonly kind: 'triangular'; readonly min: Parameter; readonly mode: Parameter; readonly max: Parameter }
  | { readonly kind: 'exponential'; readonly mean: Parameter }
  | { readonly kind: 'gamma'; readonly shape: Parameter; readonly scale: Parameter }
  | {
      readonly kind: 'beta'
      readonly alpha: Parameter
      readonly beta: Parameter
      readonly min?: Parameter
      readonly max?: Parameter
    }
  | { readonly kind: 'poisson'; readonly mean: Parameter }
  | { readonly kind: 'empirical'; readonly values: readonly number[]; readonly weights?: readonly number[] }

export type Parameter = number | Expression

interface Named {
  readonly name: string
  readonly unit: string
  /** Where it comes from: mechanism@version, statute, XMILE variable. */
  readonly provenance?: string
  /** The entity whose rows it has a value for; by default the first one, a lane. */
  readonly entity?: string
  /** Its units were not checked, by the author's wish; the plan says so. */
  readonly unchecked?: boolean
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
  /** One number per lane and step, given at submission: what another run saved at every step, steps + 1 values a lane. */
  | (Named & { readonly kind: 'trajectory' })
  /** One number per draw, or, with `everyStep`, a new one at each step. Its stream is derived from its name. */
  | (Named & {
      readonly kind: 'random'
      readonly distribution: Distribution
      readonly everyStep?: boolean
      /** Draws the numbers of the parameter of this name instead (a variant of it); by default of its own. */
      readonly drawsAs?: string
    })
  | (Named & { readonly kind: 'auxiliary'; readonly equation: Expression })
  /** dS/dt = flow (already net of outflows and decay), clamped to [min, max] after each step. */
  | (Named & {
      readonly kind: 'stock'
      readonly initial: Expression
      readonly flow: Expression
      readonly min?: number
      readonly max?: number
    })
  /** The value that `value` had at the step before; `initial` at the first. Updated once a step by any method. */
  | (Named & { readonly kind: 'previous'; readonly value: Expression; readonly initial: Expression })
  /** The value that `input` had `steps` steps ago (`steps` as it is at the first step, rounded, at least 1); `initial` until then. */
  | (Named & {
      readonly kind: 'delay'
      readonly input: Expression
      readonly steps: Expression
      readonly initial: Expression
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
  /** Names of the variables that are saved, in this order; of the first entity. */
  readonly outputs: readonly string[]
  /** By default one, the lane itself. The first is the lane; each other one is a member of an earlier one. */
  readonly entities?: readonly Entity[]
  readonly correlations?: readonly Correlation[]
  readonly solves?: readonly SolveBlock[]
  readonly identities?: readonly Identity[]
}

/** Something rows of data stand for: a household, and in it tax units, and in these persons. */
export interface Entity {
  readonly name: string
  /** The entity that it is a member of; absent for the first alone. */
  readonly of?: string
}

/** Gaussian copula over random parameters of one kind of draw: `matrix` is the correlation of the normals behind them (Nelsen 2006, 2.3). */
export interface Correlation {
  readonly names: readonly string[]
  /** Symmetric, positive definite, with a unit diagonal. */
  readonly matrix: readonly (readonly number[])[]
}

/**
 * Auxiliaries that depend on each other in a circle and are solved together at every evaluation: x = f(x).
 * Solved where |x_i - f_i(x)| <= tolerance (1 + |x_i|) for all i; begins at the guess, later at the solution before.
 */
export interface SolveBlock {
  readonly name: string
  readonly unknowns: readonly string[]
  /** Newton with a forward-difference Jacobian, halving its step up to 10 times; or Gauss-Seidel: x_i <- x_i + damping (f_i(x) - x_i), one after the other. */
  readonly method: 'newton' | 'gaussSeidel'
  readonly tolerance: number
  readonly maxIterations: number
  /** The share of a step that is taken first, in (0, 1]. */
  readonly damping: number
  /** By unknown; 0 where absent. */
  readonly guess?: Readonly<Record<string, Expression>>
}

/** An accounting identity: |left - right| <= tolerance * max(1, |left|, |right|) at every step, or the run fails. */
export interface Identity {
  readonly name: string
  readonly left: Expression
  readonly right: Expression
  readonly tolerance: number
}

export interface TimeSpec {
  readonly start: number
  readonly dt: number
  readonly steps: number
  /** By default Euler. rk2 is Heun's method, rk4 the classical one (Butcher 2016, 232 and 235). */
  readonly method?: Method
  /** Saves the state at steps 0, every, 2 every, ... and at the last step. */
  readonly saveEvery: number
  /** The steps that are saved instead, rising; `saveEvery` then says nothing. */
  readonly saveAt?: readonly number[]
  readonly unit: string
}

export type Method = 'euler' | 'rk2' | 'rk4'
