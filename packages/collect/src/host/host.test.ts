import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applySetup, BACKUP_FOLDER, undoSetup } from './apply.js'
import { checkHost } from './check.js'
import { unifiedDiff } from './diff.js'
import { gatherFacts } from './facts.js'
import { nodeHost } from './node-system.js'
import { PluginError, pluginFile } from './plugin.js'
import { planSetup, type SetupOptions } from './setup.js'
import type { CommandResult, WritableHost } from './system.js'

const CASES = fileURLToPath(new URL('./cases/', import.meta.url))
const now = () => new Date('2026-01-02T03:04:05.678Z')
const RULES: SetupOptions = {
  rules: [
    {
      name: '30-auspex.rules',
      text: '-w /etc/passwd -p wa -k T1136.001_Account\n-w /nowhere/at/all -p r -k T1005_Data\n',
    },
  ],
}

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'auspex-host-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A copy of a case that answers commands with this. */
function hostOf(name: string, answers: Readonly<Record<string, string>> = {}): WritableHost {
  cpSync(join(CASES, name), root, { recursive: true })
  const run = async (command: string, args: readonly string[]): Promise<CommandResult> => {
    const stdout = answers[[command, ...args].join(' ')]
    return stdout === undefined
      ? { code: 127, stdout: '', stderr: 'no such command' }
      : { code: 0, stdout, stderr: '' }
  }
  return { ...nodeHost({ root }), architecture: 'x64', run }
}

const STATUS = 'enabled 1\nfailure 1\npid 42\nrate_limit 0\nbacklog_limit 8192\nlost 0\nbacklog 0\n'

async function statuses(host: WritableHost): Promise<Record<string, string>> {
  const { findings } = await checkHost(host)
  return Object.fromEntries(findings.map(({ check, status }) => [check, status]))
}

/** Each file below the root with its bytes and mode, without our own backups. */
function snapshot(folder = root): Record<string, string> {
  const files: Record<string, string> = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || path.includes(BACKUP_FOLDER)) continue
    files[path] = `${statSync(path).mode.toString(8)} ${readFileSync(path, 'base64')}`
  }
  return files
}

describe('checking a host', () => {
  it('that Debian installed: nothing loaded, nothing typed recorded', async () => {
    const host = hostOf('debian-12', {
      'auditctl -s': STATUS,
      'auditctl -l': 'No rules\n',
      'timedatectl show -p NTPSynchronized --value': 'yes\n',
    })
    expect(await statuses(host)).toMatchObject({
      'auditd-installed': 'ok',
      'auditd-running': 'ok',
      'kernel-audit': 'ok',
      backlog: 'ok',
      lost: 'ok',
      immutable: 'info',
      container: 'ok',
      'rules-loaded': 'error',
      'log-format': 'info',
      'log-kept': 'warning',
      'disk-space': 'info',
      'pam-valid': 'ok',
      'tty-audit': 'warning',
      'login-uid': 'ok',
      'passwords-typed': 'ok',
      clock: 'ok',
    })
  })

  it('with Red Hat’s rule that turns auditing off, and only root recorded', async () => {
    const host = hostOf('rhel-9', {
      'auditctl -s': STATUS.replace('lost 0', 'lost 12'),
      'auditctl -l': '-a never,task\n',
    })
    const found = await statuses(host)
    expect(found).toMatchObject({
      lost: 'warning',
      'rules-loaded': 'ok',
      'rules-valid': 'error',
      'rules-blind': 'warning',
      'tty-audit': 'warning',
      'log-kept': 'ok',
      'disk-space': 'warning',
      clock: 'unknown',
    })
  })

  it('set up as the article first says: the module without enable= does nothing', async () => {
    const { findings } = await checkHost(hostOf('ubuntu-22.04'))
    const typed = findings.find(({ check }) => check === 'tty-audit')
    expect(typed?.details).toContain('sshd: sshd:15 has no enable=: the module does nothing')
    expect(findings.find(({ check }) => check === 'auditd-installed')?.status).toBe('error')
    expect(findings.find(({ check }) => check === 'kernel-audit')?.status).toBe('unknown')
  })

  it('with a torn PAM line, a module that is gone, and no login uid', async () => {
    const host = hostOf('debian-12')
    writeFileSync(join(root, 'etc/pam.d/sshd'), 'sess\nsession required pam_nothere.so\n')
    const { findings } = await checkHost(host)
    const of = (name: string) => findings.find(({ check }) => check === name)
    expect(of('pam-valid')).toMatchObject({ status: 'error' })
    expect(of('pam-valid')?.details).toEqual([
      'sshd: sshd:1: "sess" is no line of PAM',
      'sshd: sshd:2: pam_nothere.so is not on the disk',
    ])
    expect(of('login-uid')?.message).toContain('missing in sshd')
  })

  it('where the kernel has other rules than the disk', async () => {
    const host = hostOf('debian-12', {
      'auditctl -s': STATUS,
      'auditctl -l':
        '-w /etc/group -p wa -k y\n-a always,exit -F arch=b64 -S chown,chmod -F auid>=1000 -F auid!=-1 -F key=z\n',
    })
    writeFileSync(
      join(root, 'etc/audit/rules.d/x.rules'),
      '-w /etc/passwd -p wa -k x\n-a always,exit -F arch=b64 -S chmod,chown -F auid>=1000 -F auid!=unset -k z\n',
    )
    const { findings } = await checkHost(host)
    expect(findings.find(({ check }) => check === 'rules-loaded')?.details).toEqual([
      '/etc/audit/rules.d/x.rules:1: not loaded: -w /etc/passwd -p wa -k x',
      'only in the kernel: -w /etc/group -p wa -k y',
    ])
  })

  it('reads rules in the order in which augenrules joins them', async () => {
    const host = hostOf('debian-12')
    for (const name of ['10-b.rules', '9-a.rules', 'z.rules', 'not-rules'])
      writeFileSync(join(root, 'etc/audit/rules.d', name), '')
    const { rulesOnDisk } = await gatherFacts(host)
    expect(rulesOnDisk.map(({ path }) => path.replace(/.*\//, ''))).toEqual([
      '9-a.rules',
      '10-b.rules',
      'audit.rules',
      'z.rules',
    ])
  })

  it('in a container says that it is one', async () => {
    const host = hostOf('debian-12')
    writeFileSync(join(root, '.dockerenv'), '')
    expect((await statuses(host)).container).toBe('error')
    expect(planSetup(await gatherFacts(host), RULES).refusals).toHaveLength(1)
  })
})

describe.each(['debian-12', 'rhel-9', 'ubuntu-22.04'])('setting up %s', (name) => {
  it('adds what is missing, once, and undoes it byte for byte', async () => {
    const host = hostOf(name)
    const before = snapshot()
    const pamBefore = (await statuses(host))['pam-valid']
    const plan = planSetup(await gatherFacts(host), RULES)
    expect(plan.refusals).toEqual([])
    expect(plan.left.map(({ check }) => check)).toEqual(['path-missing'])
    expect(snapshot()).toEqual(before)

    const { files } = await applySetup(plan, host, { now })
    expect(files).toEqual(plan.changes.map(({ path }) => path))
    const again = planSetup(await gatherFacts(host), RULES)
    expect(again.changes).toEqual([])
    expect((await statuses(host))['pam-valid']).toBe(pamBefore)

    const undone = await undoSetup(host, { now })
    expect(undone.changedSince).toEqual([])
    expect(snapshot()).toEqual(before)
    await expect(undoSetup(host, { now })).rejects.toMatchObject({ code: 'nothing-to-undo' })
  })
})

describe('setting up', () => {
  it('records what people type at every door, and keeps the order of PAM', async () => {
    const host = hostOf('debian-12')
    await applySetup(planSetup(await gatherFacts(host), RULES), host, { now })
    expect((await statuses(host))['tty-audit']).toBe('ok')
    const sshd = host.read('/etc/pam.d/sshd')!.split('\n')
    const at = sshd.indexOf('session optional pam_tty_audit.so enable=*')
    expect(sshd[at - 2]).toContain('pam_selinux.so open')
    expect(sshd[at + 1]).toBe('@include common-password')
  })

  it('installs auditd where it is missing', async () => {
    expect(planSetup(await gatherFacts(hostOf('ubuntu-22.04')), RULES).install.at(-1)).toEqual([
      'apt-get',
      'install',
      '-y',
      '--no-install-recommends',
      'auditd',
    ])
    rmSync(join(root, 'usr/sbin'), { recursive: true, force: true })
    const redhat = hostOf('rhel-9')
    rmSync(join(root, 'usr/sbin/auditd'))
    expect(planSetup(await gatherFacts(redhat), RULES).install).toEqual([['dnf', 'install', '-y', 'audit']])
  })

  it('writes no line for a module that is not on the disk', async () => {
    const host = hostOf('debian-12')
    rmSync(join(root, 'usr/lib/x86_64-linux-gnu/security/pam_tty_audit.so'))
    const plan = planSetup(await gatherFacts(host), RULES)
    expect(plan.changes.map(({ path }) => path)).toEqual(['/etc/audit/rules.d/30-auspex.rules'])
    expect(plan.notes).toContain('sshd: pam_tty_audit.so is not on this host, so no line with it is written')
  })

  it('leaves a broken stack alone', async () => {
    const host = hostOf('debian-12')
    writeFileSync(join(root, 'etc/pam.d/common-session'), 'sess\n')
    const plan = planSetup(await gatherFacts(host), RULES)
    expect(plan.changes.map(({ path }) => path)).not.toContain('/etc/pam.d/sshd')
    expect(plan.notes.join()).toContain('sshd: its PAM stack is broken')
  })

  it('puts a PAM file back that does not parse with the change', async () => {
    const host = hostOf('debian-12')
    const before = host.read('/etc/pam.d/login')!
    const plan = planSetup(await gatherFacts(host), RULES)
    const bad = {
      ...plan,
      changes: [
        {
          path: '/etc/pam.d/login',
          before,
          after: `${before}session requird pam_unix.so\n`,
          mode: 0o644,
          why: '',
        },
      ],
    }
    await expect(applySetup(bad, host, { now })).rejects.toMatchObject({ code: 'pam' })
    expect(host.read('/etc/pam.d/login')).toBe(before)
  })

  it('does nothing where a file changed behind its back', async () => {
    const host = hostOf('debian-12')
    const plan = planSetup(await gatherFacts(host), RULES)
    writeFileSync(join(root, 'etc/pam.d/login'), 'session required pam_unix.so\n')
    const before = snapshot()
    await expect(applySetup(plan, host, { now })).rejects.toMatchObject({ code: 'changed-since' })
    expect(snapshot()).toEqual(before)
  })

  it('undoes all but what somebody changed since', async () => {
    const host = hostOf('debian-12')
    await applySetup(planSetup(await gatherFacts(host), RULES), host, { now })
    const mine = `${host.read('/etc/pam.d/login')}# mine\n`
    writeFileSync(join(root, 'etc/pam.d/login'), mine)
    const { changedSince, files } = await undoSetup(host, { now })
    expect(changedSince).toEqual(['/etc/pam.d/login'])
    expect(files).toContain('/etc/pam.d/sshd')
    expect(host.read('/etc/pam.d/login')).toBe(mine)
  })

  it('watches the keys of each user that has a home, and the making of such a folder', async () => {
    const host = hostOf('debian-12')
    appendFileSync(
      join(root, 'etc/passwd'),
      'ann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:1001::/home/b ob:/bin/sh\ncat:x:1002:1002::/home/cat:/bin/sh\n',
    )
    mkdirSync(join(root, 'home/ann/.ssh'), { recursive: true })
    mkdirSync(join(root, 'home/b ob'), { recursive: true })
    const { changes } = planSetup(await gatherFacts(host), RULES)
    const rules = changes
      .find(({ path }) => path.endsWith('36-auspex-home-ssh.rules'))!
      .after.split('\n')
      .filter((line) => line.includes('b64'))
    expect(rules).toEqual([
      '-a always,exit -F arch=b64 -F dir=/home/ann/.ssh -F perm=wa -F key=T1098.004_SSH_Authorized_Keys',
      '-a always,exit -F arch=b64 -F path=/home/b\\ ob/.ssh -F perm=wa -F key=T1098.004_SSH_Authorized_Keys',
    ])
  })

  it('writes the plugin of auditd', async () => {
    const host = hostOf('debian-12')
    const plan = planSetup(await gatherFacts(host), {
      rules: [],
      services: [],
      plugin: { path: '/usr/bin/auspex', args: ['agent', '--plugin'] },
    })
    expect(plan.changes.map(({ path, mode }) => [path, mode])).toEqual([
      ['/etc/audit/plugins.d/auspex.conf', 0o640],
    ])
    expect(plan.changes[0]?.after).toContain(
      '\nactive = yes\ndirection = out\npath = /usr/bin/auspex\ntype = always\nargs = agent --plugin\nformat = string\n',
    )
    expect(() => pluginFile({ path: 'auspex', args: [] })).toThrow(PluginError)
    expect(() => pluginFile({ path: '/usr/bin/auspex', args: ['a', 'b', 'c'] })).toThrow(PluginError)
  })
})

describe('a diff', () => {
  it('is that of diff -u', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].join('\n')
    const after = ['a', 'b', 'c', 'd', 'x', 'f', 'g', 'h', 'i'].join('\n')
    expect(unifiedDiff('/f', before, after)).toBe(
      '--- /f\n+++ /f\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+x\n f\n g\n h\n+i\n',
    )
    expect(unifiedDiff('/f', undefined, 'a\n')).toBe('--- /dev/null\n+++ /f\n@@ -0,0 +1,1 @@\n+a\n')
    expect(unifiedDiff('/f', 'a\n', 'a\n')).toBe('')
  })
})
