// What behaviour adds to a reform: earnings that respond to marginal rates, and what of the budget they make.
import { type Answers, type Figure, figure } from './figures.ts'
import type { ReformNames } from './impact-model.ts'

/** Money a year. */
export interface Behaviour {
  readonly earningsChange: Figure
  /** Change of taxes less benefits before anyone behaves differently. */
  readonly staticChange: Figure
  /** What behaviour adds to it. */
  readonly responseChange: Figure
}

export function behaviourOf(answers: Answers, { earnings, netTax, staticNetTax }: ReformNames): Behaviour {
  return {
    earningsChange: figure(() => answers.sum(earnings)),
    staticChange: figure(() => answers.sum(staticNetTax)),
    responseChange: figure(() => answers.sum(netTax) - answers.sum(staticNetTax)),
  }
}
