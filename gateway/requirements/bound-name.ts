// Names of fields whose arguments are bound: how one required way of a field is called within the gateway, and nowhere else.

const BOUND = '__required'
const ENDING = new RegExp(`${BOUND}\\d+$`)

export const boundName = (field: string, i: number): string => `${field}${BOUND}${i}`

export const isBoundName = (name: string): boolean => ENDING.test(name)

/** The field's own name. */
export const withoutBinding = (name: string): string => name.replace(ENDING, '')
