// What a parameter, scale or node is called that has no label of its own.

/** The last word of an id. */
export const lastWord = (id: string): string => id.slice(id.lastIndexOf('.') + 1)

/**
 * The description, else the label of the nearest node or scale above that has one of its own, with the rest of the id, else the last word.
 * `labelOf` gives labels by id; one that is the last word of its id says nothing.
 */
export function defaultLabel(
  id: string,
  description: string | undefined,
  labelOf: (id: string) => string | undefined,
): string {
  if (description !== undefined) return description
  for (let end = id.lastIndexOf('.'); end > 0; end = id.lastIndexOf('.', end - 1)) {
    const above = id.slice(0, end)
    const label = labelOf(above)
    if (label !== undefined && label !== lastWord(above)) return `${label}: ${id.slice(end + 1)}`
  }
  return lastWord(id)
}
