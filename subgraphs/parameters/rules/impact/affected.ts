// Winners and losers: units whose net income a reform changes by more than half a cent.
import { type Answers, type Figure, figure, share } from './figures.ts'
import type { ReformNames } from './impact-model.ts'

export interface Affected {
  /** How many units, by weight, and their share of all; 0 where there is nobody. */
  readonly weight: Figure
  readonly share: Figure
  /** Mean change of their net income, in money a year; 0 where there are none. */
  readonly meanChange: Figure
}

export const winnersOf = (answers: Answers, { winner, gain }: ReformNames) => affected(answers, winner, gain)
export const losersOf = (answers: Answers, { loser, loss }: ReformNames) => affected(answers, loser, loss)

/** @param amount not a number where the change is none: then nobody knows who is affected */
function affected(answers: Answers, flag: string | null, amount: string | null): Affected {
  const counted = () => {
    answers.assert(amount)
    return answers.sum(flag)
  }
  return {
    weight: figure(counted),
    share: figure(() => share(counted(), answers.result.weight)),
    meanChange: figure(() => share(answers.sum(amount), counted())),
  }
}
