// Philox stands with the other functions that a result is made of; here under the name that rules ask for.
export { uniform } from '../model/math/philox.ts'
