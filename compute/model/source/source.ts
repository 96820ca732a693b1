// The source of a model as its author wrote it, whatever the format: formulas, dimensions, macros and delays still in place.
import type { Formula, Position } from '../formula/ast.ts'
import type { Method } from '../model.ts'

/**
 * What the readers of model files, XMILE and Vensim give, and what `elaborate` turns into a Model. Modules are already flattened:
 * a variable of a module is `module.variable`. Names here are as shown; they compare by canonicalName.
 */
export interface SourceModel {
  readonly name: string
  readonly doc?: string
  /** Absent for a model without time. */
  readonly time?: SourceTime
  readonly dimensions: readonly SourceDimension[]
  /** The first is the lane; by default there is one. */
  readonly entities?: readonly SourceEntity[]
  readonly variables: readonly SourceVariable[]
  readonly macros: readonly SourceMacro[]
  readonly correlations?: readonly SourceCorrelation[]
  readonly solves?: readonly SourceSolve[]
  readonly identities?: readonly SourceIdentity[]
  /** Variables that are saved; absent: all of the first entity, in the order of declaration. An array stands for its elements. */
  readonly outputs?: readonly string[]
  /** How strict units are: an error (our own files) or a finding (files of others). */
  readonly unitFaults: 'error' | 'finding'
}

export interface SourceTime {
  readonly start: number
  readonly stop: number
  readonly dt: number
  readonly method: Method
  readonly unit: string
  /** In units of time; absent: every step. */
  readonly saveEvery?: number
}

export interface SourceDimension {
  readonly name: string
  /** Canonical names compare; a dimension of size n without names has elements 1..n. */
  readonly elements: readonly string[]
  /** Vensim: where this one's elements lie in another dimension, element by element. */
  readonly maps?: readonly { readonly to: string; readonly elements: readonly string[] }[]
}

export interface SourceEntity {
  readonly name: string
  readonly of?: string
}

interface Declared {
  readonly name: string
  readonly unit?: string
  readonly doc?: string
  /** Statute, mechanism@version, or where in which file. */
  readonly provenance?: string
  /** Names of dimensions, in order; an element's name for one that is fixed is not a dimension and stands in `elements`. */
  readonly dimensions?: readonly string[]
  readonly entity?: string
  /** Elements without an equation or graph are not there, instead of a fault; a use of one is (Vensim). */
  readonly partial?: boolean
  /** The author's wish not to have its units checked. */
  readonly unchecked?: boolean
  /** A bare number in it has the unit that it stands beside: written by one who has no way to declare a constant. */
  readonly bareNumbers?: boolean
  readonly at?: Position
}

/** One formula for all elements, or one for each combination of elements, by `a,b` (canonical names joined by a comma). */
export type Equation =
  | { readonly kind: 'formula'; readonly formula: Formula }
  | { readonly kind: 'elements'; readonly formulas: Readonly<Record<string, Formula>> }

export type SourceVariable =
  | (Declared & {
      readonly kind: 'auxiliary' | 'flow'
      readonly equation: Equation
      /** A graphical function on the equation's value; of an array, one for all or one for each combination of elements. */
      readonly graph?: GraphicalFunction | Readonly<Record<string, GraphicalFunction>>
      /** A flow that is held at 0 or above (XMILE uniflow, non_negative). */
      readonly nonNegative?: boolean
      /** A flow's part in a conveyor: its share that leaks, and from where to where of the transit. */
      readonly leak?: {
        readonly share: Formula
        readonly from?: number
        readonly to?: number
        readonly exponential?: boolean
      }
      /** An outflow of a queue that takes what the outflows before it left. */
      readonly overflow?: boolean
    })
  | (Declared & {
      readonly kind: 'stock'
      readonly initial: Equation
      /** Names of flows. */
      readonly inflows: readonly string[]
      readonly outflows: readonly string[]
      /** Instead of flows: dS/dt, net (Vensim INTEG, and model files). */
      readonly flow?: Equation
      /** Outflows are held to what is there (XMILE non_negative). */
      readonly nonNegative?: boolean
      readonly min?: number
      readonly max?: number
      readonly conveyor?: SourceConveyor
      readonly queue?: boolean
    })
  | (Declared & {
      readonly kind: 'table'
      readonly graph: GraphicalFunction | Readonly<Record<string, GraphicalFunction>>
    })
  /** A bracket schedule: thresholds, rising, and rates or amounts; of an array they are those of its element. */
  | (Declared & {
      readonly kind: 'schedule'
      readonly thresholds: readonly Formula[]
      readonly values: readonly Formula[]
    })
  | (Declared & { readonly kind: 'input'; readonly default?: number })
  | (Declared & { readonly kind: 'series'; readonly default?: number; readonly macroVariable?: string })
  | (Declared & { readonly kind: 'column' })
  | (Declared & { readonly kind: 'random'; readonly distribution: SourceDistribution })

/**
 * A distribution as the core has it (Distribution in ../model.ts): the same kinds, and its parameters by the same names (mean, sd,
 * min, max, ...). logNormal also by its own mean and sd. empirical: `values` and `weights` alone.
 */
export interface SourceDistribution {
  readonly kind: string
  readonly parameters: Readonly<Record<string, Formula>>
  readonly values?: readonly number[]
  readonly weights?: readonly number[]
}

export interface GraphicalFunction {
  readonly type: 'continuous' | 'extrapolate' | 'discrete'
  /** Strictly rising. */
  readonly xs: readonly number[]
  readonly ys: readonly number[]
}

export interface SourceConveyor {
  /** Transit time. */
  readonly length: Formula
  readonly capacity?: Formula
  /** The most that may enter in a unit of time. */
  readonly inflowLimit?: Formula
}

/** `name(parameters)` in a formula stands for `result`, with the macro's variables made anew for each use. */
export interface SourceMacro {
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly default?: Formula }[]
  readonly variables: readonly SourceVariable[]
  readonly result: Formula
}

export interface SourceCorrelation {
  readonly names: readonly string[]
  readonly matrix: readonly (readonly number[])[]
}

export interface SourceSolve {
  readonly name: string
  readonly unknowns: readonly string[]
  readonly method?: 'newton' | 'gaussSeidel'
  readonly tolerance?: number
  readonly maxIterations?: number
  readonly damping?: number
  readonly guess?: Readonly<Record<string, Formula>>
}

export interface SourceIdentity {
  readonly name: string
  readonly left: Formula
  readonly right: Formula
  readonly tolerance?: number
}

/** What is worth telling about a source that could be read: a unit that does not fit, a seed that is not used. */
export interface SourceFinding {
  readonly severity: 'INFO' | 'WARNING'
  readonly code: string
  /** The variable. */
  readonly path: string
  readonly message: string
  readonly suggestion?: string
}

/** A model that was read, with what is worth telling. */
export interface ReadModel {
  readonly source: SourceModel
  readonly findings: readonly SourceFinding[]
}
