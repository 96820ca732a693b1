// Functions of Vensim that are macros of others, as its documentation writes them out.

/** NPV and NPVE: vensim.com/documentation/fn_npv.html and fn_npve.html. TANH by e^-2|x|, which does not overflow. */
const LIBRARY: Readonly<Record<string, string>> = {
  npv: `NPV(stream, discount rate, initial value, factor)
    NPV = (total + stream * TIME STEP$ * share) * factor ~~|
    share = INTEG(-share * discount rate / (1 + discount rate * TIME STEP$), 1) ~~|
    total = INTEG(stream * share, initial value) ~~|`,
  npve: `NPVE(stream, discount rate, initial value, factor)
    NPVE = (total + stream * TIME STEP$ * share) * factor ~~|
    share = INTEG(-share * discount rate / (1 + discount rate * TIME STEP$), 1 / (1 + discount rate * TIME STEP$)) ~~|
    total = INTEG(stream * share, initial value) ~~|`,
  sinh: `SINH(x)
    SINH = (EXP(x) - EXP(-x)) / 2 ~~|`,
  cosh: `COSH(x)
    COSH = (EXP(x) + EXP(-x)) / 2 ~~|`,
  tanh: `TANH(x)
    TANH = (1 - shrunk) / (1 + shrunk) * IF THEN ELSE(x < 0, -1, 1) ~~|
    shrunk = EXP(-2 * ABS(x)) ~~|`,
}

/** By key. */
export const LIBRARY_KEYS: readonly string[] = Object.keys(LIBRARY)

/** The text of a .mdl file with the macros of these keys. */
export const libraryText = (keys: readonly string[]): string =>
  keys.map((key) => `:MACRO: ${LIBRARY[key]!}\n:END OF MACRO:\n`).join('')
