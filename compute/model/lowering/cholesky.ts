// The Cholesky factor of a correlation matrix.

/** Lower triangle L with L L' = matrix, row by row; undefined where the matrix is not positive definite. Golub and Van Loan 2013, algorithm 4.2.1. */
export function cholesky(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const factor: number[][] = []
  for (const [i, row] of matrix.entries()) {
    const own: number[] = []
    for (let j = 0; j <= i; j++) {
      const above = j < i ? factor[j]! : own
      let rest = row[j]!
      for (let k = 0; k < j; k++) rest -= own[k]! * above[k]!
      if (j === i && !(rest > 0)) return undefined
      own.push(j < i ? rest / above[j]! : Math.sqrt(rest))
    }
    factor.push(own)
  }
  return factor
}
