import { expect, it } from 'vitest'
import type { Lesson } from '../../views/board/types.ts'
import { lanesOf } from '../../views/calendar/grid.ts'

const lesson = (id: string, from: number, to: number) => ({ id, from, to }) as Lesson
const lanes = (...lessons: Lesson[]) => Object.fromEntries(lanesOf(lessons))
const ALONE = { lane: 0, of: 1 }

it('lessons one after the other have all the room', () => {
  expect(lanes(lesson('a', 540, 600), lesson('b', 600, 660))).toEqual({ a: ALONE, b: ALONE })
})

it('lessons of the same time stand side by side, whatever their order', () => {
  const [cancelled, now] = [lesson('a', 540, 600), lesson('b', 540, 600)]
  expect(lanes(now, cancelled)).toEqual({ b: { lane: 0, of: 2 }, a: { lane: 1, of: 2 } })
})

it('a lane is free again when its lesson is over, and only who overlaps gives room', () => {
  const found = lanes(lesson('long', 540, 720), lesson('a', 540, 600), lesson('b', 600, 660), lesson('later', 720, 780))
  expect(found).toEqual({ long: { lane: 0, of: 2 }, a: { lane: 1, of: 2 }, b: { lane: 1, of: 2 }, later: ALONE })
})
