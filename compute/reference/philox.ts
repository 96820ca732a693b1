// Philox as the interpreter draws it; it stands with the other functions that a result is made of.
export { philox4x32, uniform, type Words4 } from '../model/math/philox.ts'
