import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Turns } from './turns.js'

test('as many as the limit run at once, in order of arrival', async () => {
  const turns = new Turns(2)
  let running = 0
  let most = 0
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 6 }, (_, number) =>
      turns.take(async () => {
        order.push(number)
        most = Math.max(most, ++running)
        await sleep(1)
        running--
      }),
    ),
  )
  expect(most).toBe(2)
  expect(order).toEqual([0, 1, 2, 3, 4, 5])
})

test('who gives up leaves the line, and a failure passes the turn on', async () => {
  const turns = new Turns()
  const first = turns.take(async () => {
    await sleep(20)
    throw new Error('failed')
  })
  const controller = new AbortController()
  const second = turns.take(async () => 'second', controller.signal)
  const third = turns.take(async () => 'third')
  controller.abort(new Error('gave up'))
  await expect(second).rejects.toThrow('gave up')
  await expect(first).rejects.toThrow('failed')
  expect(await third).toBe('third')
  await expect(turns.take(async () => 'late', controller.signal)).resolves.toBe('late')
})
