/** Playbooks on a real machine: HTTP, programs of the data folder, mail. */
import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { PlaybookEffects } from './deliver.js'

const POST_MS = 30_000
const MAIL_MS = 30_000
const MAX_ANSWER = 4096
const MAX_OUTPUT = 64 * 1024

/** The program gets a clean environment: nothing of the server's secrets. */
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' }

/** @param folder holds the programs that playbooks may run */
export function nodeEffects(folder: string): Omit<PlaybookEffects, 'collect'> {
  return {
    async post(url, body, headers, signal) {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(POST_MS)]),
      })
      const text = (await answer.text()).slice(0, MAX_ANSWER)
      return { status: answer.status, text }
    },
    async runProgram(program, { arguments: args, input, timeLimitMs }, signal) {
      const path = join(folder, program)
      await access(path, constants.X_OK)
      return new Promise((resolve, reject) => {
        const child = spawn(path, args, { cwd: folder, env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'pipe'] })
        let output = ''
        let isOverTime = false
        const end = () => child.kill('SIGKILL')
        const timer = setTimeout(() => {
          isOverTime = true
          end()
        }, timeLimitMs)
        signal.addEventListener('abort', end, { once: true })
        const keep = (text: string) => {
          if (output.length < MAX_OUTPUT) output = (output + text).slice(0, MAX_OUTPUT)
        }
        child.stdout.setEncoding('utf8').on('data', keep)
        child.stderr.setEncoding('utf8').on('data', keep)
        // It need not read what it is told.
        child.stdin.on('error', () => {})
        child.stdin.end(input)
        child.on('error', reject)
        child.on('close', (code) => {
          clearTimeout(timer)
          signal.removeEventListener('abort', end)
          resolve({ code, output, isOverTime })
        })
      })
    },
    async sendMail({ server, from, to, subject, text }) {
      const transport = createTransport(server, {
        from,
        connectionTimeout: MAIL_MS,
        greetingTimeout: MAIL_MS,
        socketTimeout: MAIL_MS,
      } as never)
      try {
        await transport.sendMail({ from, to: [...to], subject, text })
      } finally {
        transport.close()
      }
    },
  }
}
