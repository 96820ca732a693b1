// The probability of a gamma variate of a large shape, as in compute/kernels/lib/temme.ts.
import { exp } from './exp.ts'
import { normalProbability } from './normal.ts'

/**
 * COEFFICIENTS[k][n] = d_{k,n}: c_k(eta) = sum over n of d_{k,n} eta^n. From the rational recurrence of DLMF 8.12.13, as
 * many as give 1e-15 for shapes from 100 up and |eta| below 0.35.
 */
const COEFFICIENTS: readonly (readonly number[])[] = [
  [
    -0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073, 0.0003527336860670194,
    -0.0001787551440329218, 3.919263178522438e-5, -2.185448510679992e-6, -1.85406221071516e-6, 8.296711340953087e-7,
    -1.7665952736826078e-7, 6.707853543401498e-9, 1.0261809784240309e-8, -4.382036018453353e-9, 9.14769958223679e-10,
    -2.5514193994946248e-11,
  ],
  [
    -0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596, 0.00020576131687242798,
    -4.018775720164609e-7, -1.8098550334489977e-5, 7.64916091608111e-6, -1.6120900894563446e-6, 4.647127802807434e-9,
    1.378633446915721e-7, -5.752545603517705e-8, 1.1951628599778148e-8, -1.7543241719747647e-11,
  ],
  [
    0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047e-6, -0.0001073665322636516,
    5.2923448829120125e-5, -1.2760635188618728e-5, 3.423578734096138e-8, 1.3721957309062934e-6, -6.298992138380055e-7,
    1.4280614206064242e-7, -2.0477098421990866e-10,
  ],
  [
    0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557, 0.00026772063206283885,
    -7.561801671883977e-5, -2.396505113867297e-7, 1.1082654115347302e-5, -5.6749528269915965e-6, 1.4230900732435883e-6,
    -2.7861080291528143e-11,
  ],
  [
    -0.0008618882909167117, 0.0007840392217200666, -0.0002990724803031902, -1.4638452578843418e-6, 6.641498215465122e-5,
    -3.968365047179435e-5, 1.1375726970678419e-5, 2.507497226237533e-10,
  ],
  [
    -0.00033679855336635813, -6.972813758365857e-5, 0.0002772753244959392, -0.00019932570516188847,
    6.797780477937208e-5, 1.419062920643967e-7,
  ],
]
const TWO_PI = 6.283185307179586

/**
 * The probability that a gamma variate of `shape` >= 100 is above (`upper`) or below shape (1 + mu), |mu| <= 0.3;
 * `half` = shape * (mu - ln(1 + mu)). Temme's uniform expansion: DLMF 8.12.3 to 8.12.7.
 */
export function largeGammaTail(shape: number, mu: number, half: number, upper: boolean): number {
  const distance = Math.sqrt((half + half) / shape)
  const eta = mu < 0 ? -distance : distance
  let sum = 0
  for (let k = COEFFICIENTS.length - 1; k >= 0; k--) {
    const row = COEFFICIENTS[k]!
    let value = 0
    for (let n = row.length - 1; n >= 0; n--) value = value * eta + row[n]!
    sum = sum / shape + value
  }
  const rest = (exp(-half) / Math.sqrt(TWO_PI * shape)) * sum
  const z = eta * Math.sqrt(shape)
  return upper ? normalProbability(-z) + rest : normalProbability(z) - rest
}
