/**
 * What a program does with the keys that it reads, by its short name (`comm`, at most 15 bytes). It decides what of
 * them is shown:
 * - `shell`: command lines
 * - `interpreter`: lines of a language; shown like command lines
 * - `relay`: passes the keys on to another terminal or host, passwords for that one among them; hidden
 * - `prompt`: asks for passwords; hidden
 * - `other`: keys that are no lines (editors, pagers), and programs that nobody knows; hidden, because any program
 *   may ask for a password in a way that the kernel can not see
 */
export type Reader = 'shell' | 'interpreter' | 'relay' | 'prompt' | 'other'

const READERS: Readonly<Record<Exclude<Reader, 'other'>, string>> = {
  shell: 'bash sh dash ash zsh ksh ksh93 mksh lksh yash fish tcsh csh rbash busybox pwsh nu elvish xonsh',
  interpreter:
    'python python2 python3 ipython ipython3 bpython node nodejs deno bun irb pry ruby perl lua luajit R gdb lldb bc dc sqlite3 php erl iex ghci scala julia octave gnuplot nslookup parted fdisk gdisk sfdisk',
  relay:
    'ssh slogin telnet mosh-client screen SCREEN tmux tmux:\\ client tmux:\\ server byobu zellij script scriptreplay expect unbuffer docker podman kubectl oc crictl nerdctl lxc lxc-attach machinectl minicom picocom cu virsh socat nc ncat netcat rlwrap dtach abduco tlog-rec-session autossh sshpass gcloud aws session-manager',
  prompt:
    'sudo su doas pkexec pkttyagent runuser login passwd chpasswd gpasswd newgrp sg chsh chfn ssh-add ssh-keygen ssh-copy-id scp sftp ftp lftp rsync mysql mysqldump mysqladmin mariadb mariadb-dump mariadb-admin psql pg_dump mongosh mongo redis-cli sqlplus gpg gpg2 gpg-agent pinentry pinentry-curses pinentry-tty cryptsetup kinit kpasswd kadmin ldapsearch ldapmodify ldapadd ldappasswd smbclient smbpasswd vault openssl keytool htpasswd mkpasswd pass age systemd-tty-ask systemd-ask-pas mount.cifs ecryptfs-mount- getpass',
}

const BY_NAME = new Map<string, Reader>()
for (const [reader, names] of Object.entries(READERS)) {
  for (const name of names.replaceAll('\\ ', '\u0000').split(' '))
    BY_NAME.set(name.replaceAll('\u0000', ' '), reader as Reader)
}

/** What a program of this name does with its keys; without a name (USER_TTY) it is a shell that reported a line. */
export function readerOf(name: string): Reader {
  if (name === '') return 'shell'
  const plain = name.startsWith('-') ? name.slice(1) : name
  return BY_NAME.get(plain) ?? BY_NAME.get(plain.replace(/[0-9.]+$/, '')) ?? 'other'
}

/**
 * Shells that read keys one by one and edit the line themselves: it ends with a return. What such a shell reads
 * with a newline at its end was edited by the terminal.
 */
const EDITING = new Set([
  'bash',
  'zsh',
  'fish',
  'ksh',
  'ksh93',
  'mksh',
  'lksh',
  'yash',
  'tcsh',
  'rbash',
  'pwsh',
  'nu',
  'elvish',
  'xonsh',
])

export function editsLines(name: string): boolean {
  return EDITING.has(name.startsWith('-') ? name.slice(1) : name)
}
