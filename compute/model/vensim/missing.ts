// Vensim's missing value.

/** :NA: is -2^109 (vensim.com/documentation, ":NA:"). */
export const MISSING = -Number(2n ** 109n)
