// What cannot be read: the error names the variable, what it is, and where.
import { describe, expect, it } from 'vitest'
import { errorOf, mdl } from '../../../test/support/mdl.ts'

const BEFORE = ['a = 1', 'f((0,0),(1,1))', 's = INTEG(a, 0)', 'D: p, q', 'arr[D] = 1']
const fault = (equation: string) => errorOf(mdl([...BEFORE, equation]))
const LINE = BEFORE.length + 2

describe('constructs that these models have not', () => {
  it.each([
    ['x', 'a data variable'],
    ['x :RAW:', 'a data variable (:RAW:)'],
    ['x[D] :interpolate:', 'a data variable (:INTERPOLATE:)'],
    ['x := a * 2', 'a data equation (:=)'],
    ["x := GET XLS DATA('?file', 'sheet', 'A', 'B2')", 'a data equation (:=)'],
    ["x = GET DIRECT CONSTANTS('data.xlsx', 'sheet', 'B2')", 'GET DIRECT CONSTANTS'],
    ["x[D] = GET XLS LOOKUPS('data.xlsx', 'sheet', 'A', 'B2')", 'GET XLS LOOKUPS'],
    ["x: GET DIRECT SUBSCRIPT('data.xlsx', 'sheet', 'A1', 'A9', '')", 'GET DIRECT SUBSCRIPT'],
    ['x = REINITIAL(a)', 'REINITIAL'],
    ['x = 2 * INTEG(a, 0)', 'INTEG'],
    ['x = 2 + ACTIVE INITIAL(a, 0)', 'ACTIVE INITIAL'],
    ['x = DELAY BATCH(a, 3, 1, 0, 0, 0)', 'DELAY BATCH'],
    ['x = DELAYP(a, 2 : y)', 'DELAYP'],
    ['x = DELAY MATERIAL(a, Time, 1, 0)', 'DELAY MATERIAL with a delay time that may change'],
    ['x = DELAY INFORMATION(a, s, 1)', 'DELAY INFORMATION with a delay time that may change'],
    ['x = ALLOCATE BY PRIORITY(arr[p], arr[p], 2, 1, a)', 'ALLOCATE BY PRIORITY'],
    ['x[D] = VECTOR REORDER(arr[D], arr[D])', 'VECTOR REORDER'],
    ['x[D] = VECTOR ELM MAP(arr[p], RANDOM 0 1())', 'VECTOR ELM MAP by a random number'],
    ['x[D] = VECTOR SORT ORDER(arr[D] + RANDOM 0 1(), 1)', 'VECTOR SORT ORDER of a random number'],
    ['x = SUM(MAX(arr[D!], RANDOM 0 1()))', 'MAX of a random number'],
    ['x = VECTOR SELECT(arr[D!], arr[D!], 0, s, 0)', 'VECTOR SELECT with this numerical action'],
    ['x = VECTOR SELECT(arr[D!], arr[D!], 0, 5, 0)', 'VECTOR SELECT with this numerical action'],
    ['x = VECTOR SELECT(arr[D!], arr[D!], 0, 0, 1)', 'VECTOR SELECT with an error action'],
    ['x = VECTOR SELECT(arr[D!], RANDOM 0 1(), 0, 0, 0)', 'VECTOR SELECT of a random number'],
    ['x = RANDOM EXPONENTIAL(0, 9, RANDOM 0 1(), 1, 0)', 'RANDOM EXPONENTIAL of a random number'],
    ['x = RANDOM WEIBULL(0, 9, 2, 0, 1, 0)', 'RANDOM WEIBULL'],
    ["x = 'a text'", "the text 'a text'"],
    ['x = WITH LOOKUP(a, ((0,0),(0,1)))', 'a lookup with two values at 0'],
    ['x = GAMMA LN(a)', 'GAMMA LN'],
  ])('refuses %s', (equation, construct) => {
    const error = fault(equation)
    expect(error.code).toBe('CONSTRUCT_UNSUPPORTED')
    expect(error.detail).toMatchObject({ path: 'x', construct, line: LINE, column: expect.any(Number) })
    expect(error.message).toContain(`x: ${construct} is not supported`)
  })

  it('refuses a variable that would be taken for the one that names it', () => {
    expect(errorOf(mdl(['x = 1', 'Self = 2'])).detail).toMatchObject({
      path: 'Self',
      construct: 'a variable of the name self',
      line: 3,
    })
  })

  it.each([
    ['SMOTH3(a, 2)', 'the function SMOTH3', 'did you mean "SMOOTH3"?'],
    ['IF_THEN_ELS(a, 1, 2)', 'the function IF THEN ELS', 'did you mean "IF THEN ELSE"?'],
    ['toString(a)', 'the function toString', undefined],
  ])('suggests the nearest function for %s', (call, construct, suggestion) => {
    const error = fault(`x = ${call}`)
    expect(error.detail['construct']).toBe(construct.replaceAll('_', ' ').replace('IF THEN ELS', 'IF_THEN_ELS'))
    expect(error.detail['suggestion']).toBe(suggestion)
  })

  it('refuses macros with random numbers and more outputs, outputs in arrays, macros with subscripts, and with ACTIVE INITIAL, by their name', () => {
    const macro = (header: string, ...body: string[]) =>
      mdl([`:MACRO: ${header}`, ...body, ':END OF MACRO:', 'x = F(1)'])
    expect(errorOf(macro('F(a : b)', 'F = a', 'b = RANDOM 0 1()')).detail).toMatchObject({
      path: 'F',
      construct: 'a macro with random numbers and more than one output',
    })
    expect(
      errorOf(mdl([':MACRO: F(a : b)', 'F = a', 'b = 2', ':END OF MACRO:', 'D: p, q', 'x[D] = F(1 : y)'])).detail,
    ).toMatchObject({
      path: 'x',
      construct: 'outputs of a macro in an array',
    })
    expect(errorOf(macro('F(a)', 'D: p, q', 'F = a')).detail).toMatchObject({
      path: 'F',
      construct: 'a subscript in a macro',
      line: 3,
    })
    expect(errorOf(macro('F(a)', 'F = ACTIVE INITIAL(a, 1)')).detail).toMatchObject({
      path: 'F',
      construct: 'ACTIVE INITIAL in a macro',
    })
    expect(errorOf(macro('F(a)', 'F = a$', 'a = 3')).code).toBe('MODEL_INVALID')
  })

  it('refuses control variables that change, and names what they hang on', () => {
    const late = errorOf(mdl(['a = Time'], { 'FINAL TIME': 'a * 2' }))
    expect(late).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'FINAL TIME', construct: 'a control variable that is not made of constants' },
    })
    expect(errorOf(mdl(['a = "TIME STEP"'], { 'TIME STEP': 'a' })).code).toBe('CONSTRUCT_UNSUPPORTED')
  })
})

describe('ACTIVE INITIAL', () => {
  it('is refused where it goes into what finds its initial value itself, and for a wrong number of arguments', () => {
    const given = (...equations: string[]) => errorOf(mdl(['a = ACTIVE INITIAL(Time, 1)', 'b = a', ...equations]))
    expect(given('x = 1 + TREND(b, 2, 0)').detail).toMatchObject({
      path: 'x',
      construct: 'TREND of a variable with ACTIVE INITIAL',
      line: 4,
    })
    expect(given('x = FORECAST(b, 2, 1)').detail['construct']).toBe('FORECAST of a variable with ACTIVE INITIAL')
    expect(given(':MACRO: F(y)', 'F = y', ':END OF MACRO:', 'x = F(b)').detail['construct']).toBe(
      'the macro F of a variable with ACTIVE INITIAL',
    )
    expect(errorOf(mdl(['a = ACTIVE INITIAL(Time)'])).message).toContain('ACTIVE INITIAL takes 2 arguments, not 1')
  })
})

describe('what is no model', () => {
  it.each([
    ['x = ', 'x: has no equation'],
    ['x = A FUNCTION OF(a, s, -f)', 'x: has no equation yet (A FUNCTION OF)'],
    ['x = a + bb', 'x: bb is not defined'],
    ['x = Tim', 'x: Tim is not defined'],
    ['x = pi', 'x: pi is not defined'],
    ['x = a(3)', 'x: a is no lookup and takes no argument'],
    ['x = f(1, 2)', 'x: f takes 1 argument, not 2'],
    ['x = MAX(a)', 'x: MAX takes 2 arguments, not 1'],
    ['x = INTEG(a)', 'x: INTEG takes 2 arguments, not 1'],
    ['x = LOOKUP FORWARD(a, 2)', 'x: LOOKUP FORWARD needs the name of a lookup first'],
    ['x = WITH LOOKUP(a, f)', 'x: WITH LOOKUP needs points'],
    ['x = VECTOR ELM MAP(a, 1)', 'x: VECTOR ELM MAP needs an element of an array first'],
    ['x[D] = VECTOR RANK(arr[p], 1)', 'x: VECTOR RANK needs an array over a subscript range'],
    ['x = ELMCOUNT(p)', 'x: ELMCOUNT needs the name of a subscript range'],
    ['x = MAX(a, ((1,2),(3,4)))', 'x: points can only stand in WITH LOOKUP'],
    ['x((0,0))', 'x: a lookup needs at least two points'],
    ['x((1,0),(0,1))', 'x: the x of a lookup fall from 1 to 0'],
    ['x(1,2,3)', 'x: a lookup needs as many y as x'],
    ['x = 1e999', 'x: a number is out of range'],
    ['a = 2', 'a: is defined twice'],
    ['x = a ^', 'x: expected'],
  ])('refuses %s', (equation, message) => {
    const error = fault(equation)
    expect([error.code, error.message]).toEqual(['MODEL_INVALID', expect.stringContaining(message)])
    expect(error.detail).toMatchObject({
      path: message.slice(0, 1),
      line: expect.any(Number),
      column: expect.any(Number),
    })
  })

  it('suggests the nearest name', () => {
    expect(errorOf(mdl(['growth rate = 1', 'x = growt_rate'])).detail['suggestion']).toBe('did you mean "growth rate"?')
  })

  it('counts lines and columns through comments, continuations and carriage returns', () => {
    const text = '{UTF-8}\r\na = 1 {two\r\nlines} ~~|\r\nx = a + \\\r\n\t(a * {why} ) ~~|'
    expect(errorOf(text).detail).toEqual({
      path: 'x',
      line: 5,
      column: 13,
      expected: ["'-'", 'a number', ':NA:', 'a text', 'a name', "'('"],
      found: ')',
    })
    expect(errorOf(text).message).toBe(
      "x: expected '-', a number, :NA:, a text, a name, '(', found ')' (line 5, column 13)",
    )
  })

  it('counts columns of a name that is not defined from the start of its line', () => {
    expect(errorOf('a = 1 ~~| x = a + nothing ~~|').detail).toMatchObject({ path: 'x', line: 1, column: 19 })
  })

  it('tells the end of an equation that stops short', () => {
    expect(errorOf('x = (1 + 2\n ~~|').detail).toMatchObject({ path: 'x', line: 1, column: 11, found: '' })
  })

  it.each([
    ['x = 1 ~~', 1, "x: is not closed by '|'"],
    ['x = 1', 1, "x: is not closed by '|'"],
    ['a = 1 ~~|\nx = {open 1 ~~|', 2, "comment: is not closed by '}'"],
    ['x = "open ~~|', 1, 'name: a quotation mark is not closed'],
    ['***\n.Control', 1, "group: is not closed by '|'"],
    ['a = 1 ~~|\n:MACRO: F(a)\nF = a ~~|', 3 - 1, 'macro: is not closed'],
    [':MACRO: F', 1, 'macro: expected a name and arguments'],
    [':MACRO: F(a)\n:MACRO: G(b)', 2, 'macro: a macro begins before the last one ended'],
    ['a = 1 ~~|\n:END OF MACRO:', 2, 'macro: :END OF MACRO: without :MACRO:'],
    [':MACRO: F(2)\n:END OF MACRO:', 1, 'macro F: expected'],
    ['@ = 3 ~~|', 1, '@: expected a name'],
  ])('refuses %j', (text, line, message) => {
    const error = errorOf(text)
    expect([error.code, error.message]).toEqual(['MODEL_INVALID', expect.stringContaining(message)])
    expect(error.detail['line']).toBe(line)
  })

  it('refuses a text without control variables, also one that is empty', () => {
    for (const text of ['', ' \n', '{UTF-8}', 'x = 1 ~~|'])
      expect(errorOf(text).message).toContain(
        'INITIAL TIME: is missing; a model needs INITIAL TIME, FINAL TIME and TIME STEP',
      )
  })

  it.each([
    [{ 'TIME STEP': 0 }, 'TIME STEP: must be above 0, and is 0'],
    [{ 'FINAL TIME': -1 }, 'FINAL TIME: must not be before INITIAL TIME, and is -1'],
    [{ SAVEPER: '-1' }, 'SAVEPER: must be above 0, and is -1'],
    [{ 'FINAL TIME': '1/0' }, 'FINAL TIME: must be a finite number'],
  ])('refuses the times %j', (control, message) => {
    expect(errorOf(mdl([], control)).message).toContain(message)
  })

  it('refuses macros that are twice there, lack their result, or give an argument an equation', () => {
    const macro = (...body: string[]) => mdl([':MACRO: F(a)', ...body, ':END OF MACRO:'])
    expect(errorOf(`${mdl([':MACRO: F(a : b)', 'F = a', ':END OF MACRO:'])}`).message).toContain(
      'F: has no equation for its output b',
    )
    expect(errorOf(mdl([':MACRO: F(a : b)', 'F = a', 'b = 2', ':END OF MACRO:', 'x = F(1 : y, z)'])).message).toContain(
      'x: F has 1 outputs, not 2',
    )
    expect(errorOf(macro('G = a')).message).toContain('F: has no equation for its result; write F = ...')
    expect(errorOf(macro('F = a', 'a = 2')).message).toContain('F: a is an argument and has an equation too')
    expect(
      errorOf(mdl([':MACRO: F(a)', 'F = a', ':END OF MACRO:', ':MACRO: f(b)', 'f = b', ':END OF MACRO:'])).message,
    ).toContain('f: is defined twice')
    expect(errorOf(`${macro('F = a * outer')}outer = 3 ~~|`).message).toContain('F: outer is not defined')
  })

  it('refuses what is nested deeper or longer than may be, at once', () => {
    for (const equation of [
      `x = ${'('.repeat(5000)}1${')'.repeat(5000)}`,
      `x = ${'ABS('.repeat(5000)}1${')'.repeat(5000)}`,
      `x = ${'-'.repeat(5000)}1`,
      `x = ${'1+'.repeat(5000)}1`,
      `x = ${'1^'.repeat(5000)}1`,
    ])
      expect(fault(equation)).toMatchObject({ code: 'LIMIT_EXCEEDED', detail: { path: 'x' } })
  })

  it('reads a list of numbers however long', () => {
    const elements = Array.from({ length: 5000 }, (_, i) => i)
    expect(errorOf(mdl(['E: (E1-E5000)', `y[E] = ${elements.join(',')}`, 'x = zz'])).message).toContain(
      'zz is not defined',
    )
  })
})
