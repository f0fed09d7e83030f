import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pamStack, sessionLines, ttyAudit } from './pam.js'
import { withSessionLine } from './pam-edit.js'

const stackOf = (files: Readonly<Record<string, string>>, service = 'sshd') =>
  pamStack(service, (file) => files[file])

describe('a PAM stack', () => {
  it('holds the lines of the files that it includes, at their places', () => {
    const { lines, problems } = stackOf({
      sshd: '# no\nauth required pam_a.so\n@include common\nsession include one \nsession required pam_z.so # why\n',
      common: 'auth required pam_b.so\nsession required pam_c.so\n',
      one: 'auth required pam_never.so\nsession [success=1 default=ignore] pam_d.so x \\\n  [y z]\n',
    })
    expect(problems).toEqual([])
    expect(lines.map(({ file, line, type, module }) => `${file}:${line} ${type} ${module}`)).toEqual([
      'sshd:2 auth pam_a.so',
      'common:1 auth pam_b.so',
      'common:2 session pam_c.so',
      'one:2 session pam_d.so',
      'sshd:5 session pam_z.so',
    ])
    expect(lines[3]?.args).toEqual(['x', '[y z]'])
  })

  it.each([
    ['sesion required pam_unix.so', 'sshd:1: "sesion required pam_unix.so" is no line of PAM'],
    ['session must pam_unix.so', 'sshd:1: "session must pam_unix.so" is no line of PAM'],
    ['session required', 'sshd:1: "session required" is no line of PAM'],
    ['@include nothing', 'nothing:0: there is no /etc/pam.d/nothing'],
    ['@include sshd', 'sshd:1: includes sshd in a circle'],
  ])('that has %j says so', (text, problem) => {
    const { problems } = stackOf({ sshd: text })
    expect(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)).toContain(problem)
  })
})

describe('pam_tty_audit', () => {
  it.each([
    ['enable=*', true, true],
    ['log_passwd', false, false],
    ['disable=* enable=root', false, true],
    ['enable=root disable=*', false, false],
    ['disable=root enable=somebody,adm*', true, false],
    ['enable=1000:', true, false],
    ['enable=:999', false, true],
  ])('%s records people: %s, root: %s', (args, people, root) => {
    expect(ttyAudit(args.split(' '))).toMatchObject({ people, root })
  })
})

describe('adding a session line', () => {
  const line = 'session optional pam_tty_audit.so enable=*'

  it('comes behind the last session line, and changes no other byte', () => {
    const before = 'auth required pam_a.so\nsession required pam_b.so \\\n  x\npassword required pam_c.so'
    expect(withSessionLine(before, line, 'why')).toBe(
      `auth required pam_a.so\nsession required pam_b.so \\\n  x\n# auspex: why\n${line}\npassword required pam_c.so`,
    )
  })

  it('gives a stack of one line more, whatever the file holds', () => {
    const content = fc.constantFrom(
      '# x',
      '',
      'auth required pam_a.so',
      'session required pam_b.so',
      'session required pam_b.so \\\n  arg',
      '-session optional pam_d.so',
      '@include common-session',
    )
    fc.assert(
      fc.property(fc.array(content, { maxLength: 8 }), fc.boolean(), (parts, ends) => {
        const before = parts.join('\n') + (ends ? '\n' : '')
        const read = (text: string) =>
          stackOf({ sshd: text, 'common-session': 'session required pam_e.so\n' })
        const after = withSessionLine(before, line, 'why')
        expect(read(after).problems).toEqual([])
        expect(read(after).lines).toHaveLength(read(before).lines.length + 1)
        expect(sessionLines(read(after), 'pam_tty_audit.so')).toHaveLength(1)
      }),
    )
  })
})
