/**
 * The certificate of the TCP door where it listens beyond this machine: the administrator's own, or one that is made at
 * the first start and signs itself. Who connects is given that file (`--ca`, or the browser's exception); its
 * fingerprint is printed, so that it can be compared.
 */
import { createHash, X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { Tls } from './listen.js'

const FOLDER = 'tls'
const YEARS = 10

export interface Certificate extends Tls {
  /** The file that clients may believe; undefined for one that somebody else signed. */
  readonly file: string | undefined
  /** SHA-256, in hex with colons. */
  readonly fingerprint: string
}

const fingerprintOf = (cert: string): string =>
  createHash('sha256')
    .update(new X509Certificate(cert).raw)
    .digest('hex')
    .toUpperCase()
    .replace(/..(?=.)/g, '$&:')

/** Thrown where a certificate and its key can not be used. */
export class CertificateError extends Error {
  readonly code = 'CERTIFICATE'
}

export async function readCertificate(certFile: string, keyFile: string): Promise<Certificate> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')])
    return { cert, key, file: undefined, fingerprint: fingerprintOf(cert) }
  } catch (error) {
    throw new CertificateError(
      `${certFile} and ${keyFile} are no certificate and key in PEM: ${(error as Error).message}`,
    )
  }
}

/** The folder's own certificate, made when it is not there. @param names host names and addresses it is for */
export async function ownCertificate(
  directory: string,
  names: readonly string[],
  now: Date,
): Promise<Certificate> {
  const folder = join(directory, FOLDER)
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')])
    return { cert, key, file: certFile, fingerprint: fingerprintOf(cert) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const notAfterDate = new Date(now)
  notAfterDate.setFullYear(notAfterDate.getFullYear() + YEARS)
  const { cert, private: key } = await generate([{ name: 'commonName', value: names[0] ?? 'auspex' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [...new Set([...names, 'localhost', '127.0.0.1'])].map((name) =>
          isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
        ),
      },
    ],
  })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(keyFile, key, { mode: 0o600 })
  await writeFile(certFile, cert, { mode: 0o644 })
  return { cert, key, file: certFile, fingerprint: fingerprintOf(cert) }
}
