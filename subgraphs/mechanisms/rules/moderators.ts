// What moderators with a value do to an effect.
import type { Moderator } from './bank.ts'

/** Applies the moderators that carry a mode and a value, in their order; the others change nothing. */
export function applyModerators(effect: number, moderators: readonly Pick<Moderator, 'mode' | 'value'>[]): number {
  return moderators.reduce((value, moderator) => {
    if (moderator.value === null || moderator.mode === null) return value
    return moderator.mode === 'ADD' ? value + moderator.value : value * moderator.value
  }, effect)
}
