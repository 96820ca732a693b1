// Places within what a field requires: names joined by dots, each after the type of objects by which a fragment asks for it, if one does:
// `pet.Dog:name`.

export const placeOf = (above: string, type: string | undefined, name: string): string =>
  `${above === '' ? '' : `${above}.`}${type === undefined ? '' : `${type}:`}${name}`

/** The type by which the last name of a place is asked for. */
export const typeAt = (place: string): string | undefined => typeAndName(place.slice(place.lastIndexOf('.') + 1))[0]

/** Whether two places may be one of the same object: they have the same names, and no types that differ. */
export function mayBeOne(a: string, b: string): boolean {
  const steps = a.split('.')
  const others = b.split('.')
  return (
    steps.length === others.length &&
    steps.every((step, i) => {
      const [type, name] = typeAndName(step)
      const [otherType, otherName] = typeAndName(others[i]!)
      return name === otherName && (type === undefined || otherType === undefined || type === otherType)
    })
  )
}

function typeAndName(step: string): [type: string | undefined, name: string] {
  const colon = step.indexOf(':')
  return colon < 0 ? [undefined, step] : [step.slice(0, colon), step.slice(colon + 1)]
}
