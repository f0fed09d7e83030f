/** Runs the built program as a user does, on a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)
const bin = fileURLToPath(new URL('packages/cli/bin/auspex.js', root))

export const sample = (name: 'enriched' | 'raw') =>
  fileURLToPath(new URL(`content/samples/ssh-session-${name}.log`, root))

export const content = (folder: string) => fileURLToPath(new URL(`content/${folder}`, root))

export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Running {
  /** Resolves when the output matches; rejects when the program ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>
  interrupt(): void
  /** SIGKILL: as when the power goes. */
  kill(): void
  readonly finished: Promise<Finished>
}

export class Auspex {
  readonly folder = mkdtempSync(join(tmpdir(), 'auspex-e2e-'))
  readonly data = join(this.folder, 'data')

  readonly #children: ChildProcess[] = []

  start(...args: string[]): Running {
    if (!existsSync(bin.replace('bin/auspex.js', 'dist/main.js'))) {
      throw new Error('the program is not built: run `npm run build` first')
    }
    const child = spawn(process.execPath, [bin, '--data', this.data, ...args], {
      env: { ...process.env, TZ: 'UTC', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#children.push(child)
    let out = ''
    let err = ''
    const watchers = new Set<() => void>()
    const heard = () => {
      for (const watch of watchers) watch()
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      heard()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const finished = new Promise<Finished>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, out, err }))
    })
    return {
      finished,
      interrupt: () => void child.kill('SIGINT'),
      kill: () => void child.kill('SIGKILL'),
      until: (pattern) =>
        new Promise((resolve, reject) => {
          const watch = () => {
            const match = pattern.exec(out)
            if (match === null) return
            watchers.delete(watch)
            resolve(match)
          }
          watchers.add(watch)
          watch()
          finished.then(() => reject(new Error(`ended without ${pattern}:\n${out}\n${err}`)), reject)
        }),
    }
  }

  /** Ends what a failed test left running. */
  async stop(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await new Promise((resolve) => child.once('close', resolve))
      }
    }
  }

  run(...args: string[]): Promise<Finished> {
    return this.start(...args).finished
  }

  async json(kql: string): Promise<Record<string, unknown>[]> {
    const { code, out, err } = await this.run('query', kql, '--format', 'json')
    if (code !== 0) throw new Error(err)
    return JSON.parse(out)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
