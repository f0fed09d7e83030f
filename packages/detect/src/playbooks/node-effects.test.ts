import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeEffects } from './node-effects.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auspex-playbooks-'))
})
afterAll(() => rm(folder, { recursive: true }))

const { signal } = new AbortController()

test('a mail goes out as SMTP', async () => {
  const heard: string[] = []
  const server = createServer((socket) => {
    let isData = false
    socket.setEncoding('utf8')
    socket.write('220 mail.test\r\n')
    socket.on('data', (text: string) => {
      for (const line of text.split('\r\n').filter((part) => part !== '')) {
        heard.push(line)
        if (isData && line !== '.') continue
        if (line === '.') isData = false
        if (line === 'DATA') isData = true
        socket.write(line === 'DATA' ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n')
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await nodeEffects(folder).sendMail(
    {
      server: `smtp://127.0.0.1:${port}`,
      from: 'auspex@example.org',
      to: ['soc@example.org'],
      subject: '[Auspex] alice holds a root shell',
      text: 'Severity: High',
    },
    signal,
  )
  server.close()
  expect(heard).toEqual(
    expect.arrayContaining([
      'MAIL FROM:<auspex@example.org>',
      'RCPT TO:<soc@example.org>',
      'Subject: [Auspex] alice holds a root shell',
      'Severity: High',
    ]),
  )
})

test('a program that runs too long is ended, and one that says much is cut', async () => {
  const program = async (name: string, text: string) => {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`)
    await chmod(join(folder, name), 0o755)
  }
  await program('forever', 'echo started; exec sleep 600')
  await program('loud', 'yes | head -c 1000000; exit 3')
  const { runProgram } = nodeEffects(folder)
  const given = { arguments: [], input: '{}', timeLimitMs: 300 }
  expect(await runProgram('forever', given, signal)).toEqual({
    code: null,
    output: 'started\n',
    isOverTime: true,
  })
  const loud = await runProgram('loud', { ...given, timeLimitMs: 30_000 }, signal)
  expect([loud.code, loud.output.length, loud.isOverTime]).toEqual([3, 65_536, false])
  await expect(runProgram('none', given, signal)).rejects.toThrow(/ENOENT/)
})
