// Model: what the words for a model of a person's own mean, in files and in the graph.

/** The form of a model file: XMILE 1.0, Vensim's .mdl, or a model file of Quesnay in YAML or JSON. */
export const ModelFormat = { XMILE: 'XMILE', VENSIM: 'VENSIM', YAML: 'YAML' } as const
export type ModelFormat = (typeof ModelFormat)[keyof typeof ModelFormat]

/** Characters of a model file: half of the longest request, for what JSON adds to the text. */
export const MAX_MODEL_TEXT = 8 * 2 ** 20

export const IntegrationMethod = { EULER: 'EULER', RK2: 'RK2', RK4: 'RK4' } as const
export type IntegrationMethod = (typeof IntegrationMethod)[keyof typeof IntegrationMethod]

/** What a variable of a model is, as its author declared it. */
export const ModelVariableKind = {
  STOCK: 'STOCK',
  FLOW: 'FLOW',
  AUXILIARY: 'AUXILIARY',
  TABLE: 'TABLE',
  SCHEDULE: 'SCHEDULE',
  INPUT: 'INPUT',
  SERIES: 'SERIES',
  COLUMN: 'COLUMN',
  RANDOM: 'RANDOM',
} as const
export type ModelVariableKind = (typeof ModelVariableKind)[keyof typeof ModelVariableKind]
