/** Audit records for tests, one function a kind. */

export const HEX = (text: string): string => Buffer.from(text).toString('hex').toUpperCase()

export interface Who {
  readonly pid: number
  readonly ppid?: number
  readonly ses?: number
  readonly auid?: number
  readonly uid?: number
  readonly euid?: number
  readonly tty?: string
  readonly comm?: string
  readonly exe?: string
}

/** Writes records with times in seconds and serials that grow by themselves. */
export class Recorder {
  readonly lines: string[] = []
  serial: number
  readonly #node: string

  constructor(serial = 100, node = '') {
    this.serial = serial
    this.#node = node === '' ? '' : `node=${node} `
  }

  get text(): string {
    return `${this.lines.join('\n')}\n`
  }

  #add(type: string, id: string, rest: string): void {
    this.lines.push(`${this.#node}type=${type} msg=audit(${id}): ${rest}`)
  }

  #id(time: number): string {
    return `${(1_700_000_000 + time).toFixed(3)}:${++this.serial}`
  }

  login({ pid, ses = 1, auid = 1000 }: Who, time: number): void {
    this.#add(
      'LOGIN',
      this.#id(time),
      `pid=${pid} uid=0 old-auid=4294967295 auid=${auid} tty=(none) old-ses=4294967295 ses=${ses} res=1`,
    )
  }

  user(
    type: string,
    { pid, ses = 1, auid = 1000, uid = 0, exe = '/usr/sbin/sshd' }: Who,
    time: number,
    fields: string,
  ): void {
    const number = (id: number) => (id < 0 ? 4294967295 : id)
    this.#add(
      type,
      this.#id(time),
      `pid=${pid} uid=${uid} auid=${number(auid)} ses=${number(ses)} msg='${fields} exe="${exe}"'`,
    )
  }

  start(who: Who, time: number, account = 'alice'): void {
    this.user(
      'USER_START',
      who,
      time,
      `op=PAM:session_open acct="${account}" hostname=10.0.0.9 addr=10.0.0.9 terminal=ssh res=success`,
    )
  }

  end(who: Who, time: number, account = 'alice'): void {
    this.user(
      'USER_END',
      who,
      time,
      `op=PAM:session_close acct="${account}" hostname=10.0.0.9 addr=10.0.0.9 terminal=ssh res=success`,
    )
  }

  exec(
    who: Who,
    time: number,
    args: readonly string[],
    exe = `/usr/bin/${args[0]!.replace(/^.*\/|^-/g, '')}`,
  ): void {
    const { pid, ppid = 1, ses = 1, auid = 1000, uid = 1000, euid = uid, tty = 'pts1' } = who
    const id = this.#id(time)
    const comm = exe.slice(exe.lastIndexOf('/') + 1).slice(0, 15)
    this.#add(
      'SYSCALL',
      id,
      `arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=${ppid} pid=${pid} auid=${auid} uid=${uid} gid=0 euid=${euid} suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=${tty} ses=${ses} comm="${comm}" exe="${exe}" key=(null)`,
    )
    this.#add('EXECVE', id, `argc=${args.length} ${args.map((arg, i) => `a${i}=${HEX(arg)}`).join(' ')}`)
    this.#add('PROCTITLE', id, `proctitle=${HEX(args.join('\0'))}`)
  }

  keys(
    { pid, ses = 1, auid = 1000, uid = 1000, comm = 'bash', tty = '1' }: Who,
    time: number,
    text: string,
  ): void {
    this.#add(
      'TTY',
      this.#id(time),
      `tty pid=${pid} uid=${uid} auid=${auid} ses=${ses} major=136 minor=${tty} comm="${comm}" data=${HEX(text)}`,
    )
  }
}
