// Dimensions of quantities: products of powers of base units, with a factor to them.

/** factor: how many base units one of these is; exponents by base unit, none of them 0. Exponents may be fractions (sqrt). */
export interface Dimension {
  readonly factor: number
  readonly exponents: ReadonlyMap<string, number>
}

export const ONE: Dimension = { factor: 1, exponents: new Map() }

/** a * b^power. */
export function times(a: Dimension, b: Dimension, power = 1): Dimension {
  const exponents = new Map(a.exponents)
  for (const [base, exponent] of b.exponents) {
    const sum = (exponents.get(base) ?? 0) + exponent * power
    if (Math.abs(sum) < 1e-9) exponents.delete(base)
    else exponents.set(base, sum)
  }
  return { factor: a.factor * b.factor ** power, exponents }
}

export function isDimensionless({ exponents }: Dimension): boolean {
  return exponents.size === 0
}

/** The same base units with the same exponents. */
export function isAlike(a: Dimension, b: Dimension): boolean {
  return (
    a.exponents.size === b.exponents.size &&
    [...a.exponents].every(([base, e]) => Math.abs((b.exponents.get(base) ?? 0) - e) < 1e-9)
  )
}

/** What values in a are multiplied by to be in b. 1 where they are equal but for rounding. */
export function factorTo(a: Dimension, b: Dimension): number {
  const factor = a.factor / b.factor
  return Math.abs(factor - 1) < 1e-9 ? 1 : factor
}
