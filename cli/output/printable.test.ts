import { expect, it } from 'vitest'
import { printable } from './printable.ts'

it('shows what a terminal would obey, and leaves writing of every kind as it is', () => {
  expect(printable('a\u001b[2Jb\rc\u009b1mde\u202ef')).toBe('a\ufffd[2Jb\ufffdc\ufffd1mde\ufffdf')
  const text = 'Größe\t人口 😀\n95 % ▁█ مرحبا'
  expect(printable(text)).toBe(text)
})
