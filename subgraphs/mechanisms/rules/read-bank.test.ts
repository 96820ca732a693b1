// Banks read from dirty files: every fault has its finding with a place, and only faults of structure reject.
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../shared/types.ts'
import { readBank } from './read-bank.ts'

const CANONICAL = {
  path: 'canonical_nodes.json',
  text: JSON.stringify({
    smoking_current: { id: 'smoking_current', name: 'Current Smoking', scale: 5 },
    binge_drinking: { id: 'binge_drinking', name: 'Binge Drinking', scale: 5 },
  }),
}

const CLEAN = `id: smoking_current_to_binge_drinking
from_node: { node_id: smoking_current, node_name: Smoking }
to_node: { node_id: binge_drinking, node_name: Binge }
direction: positive
category: social
evidence:
  quality_rating: A
  n_studies: 9
  primary_citation: A. Author 2020. "Title."
  doi: 10.1000/ABC
quantitative_effects:
  effect_size: { value: 1.5, type: odds_ratio, ci_lower: 1.2, ci_upper: 1.9 }
`

const file = (text: string, path = 'social/smoking_current_to_binge_drinking.yml') => ({ path, text })
const read = (...files: { path: string; text: string }[]) =>
  readBank([CANONICAL, ...files], { name: 'test', version: '1' })
const codes = (findings: readonly Finding[]) => findings.map((finding) => finding.code)
/** The findings of a record that differs from the clean one by a replacement. */
const changed = (from: string | RegExp, to: string) => read(file(CLEAN.replace(from, to)))
const found = (from: string | RegExp, to: string, code: string) => {
  const { findings, bank } = changed(from, to)
  return { finding: findings.find((finding) => finding.code === code), bank, findings }
}

describe('a record of the healthsystems format', () => {
  it('is read with its effect, evidence, study and nodes, and finds only that it has no form', () => {
    const { bank, findings, records } = read(file(CLEAN))
    expect(records).toBe(1)
    expect(codes(findings)).toEqual(['FORM_MISSING'])
    expect(bank!.mechanisms[0]).toMatchObject({
      id: 'smoking_current_to_binge_drinking',
      from: 'smoking_current',
      to: 'binge_drinking',
      sign: 'POSITIVE',
      form: null,
      effect: { measure: 'ODDS_RATIO', value: 1.5, ciLower: 1.2, ciUpper: 1.9, ciLevel: 0.95 },
      evidence: { grade: 'A', studyCount: 9 },
      citations: [{ study: '10.1000/abc', role: 'PRIMARY' }],
      assumptions: ['KIND_INFLUENCE', 'FORM_LINEAR', 'RESPONSE_AT_DECAY', 'EQUAL_GROUPS'],
    })
    expect(bank!.nodes.map(({ id, name, level, proposed }) => ({ id, name, level, proposed }))).toEqual([
      { id: 'binge_drinking', name: 'Binge Drinking', level: 5, proposed: false },
      { id: 'smoking_current', name: 'Current Smoking', level: 5, proposed: false },
    ])
    expect(bank!.studies).toEqual([{ id: '10.1000/abc', doi: '10.1000/abc', citation: 'A. Author 2020. "Title."' }])
  })

  it('does not depend on the order of its files', () => {
    const other = file(CLEAN.replaceAll('smoking_current', 'x').replace('node_id: x', 'node_id: NEW:x'), 'social/x.yml')
    const one = readBank([CANONICAL, file(CLEAN), other], { name: 'test', version: '1' })
    const two = readBank([other, file(CLEAN), CANONICAL], { name: 'test', version: '1' })
    expect(one).toEqual(two)
  })

  it('keeps a node marked NEW: under its name without the mark, proposed', () => {
    const { bank, finding } = found('node_id: smoking_current', 'node_id: NEW:vaping', 'NODE_NEW')
    expect(finding).toMatchObject({ severity: 'INFO', path: 'social/smoking_current_to_binge_drinking.yml:2' })
    expect(bank!.nodes.find((node) => node.id === 'vaping')).toMatchObject({ proposed: true, name: 'Smoking' })
  })

  it.each([
    ['a missing effect', /quantitative_effects:\n.*\n/, '', 'EFFECT_MISSING', 'WARNING', 1],
    ['an unknown measure', 'odds_ratio', 'oddly_ratio', 'MEASURE_UNKNOWN', 'WARNING', 12],
    ['a measure by another name', 'odds_ratio', 'OR', 'MEASURE_SYNONYM', 'INFO', 12],
    ['an effect without measure', 'type: odds_ratio, ', '', 'MEASURE_MISSING', 'WARNING', 12],
    ['no interval', ', ci_lower: 1.2, ci_upper: 1.9', '', 'CI_MISSING', 'INFO', 12],
    ['half an interval', 'ci_lower: 1.2, ', '', 'CI_HALF', 'WARNING', 12],
    [
      'an interval that does not hold the estimate',
      'ci_lower: 1.2',
      'ci_lower: 1.7',
      'CI_EXCLUDES_ESTIMATE',
      'WARNING',
      12,
    ],
    [
      'an interval the wrong way round',
      'ci_lower: 1.2, ci_upper: 1.9',
      'ci_lower: 1.9, ci_upper: 1.2',
      'CI_REVERSED',
      'WARNING',
      12,
    ],
    ['a ratio below 0', 'value: 1.5', 'value: -1.5', 'RATIO_NOT_POSITIVE', 'WARNING', 12],
    ['I2 above 100', 'effect_size:', 'heterogeneity_i_squared: 101\n  effect_size:', 'I2_OUT_OF_BOUNDS', 'WARNING', 13],
    ['p above 1', 'effect_size:', 'p_value: 5\n  effect_size:', 'P_OUT_OF_BOUNDS', 'WARNING', 13],
    ['a sign that is not the effect’s', 'positive', 'negative', 'SIGN_DISAGREES', 'WARNING', 4],
    ['no direction', 'direction: positive\n', '', 'SIGN_MISSING', 'WARNING', 1],
    ['an unknown direction', 'positive', 'sideways', 'SIGN_UNKNOWN', 'WARNING', 4],
    ['a malformed DOI', '10.1000/ABC', 'ten/ABC', 'DOI_MALFORMED', 'WARNING', 10],
    ['no DOI', /\n {2}doi: .*/, '', 'DOI_MISSING', 'INFO', 6],
    ['no citation', /\n {2}primary_citation: .*/, '', 'CITATION_MISSING', 'WARNING', 6],
    [
      'a citation that was not found',
      'n_studies: 9',
      'n_studies: 9\n  citation_verified: false',
      'CITATION_UNVERIFIED',
      'WARNING',
      6,
    ],
    ['no grade', /\n {2}quality_rating: A/, '', 'GRADE_MISSING', 'WARNING', 6],
    ['a grade that is none', 'quality_rating: A', 'quality_rating: good', 'GRADE_UNKNOWN', 'WARNING', 7],
    ['a grade below its studies', 'quality_rating: A', 'quality_rating: C', 'GRADE_DISAGREES', 'INFO', 6],
    ['a number in quotes', 'value: 1.5', 'value: "1.5"', 'NUMBER_AS_TEXT', 'INFO', 12],
    ['a number that is none', 'ci_upper: 1.9', 'ci_upper: "1,9"', 'NUMBER_UNREADABLE', 'WARNING', 12],
    ['half a study', 'n_studies: 9', 'n_studies: 9.5', 'COUNT_EXPECTED', 'WARNING', 8],
    [
      'a record that influences itself',
      'node_id: binge_drinking',
      'node_id: smoking_current',
      'SELF_INFLUENCE',
      'WARNING',
      1,
    ],
    ['a node that is not listed', 'node_id: smoking_current', 'node_id: smoking_curent', 'NODE_UNLISTED', 'WARNING', 2],
    [
      'a listed node marked as new',
      'node_id: smoking_current',
      'node_id: NEW:smoking_current',
      'NODE_NOT_NEW',
      'INFO',
      2,
    ],
  ])('takes %s for a gap', (_, from, to, code, severity, line) => {
    const { bank, finding } = found(from, to, code)
    expect(finding).toMatchObject({ severity, path: `social/smoking_current_to_binge_drinking.yml:${line}` })
    expect(finding!.suggestion).toBeTruthy()
    expect(bank).not.toBeNull()
  })

  it('reads a DOI from the text of the citation where none is given beside it', () => {
    const { bank, finding } = found(
      /"Title\."\n {2}doi: .*/,
      '"Title." https://doi.org/10.1000/XYZ.',
      'DOI_FROM_CITATION',
    )
    expect(finding).toMatchObject({ severity: 'INFO' })
    expect(bank!.studies[0]!.id).toBe('10.1000/xyz')
  })

  it('leaves out supporting citations that only stand for one', () => {
    const more =
      'n_studies: 9\n  supporting_citations:\n  - Additional citations require full text\n  - B. Author 2021.'
    const { bank, finding } = found('n_studies: 9', more, 'CITATION_PLACEHOLDER')
    expect(finding).toMatchObject({ severity: 'INFO' })
    expect(bank!.mechanisms[0]!.citations.map((citation) => citation.text)).toEqual([
      'A. Author 2020. "Title."',
      'B. Author 2021.',
    ])
  })

  it.each([
    ['a list of texts', 'moderators:\n- Age of the person\n', ['MODERATOR_FREE_TEXT', 'MODERATOR_UNQUANTIFIED']],
    ['one text', 'moderators: Age of the person\n', ['MODERATOR_FREE_TEXT']],
    [
      'unknown words',
      'moderators:\n- { name: age, direction: varies, strength: huge }\n',
      ['MODERATOR_DIRECTION_UNKNOWN', 'MODERATOR_STRENGTH_UNKNOWN', 'MODERATOR_UNQUANTIFIED'],
    ],
    [
      'a name of many words',
      'moderators:\n- { name: Age of the person, direction: weakens, strength: weak }\n',
      ['MODERATOR_NAME_FREE_TEXT', 'MODERATOR_UNQUANTIFIED'],
    ],
    [
      'a value without mode',
      'moderators:\n- { name: age, direction: weakens, strength: weak, value: 2 }\n',
      ['MODERATOR_MODE_MISSING', 'MODERATOR_UNQUANTIFIED'],
    ],
    [
      'no name',
      'moderators:\n- { direction: weakens, strength: weak }\n',
      ['MODERATOR_NAMELESS', 'MODERATOR_UNQUANTIFIED'],
    ],
  ])('keeps moderators given as %s, with a finding', (_, text, expected) => {
    const { bank, findings } = read(file(CLEAN + text))
    expect(codes(findings).filter((code) => code.startsWith('MODERATOR'))).toEqual(expected)
    expect(bank!.mechanisms[0]!.moderators).toHaveLength(1)
  })

  it('keeps a moderator with mode and value as it is', () => {
    const { bank, findings } = read(
      file(`${CLEAN}moderators:\n- { name: age, direction: weakens, strength: weak, mode: multiply, value: 0.95 }\n`),
    )
    expect(codes(findings)).toEqual(['FORM_MISSING'])
    expect(bank!.mechanisms[0]!.moderators[0]).toMatchObject({ mode: 'MULTIPLY', value: 0.95 })
  })

  it('keeps two studies of one edge, the newer under the id and the older numbered', () => {
    const newer = file(CLEAN.replace('1.5', '1.6').concat("last_updated: '2025-12-06'\n"), 'social/b.yaml')
    const { bank, findings } = read(file(CLEAN.concat("last_updated: '2025-12-02'\n"), 'social/a.yml'), newer)
    expect(bank!.mechanisms.map(({ id, effect }) => [id, effect!.value])).toEqual([
      ['smoking_current_to_binge_drinking', 1.6],
      ['smoking_current_to_binge_drinking~2', 1.5],
    ])
    expect(findings.find((finding) => finding.code === 'ID_REPEATED')).toMatchObject({
      severity: 'WARNING',
      path: 'social/a.yml:1',
    })
    expect(codes(findings)).toContain('ENDINGS_MIXED')
    expect(bank!.mechanisms[0]!.assumptions).toContain('PARALLEL_POOLED')
  })
})

describe('a fault of structure', () => {
  const rejected = (code: string, ...files: { path: string; text: string }[]) => {
    const { bank, findings } = read(...files)
    expect(bank).toBeNull()
    return findings.find((finding) => finding.code === code && finding.severity === 'ERROR')
  }

  it('is broken YAML, with its line', () => {
    expect(rejected('YAML_BROKEN', file('id: a\nfrom_node: {a\nto: b\n'))?.path).toMatch(/^social\/.*yml:\d$/)
  })

  it('is YAML nested so deeply that a reader would leave its stack', () => {
    expect(rejected('YAML_BROKEN', file('['.repeat(20_000)))?.message).toMatch(/nested more than/)
  })

  it('is a key given twice in one record', () => {
    expect(rejected('YAML_BROKEN', file(`${CLEAN}category: again\n`))?.path).toMatch(/yml:13$/)
  })

  it('is a bomb of aliases', () => {
    const bomb =
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n'
    expect(rejected('YAML_BROKEN', file(bomb))).toBeDefined()
  })

  it('is a mechanism that points to a missing node: the finding names file, line, node and the nearest one', () => {
    const text = CLEAN.replace('{ node_id: binge_drinking, node_name: Binge }', '{ node_id: binge_drinkin }')
    expect(rejected('NODE_MISSING', file(text))).toMatchObject({
      path: 'social/smoking_current_to_binge_drinking.yml:3',
      message: 'the node "binge_drinkin" is not in the list of nodes',
      suggestion: 'did you mean "binge_drinking"? Else add the node',
    })
  })

  it('is an unlisted node also where it has a name, when strict', () => {
    const text = CLEAN.replace('node_id: binge_drinking', 'node_id: gambling')
    const { bank, findings } = readBank([CANONICAL, file(text)], { name: 'test', version: '1', strict: true })
    expect(bank).toBeNull()
    expect(codes(findings)).toContain('NODE_MISSING')
  })

  it('is the same record twice', () => {
    expect(rejected('ID_DUPLICATE', file(CLEAN, 'a.yml'), file(CLEAN, 'b.yml'))).toMatchObject({ path: 'b.yml:1' })
  })

  it('is a missing id', () => {
    expect(rejected('FIELD_MISSING', file(CLEAN.replace(/^id: .*\n/, '')))).toBeDefined()
  })

  it('is an id that cannot stand in ids of the graph', () => {
    expect(rejected('ID_MALFORMED', file(CLEAN.replace(/^id: .*/, 'id: a/b')))).toBeDefined()
  })

  it.each(['.nan', '.inf', '-.inf'])('is a number that is %s', (value) => {
    expect(rejected('NUMBER_NOT_FINITE', file(CLEAN.replace('value: 1.5', `value: ${value}`)))).toMatchObject({
      path: 'social/smoking_current_to_binge_drinking.yml:12',
    })
  })

  it('is a file that holds no mechanism', () => {
    for (const text of ['just a text', '[]', '', 'a: 1'])
      expect(rejected('RECORD_UNKNOWN', file(text)), text).toBeDefined()
  })

  it('is an import without mechanisms', () => {
    expect(rejected('NO_MECHANISMS')).toBeDefined()
  })

  it('is a broken list of nodes', () => {
    const { bank, findings } = readBank([{ path: 'canonical_nodes.json', text: '{' }, file(CLEAN)])
    expect(bank).toBeNull()
    expect(codes(findings)).toContain('JSON_BROKEN')
  })

  it('is told of every file at once', () => {
    const { findings } = read(
      file('a: {', 'a.yml'),
      file('b: {', 'b.yml'),
      file(CLEAN.replace('value: 1.5', 'value: .nan'), 'c.yml'),
    )
    const errors = findings.filter((finding) => finding.severity === 'ERROR')
    expect(new Set(errors.map((finding) => finding.path!.split(':')[0]))).toEqual(new Set(['a.yml', 'b.yml', 'c.yml']))
  })
})

const OWN = `format: quesnay-mechanism-bank/1
name: tiny
version: 1.0.0
origin: { title: nowhere }
nodes:
  - { id: x, name: X, macro_variable: gdp, sd: 2, unit: percent }
  - { id: y, name: Y, min: 0, max: 10, initial: 5, decay_per_year: 0.2 }
studies:
  - { id: 10.1000/abc, doi: 10.1000/abc, citation: A. Author 2020. }
mechanisms:
  - id: x_to_y
    from: x
    to: y
    sign: positive
    form: { name: threshold, theta: 1 }
    effect: { measure: hazard_ratio, value: 1.2, ci: [1.1, 1.3] }
    evidence: { grade: A, studies: 7 }
    citations: [10.1000/abc]
`

describe('the format of Quesnay', () => {
  const own = (text: string) => readBank([{ path: 'tiny.yaml', text }])
  const fault = (from: string | RegExp, to: string) => {
    const { bank, findings } = own(OWN.replace(from, to))
    expect(bank).toBeNull()
    const errors = findings.filter((finding) => finding.severity === 'ERROR')
    expect(errors).toHaveLength(1)
    return errors[0]!
  }

  it('is read whole, without findings where nothing is missing', () => {
    const { bank, findings, records } = own(OWN)
    expect([findings, records]).toEqual([[], 1])
    expect(bank).toMatchObject({ name: 'tiny', version: '1.0.0', title: 'tiny' })
    expect(bank!.mechanisms[0]).toMatchObject({
      form: { name: 'THRESHOLD', parameters: { theta: 1 } },
      sign: 'POSITIVE',
    })
    expect(bank!.nodes[1]).toMatchObject({
      min: 0,
      max: 10,
      initial: 5,
      decayPerYear: 0.2,
      assumptions: ['NOISE_NONE'],
    })
  })

  it('rejects a mechanism that points to a missing node, naming file, line and node', () => {
    expect(fault('to: y', 'to: yy')).toMatchObject({
      code: 'NODE_MISSING',
      path: 'tiny.yaml:13',
      message: 'the node "yy" is not in the bank',
    })
  })

  it.each([
    ['two nodes of one id', 'id: y', 'id: x', 'NODE_MISSING ID_DUPLICATE'],
    ['a study that is missing', 'citations: [10.1000/abc]', 'citations: [10.1000/abd]', 'STUDY_MISSING'],
    ['a form without its parameter', ', theta: 1', '', 'FORM_PARAMETER_MISSING'],
    ['an unknown form', 'threshold', 'treshold', 'TERM_UNKNOWN'],
    ['an unknown macro variable', 'gdp', 'gnp', 'TERM_UNKNOWN'],
    ['a standard deviation of 0', 'sd: 2', 'sd: 0', 'OUT_OF_BOUNDS'],
    ['a negative decay', '0.2', '-0.2', 'OUT_OF_BOUNDS'],
    ['a range the wrong way round', 'max: 10', 'max: -1', 'OUT_OF_BOUNDS'],
    ['a share of all persons', 'sd: 2', 'exposure_share: 1', 'OUT_OF_BOUNDS'],
    ['an id with a slash', 'id: x_to_y', 'id: x/y', 'ID_MALFORMED'],
    ['another version of the format', 'bank/1', 'bank/2', 'FORMAT_UNKNOWN'],
    ['no version', 'version: 1.0.0\n', '', 'FIELD_MISSING'],
  ])('rejects %s', (_, from, to, code) => {
    const { bank, findings } = own(OWN.replace(from, to))
    expect(bank).toBeNull()
    const errors = findings.filter((finding) => finding.severity === 'ERROR')
    expect(new Set(errors.map((finding) => finding.code))).toEqual(new Set(code.split(' ')))
    for (const error of errors) expect(error.path).toMatch(/^tiny\.yaml:\d+$/)
  })

  it('rejects an import under another name than the file has', () => {
    const { bank, findings } = readBank([{ path: 'tiny.yaml', text: OWN }], { name: 'other', version: '1.0.0' })
    expect(bank).toBeNull()
    expect(codes(findings)).toContain('NAME_DIFFERS')
  })

  it('rejects a second file beside it', () => {
    const { bank, findings } = readBank([{ path: 'tiny.yaml', text: OWN }, file(CLEAN)])
    expect(bank).toBeNull()
    expect(codes(findings)).toContain('FORMAT_MIXED')
  })

  it('says that figures have no origin, and which assumption it does not know', () => {
    const { findings } = own(OWN.replace('{ title: nowhere }', '{}').replace('sd: 2', 'sd: 2, assumptions: [HOPE]'))
    expect(codes(findings)).toEqual(['ASSUMPTION_UNKNOWN', 'ORIGIN_MISSING'].sort())
  })

  it('takes a form with a rate of its own without an effect', () => {
    const text = OWN.replace(/ {4}effect: .*\n/, '').replace('theta: 1', 'theta: 1, a: 0.3')
    expect(own(text).findings).toEqual([])
    expect(codes(own(text.replace('a: 0.3', 'a: -0.3')).findings)).toEqual(['SIGN_DISAGREES'])
  })
})
