/**
 * Which log is this? A path is no answer: logs are rotated, copied and handed around. An audit log's first
 * line holds a time and a serial that no other log begins with, so its hash names the log wherever it lies;
 * a hash of the bytes just before a position proves that what was read there is still what stands there.
 */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

const FIRST_LINE_BYTES = 4096
const TAIL_BYTES = 1024
const LF = 0x0a

/** Reads up to `length` bytes at `position`; fewer at the end of the file. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 32)

/**
 * The log's name for the store (`log:<hash of its first line>`), or undefined while it has no whole first
 * line yet. `whole` says that the file will not grow: then what is there is its first line.
 */
export async function identify(file: FileHandle, whole: boolean): Promise<string | undefined> {
  const head = await readAt(file, 0, FIRST_LINE_BYTES)
  const end = head.indexOf(LF)
  if (end < 0 && head.length < FIRST_LINE_BYTES && !(whole && head.length > 0)) return undefined
  return `log:${hash(end < 0 ? head : head.subarray(0, end))}`
}

/** What the receipt keeps of the bytes before `position`, to be checked by {@link endsAt} at the next start. */
export async function tailMark(file: FileHandle, position: number): Promise<string> {
  const length = Math.min(TAIL_BYTES, position)
  return `${length}:${hash(await readAt(file, position - length, length))}`
}

/** True when the bytes before `position` are those that the mark was made from. */
export async function endsAt(file: FileHandle, position: number, mark: string): Promise<boolean> {
  return (await tailMark(file, position)) === mark
}

const FIRST_MARK = 256
/** Each mark lies a tenth further than the one before: some 150 of them for a gigabyte. */
const MARK_STEP = 1.1

/** Marks along the log up to `to`: enough to tell a shorter copy of a log from another log. */
export async function marksUpTo(
  file: FileHandle,
  to: number,
  known: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const marks = { ...known }
  for (let position = FIRST_MARK; position <= to; position = Math.ceil(position * MARK_STEP)) {
    marks[position] ??= await tailMark(file, position)
  }
  return marks
}

/**
 * True when the file is a shorter copy of the log: no mark that lies within it contradicts it, and they reach
 * to its last tenth.
 */
export async function isShorterCopy(
  file: FileHandle,
  size: number,
  marks: Readonly<Record<string, string>>,
): Promise<boolean> {
  let reach = 0
  for (const [position, mark] of Object.entries(marks)) {
    if (Number(position) > size) continue
    if (!(await endsAt(file, Number(position), mark))) return false
    reach = Math.max(reach, Number(position))
  }
  return reach > 0 && Math.ceil(reach * MARK_STEP) >= size
}
