// Assembles little WebAssembly modules by hand: kernels that behave badly, and such as hold what no kernel may.

const text = (value: string) => [...leb(new TextEncoder().encode(value).length), ...new TextEncoder().encode(value)]
const list = (items: readonly (readonly number[])[]) => [...leb(items.length), ...items.flat()]

/** LEB128 without a sign. */
export function leb(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...leb(Math.floor(value / 128))]
}

export const section = (id: number, body: readonly number[]) => [id, ...leb(body.length), ...body]
export const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
export const I32 = 0x7f

export interface HandMade {
  /** Pages that env.memory begins with and may grow to; default 1 and 2. */
  readonly pages?: readonly [initial: number, maximum: number]
  /** Exported functions by name; a body is instructions without the last `end`. */
  readonly functions?: Readonly<
    Record<
      string,
      { readonly params?: readonly number[]; readonly results?: readonly number[]; readonly body: number[] }
    >
  >
  /** Sections to put in at their place, by id: they replace the module's own. */
  readonly sections?: Readonly<Record<number, readonly number[]>>
}

/** A module that imports env.memory and has these functions. */
export function handMade({ pages = [1, 2], functions = {}, sections = {} }: HandMade = {}): Uint8Array<ArrayBuffer> {
  const made = Object.entries(functions)
  const own: Record<number, readonly number[]> = {
    1: list(
      made.map(([, { params = [], results = [] }]) => [
        0x60,
        ...leb(params.length),
        ...params,
        ...leb(results.length),
        ...results,
      ]),
    ),
    2: list([[...text('env'), ...text('memory'), 0x02, 0x01, ...leb(pages[0]), ...leb(pages[1])]]),
    3: list(made.map((_, i) => leb(i))),
    7: list(made.map(([name], i) => [...text(name), 0x00, ...leb(i)])),
    10: list(
      made.map(([, { body }]) => {
        const code = [0x00, ...body, 0x0b]
        return [...leb(code.length), ...code]
      }),
    ),
    ...sections,
  }
  // The specification's order, where tags and the number of data segments come before what uses them.
  const order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]
  return Uint8Array.from([...MAGIC, ...order.flatMap((id) => (own[id] ? section(id, own[id]) : []))])
}

const LOOP_FOR_EVER = [0x03, 0x40, 0x0c, 0x00, 0x0b]
/** i32.const */
const number = (value: number) => [0x41, value]
/** i32.const 65536 */
const PAGE = [0x41, 0x80, 0x80, 0x04]

/** A plan machine whose `advance` never returns. */
export const endlessMachine = () =>
  handMade({
    functions: {
      prepare: { body: [] },
      // The code behind an endless loop is never reached, so that it need not leave a value.
      advance: { params: [I32], results: [I32], body: [...LOOP_FOR_EVER, 0x00] },
    },
    pages: [1, 8192],
  })

/**
 * A plan machine that takes all the memory it can get, page by page, in `prepare`, fills each of them, and then ends as one that has
 * computed: the results are what lies there.
 */
export const memoryBomb = (maximum: number) =>
  handMade({
    functions: {
      // while (memory.grow(1) != -1) fill(size * 65536 - 65536, 1, 65536)
      prepare: {
        body: [
          ...[0x03, 0x40, ...number(1), 0x40, 0x00, 0x41, 0x7f, 0x47, 0x04, 0x40],
          ...[0x3f, 0x00, 0x41, ...[0x10], 0x74, ...PAGE, 0x6b, ...number(1), ...PAGE, 0xfc, 0x0b, 0x00],
          ...[0x0c, 0x01, 0x0b, 0x0b],
        ],
      },
      // Nothing was done: the work is over.
      advance: { params: [I32], results: [I32], body: number(0) },
    },
    pages: [1, maximum],
  })
