// Systems of linear equations of one lane. compute/reference/solve.ts is the twin: change both or neither.

@inline
function at(a: usize, n: usize, row: usize, column: usize): usize {
  return a + ((row * (n + 1) + column) << 3)
}

/**
 * Gaussian elimination with partial pivoting (Golub and Van Loan, Matrix Computations, 3.4). `a`: f64[n][n + 1], row-major, the
 * last column the right-hand side, which becomes the solution. False where a pivot is 0 or not finite.
 */
export function eliminate(a: usize, n: usize): bool {
  for (let k: usize = 0; k < n; k++) {
    let best = k
    for (let i = k + 1; i < n; i++) {
      if (abs(load<f64>(at(a, n, i, k))) > abs(load<f64>(at(a, n, best, k)))) best = i
    }
    const pivot = load<f64>(at(a, n, best, k))
    if (pivot == 0 || pivot - pivot != 0) return false
    for (let j = k; best != k && j <= n; j++) {
      const x = load<f64>(at(a, n, k, j))
      store<f64>(at(a, n, k, j), load<f64>(at(a, n, best, j)))
      store<f64>(at(a, n, best, j), x)
    }
    for (let i = k + 1; i < n; i++) {
      const factor = load<f64>(at(a, n, i, k)) / pivot
      for (let j = k + 1; j <= n; j++) {
        store<f64>(at(a, n, i, j), load<f64>(at(a, n, i, j)) - factor * load<f64>(at(a, n, k, j)))
      }
    }
  }
  for (let i = n; i > 0; i--) {
    const row = i - 1
    let sum = load<f64>(at(a, n, row, n))
    for (let j = i; j < n; j++) sum -= load<f64>(at(a, n, row, j)) * load<f64>(at(a, n, j, n))
    store<f64>(at(a, n, row, n), sum / load<f64>(at(a, n, row, row)))
  }
  return true
}
