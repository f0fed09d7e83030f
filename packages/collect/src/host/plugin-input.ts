/**
 * Records as auditd hands them to a plugin: lines on standard input, while they happen. Reading comes before all
 * else, as a plugin that does not read fills auditd's queue, then the kernel's, and then every process waits. So what
 * comes is taken at once, and given on in whole lines, as much as there is by then.
 *
 * auditd sends the record EOE here, which its log never has; events come one after another, not always in order.
 * SIGHUP asks a plugin to read its settings again and SIGTERM to end: the caller sees to both.
 */
import type { Readable } from 'node:stream'

export interface PluginInputOptions {
  /** Bytes that may wait to be given on. More than that is left with auditd. Default 64 MiB. */
  readonly maxWaiting?: number
  readonly now: () => Date
  /** Told when reading stops for want of room, and when it goes on: records may be lost in between. */
  readonly onStall?: (stalled: boolean) => void
  readonly signal?: AbortSignal
}

export interface PluginBatch {
  /** Whole lines with their ends; only the last batch can end within a line. */
  readonly bytes: Uint8Array
  /** When the last of them came. */
  readonly receivedAt: Date
}

const MAX_WAITING = 64 * 1024 * 1024
/** A line longer than this is given on in pieces. */
const MAX_LINE = 1024 * 1024
const NEWLINE = 0x0a

/** Batches until the input ends or `signal` aborts; what came before is given on first. */
export async function* pluginRecords(
  input: Readable,
  { maxWaiting = MAX_WAITING, now, onStall = () => {}, signal }: PluginInputOptions,
): AsyncGenerator<PluginBatch> {
  let chunks: Uint8Array[] = []
  let waiting = 0
  let stalled = false
  let ended = signal?.aborted ?? false
  let failure: Error | undefined
  let receivedAt = now()
  let wake = () => {}

  const onData = (chunk: Uint8Array) => {
    receivedAt = now()
    chunks.push(chunk)
    waiting += chunk.length
    if (waiting >= maxWaiting && !stalled) {
      stalled = true
      input.pause()
      onStall(true)
    }
    wake()
  }
  const onEnd = () => {
    ended = true
    wake()
  }
  const onError = (error: Error) => {
    failure = error
    onEnd()
  }
  input.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError)
  signal?.addEventListener('abort', onEnd)
  try {
    let rest: Uint8Array = new Uint8Array()
    for (;;) {
      if (chunks.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const taken = Buffer.concat([rest, ...chunks])
      chunks = []
      waiting = 0
      if (stalled) {
        stalled = false
        onStall(false)
        input.resume()
      }
      const whole = ended || taken.length > MAX_LINE ? taken.length : taken.lastIndexOf(NEWLINE) + 1
      rest = taken.subarray(whole)
      if (whole > 0) yield { bytes: taken.subarray(0, whole), receivedAt }
      if (ended && chunks.length === 0 && rest.length === 0) break
    }
    if (failure !== undefined) throw failure
  } finally {
    input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError)
    signal?.removeEventListener('abort', onEnd)
    input.pause()
  }
}
