// Comparing sources of models that were read from different texts.

/** A copy without the places (`at`) that its parts have in their text. */
export function withoutPlaces<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutPlaces) as T
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key, one]) => key !== 'at' || typeof one !== 'object')
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutPlaces(one)])) as T
}
