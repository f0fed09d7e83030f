import { createReadStream } from 'node:fs'
import { AuditLogInterpreter } from '@auspex/auditd'
import { hostNames } from '@auspex/collect'
import { CliError, type Effects, type ExitCode } from '../effects.js'

const CHUNK_BYTES = 1 << 20

/** Names of users are the log's own where it has them (ENRICHED), else this host's, as with ausearch. */
export async function interpret(file: string, effects: Effects): Promise<ExitCode> {
  const interpreter = new AuditLogInterpreter({ ...(await hostNames()), timeZone: effects.timeZone })
  const input: AsyncIterable<Uint8Array> =
    file === '-'
      ? effects.input
      : createReadStream(file, { highWaterMark: CHUNK_BYTES, signal: effects.signal })
  try {
    for await (const chunk of input) {
      effects.signal.throwIfAborted()
      const text = interpreter.push(chunk)
      if (text.length > 0) await effects.out.writeBytes(text)
    }
  } catch (error) {
    effects.signal.throwIfAborted()
    const { code, message } = error as NodeJS.ErrnoException
    if (typeof code === 'string') throw new CliError(`${file}: ${message}`)
    throw error
  }
  await effects.out.writeBytes(interpreter.end())
  const { linesWithoutRecord } = interpreter
  if (linesWithoutRecord > 0) {
    const what = linesWithoutRecord === 1 ? 'line is' : 'lines are'
    effects.err.write(`${file}: ${linesWithoutRecord} ${what} no audit record and not shown\n`)
  }
  return 0
}
