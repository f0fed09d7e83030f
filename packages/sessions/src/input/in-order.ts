/**
 * Puts events that come slightly out of order into the order of their times. The log reader gives an event when it is
 * complete, so one of many records comes after younger ones of a single record.
 */
export interface Timed {
  readonly time: number
  readonly serial: number
}

/** More than the events that the reader lets overtake another. */
const HELD = 1024

const isBefore = (a: Timed, b: Timed) => a.time < b.time || (a.time === b.time && a.serial < b.serial)

/** Holds the last `HELD` items and gives the oldest of them first: a binary heap. */
export class InOrder<T extends Timed> {
  readonly #heap: T[] = []

  /** Takes an item in; gives the one that is due, if there is one. */
  push(item: T): T | undefined {
    this.#up(item)
    return this.#heap.length > HELD ? this.#pop() : undefined
  }

  /** The rest, in order. */
  *drain(): Generator<T> {
    while (this.#heap.length > 0) yield this.#pop()
  }

  #up(item: T): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(item, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = item
  }

  #pop(): T {
    const heap = this.#heap
    const first = heap[0]!
    const item = heap.pop()!
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, item)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = item
    return first
  }
}
