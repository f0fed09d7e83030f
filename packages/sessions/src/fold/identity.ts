/**
 * What names a session over hosts and boots: a number (`ses`) starts again at every boot, and every host counts for
 * itself.
 */
import { createHash } from 'node:crypto'

/** No vowels and nothing that looks like something else: an id is read aloud and typed. */
const ALPHABET = '23456789bcdfghjkmnpqrstvwxz'
/** 27^11 is 2^52: with a million sessions two share an id once in 9000 stores. */
const LENGTH = 11

/**
 * @param start when the session began, in milliseconds since 1970: the LOGIN record, else the first event
 */
export function sessionUid(
  computer: string,
  session: number,
  auditUserId: number | undefined,
  start: number,
): string {
  const digest = createHash('sha256')
    .update(`${computer}\0${session}\0${auditUserId ?? ''}\0${Math.round(start)}`)
    .digest()
  let number = digest.readBigUInt64BE(0)
  let uid = ''
  for (let i = 0; i < LENGTH; i++) {
    uid += ALPHABET[Number(number % 27n)]
    number /= 27n
  }
  return uid
}

/** What a person types for a session: the beginning of its id. */
export function isSessionPrefix(text: string): boolean {
  return text.length >= 3 && text.length <= LENGTH && [...text].every((letter) => ALPHABET.includes(letter))
}
