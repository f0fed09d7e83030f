/**
 * One session while its events arrive. What it holds does not depend on their order beyond what the kernel itself
 * leaves open: late events, and the ones of a log that is imported after a younger one, find their place.
 *
 * Bounds: `MAX_…`. What goes beyond them is counted, and its rows are written all the same.
 */
import type { KeyInput, SessionAlert, SessionEvent } from '../input/event.js'
import { sessionUid } from './identity.js'
import type { Change, Connection, FailedLogin, FileUse, Note } from './model.js'
import type { Command } from './processes.js'
import { baseName, type Process, ProcessTable } from './processes.js'
import { isLoginRecord, isSensitive, isTellingRead, isUninteresting } from './sensitive.js'

export const MAX_COMMANDS = 200_000
const MAX_FILES = 10_000
const MAX_CONNECTIONS = 5_000
const MAX_CHANGES = 5_000
const MAX_NOTES = 5_000
const MAX_KEY_BYTES = 8 << 20
/** Of one shell. */
const MAX_WRITES = 2_000
/** Programs that keep the records of logins, besides the one that opened the session. */
const KEEPS_LOGIN_RECORDS =
  /^(?:su|sudo|login|runuser|sshd|sshd-session|agetty|cron|crond|systemd-logind|systemd-update-u)$/

/** Programs by which somebody becomes somebody else inside of a session. */
export const BECOMING: ReadonlySet<string> = new Set([
  'sudo',
  'su',
  'runuser',
  'pkexec',
  'doas',
  'sudo-rs',
  'su-rs',
  'run0',
  'newgrp',
  'sg',
  'polkit-agent-helper-1',
])

/** How somebody logged in, by the program that opened the session. */
const METHODS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ssh: 'sshd sshd-session dropbear',
    console: 'login agetty getty',
    graphical: 'gdm-session-worker gdm3 gdm gdm-password lightdm sddm sddm-helper xdm kdm lxdm greetd slim',
    cron: 'cron crond anacron cronie fcron',
    at: 'atd at',
    systemd: 'systemd (systemd) user@',
    web: 'cockpit-session cockpit-ws',
    ftp: 'vsftpd proftpd pure-ftpd',
    telnet: 'telnetd in.telnetd',
    remote: 'rlogind rshd xrdp xrdp-sesman vncserver',
    su: 'su runuser sudo doas',
    container: 'lxc-attach machinectl systemd-nspawn',
  }).flatMap(([method, programs]) => programs.split(' ').map((program) => [program, method] as const)),
)

/** Whether keys can be expected from such a login when it has a terminal. */
export function isInteractiveMethod(method: string): boolean {
  return (
    method === 'ssh' || method === 'console' || method === 'telnet' || method === 'remote' || method === ''
  )
}

/** What setuid programs do all day. */
const ORDINARY_SETUID = new Set(
  'sudo su passwd chsh chfn chage gpasswd newgrp mount umount fusermount fusermount3 ping ping6 traceroute pkexec polkit-agent-helper-1 dbus-daemon-launch-helper crontab at ssh-keysign unix_chkpwd ntfs-3g exim4 sendmail postdrop postqueue sg expiry dotlockfile wall write bsd-write ssh-agent utempter utmpdump locate screen snap-confine chrome-sandbox vmware-user-suid-wrapper Xorg.wrap pppd doas staprun mtr-packet dumpcap newuidmap newgidmap mlocate plocate'.split(
    ' ',
  ),
)

const FILE_KINDS: Readonly<Record<string, string>> = {
  write: 'written',
  truncate: 'written',
  delete: 'deleted',
  rename: 'renamed',
  link: 'linked',
  'create-directory': 'created',
  'create-device': 'created',
  'change-permissions': 'permissions',
  'change-owner': 'owner',
  'change-attributes': 'attributes',
  'change-time': 'time',
}

interface OpenChange {
  time: number
  how: string
  from: string
  to: string
  succeeded: boolean
  commandLine: string
  pid: number | undefined
  eventId: string
}

export type SessionEnd =
  /** The login program closed it. */
  | 'logout'
  /** The host was booted again without that. */
  | 'reboot'

export class SessionState {
  readonly computer: string
  /** `ses` */
  readonly number: number
  auditUserId: number | undefined
  #auditUser = ''
  #account = ''
  #uid: string | undefined
  /** The LOGIN record's time, else the first event's. */
  start: number
  /** Whether the log holds the login. */
  startKnown = false
  endedAt: number | undefined
  end: SessionEnd | undefined
  last: number
  loginPid: number | undefined
  loginProgram = ''
  sourceAddress = ''
  terminal = ''
  events = 0
  failedBefore: readonly FailedLogin[] = []
  readonly processes = new ProcessTable()
  readonly commands: Command[] = []
  commandCount = 0
  failedCommandCount = 0
  rootCommandCount = 0
  readonly #changes = new Map<string, OpenChange>()
  readonly files = new Map<string, FileUse>()
  readonly connections = new Map<string, Connection>()
  readonly notes: Note[] = []
  readonly keys: KeyInput[] = []
  #keyBytes = 0
  readonly alerts = new Map<string, SessionAlert>()
  /** Grows with everything that is added: who computes from the session knows when to do it anew. */
  version = 0
  /** The same for what typed lines are computed from. */
  typedVersion = 0
  /** Keystrokes of this session are recorded: something said so when it began. */
  keysExpected = false
  readonly #names = new Map<number, string>()
  readonly techniques = new Set<string>()

  constructor(computer: string, number: number, auditUserId: number | undefined, start: number) {
    this.computer = computer
    this.number = number
    this.auditUserId = auditUserId
    this.start = start
    this.last = start
  }

  /** Once asked for, it stays: also when an older part of the log comes later. */
  get uid(): string {
    this.#uid ??= sessionUid(this.computer, this.number, this.auditUserId, this.start)
    return this.#uid
  }

  /** Gives the session the id that it was stored under. */
  keepUid(uid: string): void {
    this.#uid = uid
  }

  /** Who logged in, by name where the log says it. */
  get user(): string {
    if (this.#auditUser !== '' && !/^[0-9]+$/.test(this.#auditUser)) return this.#auditUser
    return this.#account === '' ? this.#auditUser : this.#account
  }

  /** A user's name: as the log has it, or as it can be known from elsewhere in the log. */
  nameOf(id: number | undefined, written: string): string {
    if (!/^[0-9]*$/.test(written) || id === undefined) return written
    if (id === this.auditUserId) return this.user
    return this.#names.get(id) ?? (id === 0 ? 'root' : written)
  }

  get method(): string {
    return METHODS.get(this.loginProgram) ?? this.loginProgram
  }

  get changes(): readonly Change[] {
    return [...this.#changes.values()].sort((a, b) => a.time - b.time)
  }

  get isOpen(): boolean {
    return this.endedAt === undefined
  }

  /** The LOGIN record: nobody can have been at the keyboard before. */
  login(time: number, pid: number | undefined): void {
    this.start = time
    this.startKnown = true
    this.loginPid = pid
  }

  close(time: number, how: SessionEnd): void {
    if (this.end === 'logout' && how === 'reboot') return
    this.endedAt = time
    this.end = how
    if (time > this.last && how === 'logout') this.last = time
    this.version++
  }

  /** Takes in an event; gives the command if it is an exec. */
  add(event: SessionEvent, round: number): Command | undefined {
    this.version++
    this.events++
    if (!this.startKnown && event.time < this.start) this.start = event.time
    if (event.time > this.last) this.last = event.time
    if (event.auditUserId !== undefined && this.auditUserId === undefined)
      this.auditUserId = event.auditUserId
    if (event.auditUser !== '' && event.auditUserId !== undefined) this.#auditUser = event.auditUser
    for (const technique of event.techniques) this.techniques.add(technique)
    const process = this.#see(event, round)
    const type = event.recordTypes[0] ?? ''
    if (event.category === 'authentication' || event.category === 'session' || type === 'USER_CMD') {
      this.#authentication(event, type)
      return undefined
    }
    switch (event.category) {
      case 'process':
        if (event.action === 'execute' && process !== undefined) return this.#execute(event, process)
        if (event.action === 'exit' && process !== undefined) process.ended = event.time
        return undefined
      case 'keystrokes':
        if (process !== undefined && event.syscall.startsWith('exit')) process.ended = event.time
        return undefined
      case 'file':
        this.#file(event, process)
        return undefined
      case 'network':
        this.#network(event)
        return undefined
      case 'account':
      case 'audit':
      case 'anomaly':
      case 'system':
        this.#note(event, type)
        return undefined
      default:
        return undefined
    }
  }

  addKeys(input: KeyInput): void {
    this.version++
    this.typedVersion++
    if (input.time > this.last) this.last = input.time
    if (this.#keyBytes > MAX_KEY_BYTES) return
    this.#keyBytes += input.data.length
    this.keys.push(input)
  }

  addAlert(alert: SessionAlert): void {
    this.version++
    this.alerts.set(alert.id, alert)
  }

  #see(event: SessionEvent, round: number): Process | undefined {
    if (event.pid === undefined) return undefined
    if (event.userId !== undefined && !/^[0-9]*$/.test(event.user)) this.#names.set(event.userId, event.user)
    const isExec = event.action === 'execute' && event.result === 'success' && event.syscall !== ''
    return this.processes.see({
      time: event.time,
      pid: event.pid,
      ppid: event.ppid,
      name: event.processName,
      executable: event.executable,
      terminal: event.terminal.startsWith('ssh') ? '' : event.terminal,
      user: event.user,
      userId: event.userId,
      effectiveUser: event.effectiveUser,
      effectiveUserId: event.effectiveUserId,
      isExec,
      round,
    })
  }

  #authentication(event: SessionEvent, type: string): void {
    const program = baseName(event.executable)
    const isLogin = this.loginPid === undefined ? !BECOMING.has(program) : event.pid === this.loginPid
    if (type === 'LOGIN') return
    if (type === 'USER_CMD' || (BECOMING.has(program) && !isLogin)) {
      this.#become(event, type, program)
      return
    }
    if (event.category === 'authentication' && event.action === 'change-credentials') this.#note(event, type)
    if (!isLogin || program === '') return
    if (type === 'USER_START' || type === 'USER_LOGIN' || type === 'CRED_ACQ') {
      if (this.loginProgram === '') this.loginProgram = program
      this.loginPid ??= event.pid
      if (event.sourceAddress !== '') this.sourceAddress = event.sourceAddress
      if (event.terminal !== '' && event.terminal !== 'ssh' && event.terminal !== 'cron')
        this.terminal = event.terminal
      if (event.targetUser !== '' && !/^[0-9]+$/.test(event.targetUser)) this.#account = event.targetUser
    } else if (type === 'USER_END' || type === 'USER_LOGOUT') this.close(event.time, 'logout')
  }

  #become(event: SessionEvent, type: string, program: string): void {
    const how = program === '' ? 'sudo' : program
    const key = `${event.pid}:${how}`
    const known = this.#changes.get(key)
    const isNew = known === undefined || event.time - known.time > 3_600_000
    const change: OpenChange = isNew
      ? {
          time: event.time,
          how,
          from: this.nameOf(event.userId, event.user),
          to: '',
          succeeded: false,
          commandLine: '',
          pid: event.pid,
          eventId: event.eventId,
        }
      : known
    if (type === 'USER_CMD') {
      change.commandLine = event.commandLine
      if (event.result === 'failure') change.to ||= 'root'
    } else if (type === 'USER_START' && event.result === 'success') {
      change.succeeded = true
      change.time = event.time
      change.eventId = event.eventId
      change.to = event.targetUser
    } else if (type === 'USER_AUTH' && how !== 'sudo' && event.targetUser !== '')
      change.to ||= event.targetUser
    else if (type === 'USER_AUTH' && event.result === 'failure') change.to ||= 'root'
    else if (known === undefined) return
    if (isNew && this.#changes.size < MAX_CHANGES)
      this.#changes.set(known === undefined ? key : `${key}@${event.time}`, change)
  }

  #execute(event: SessionEvent, process: Process): Command | undefined {
    if (event.syscall === '') return undefined
    const failed = event.result === 'failure'
    const attempted = event.files.find(({ role }) => role === 'normal' || role === '')?.path ?? ''
    const command: Command = {
      id: event.eventId,
      time: event.time,
      serial: event.serial,
      process,
      pid: event.pid!,
      ppid: event.ppid,
      user: event.user,
      userId: event.userId,
      effectiveUser: event.effectiveUser,
      effectiveUserId: event.effectiveUserId,
      name: event.processName,
      // An exec that failed left the program as it was: what was to be run is in its PATH record.
      executable: failed && attempted !== '' ? attempted : event.executable,
      arguments: event.arguments.length > 0 || !failed || attempted === '' ? event.arguments : [attempted],
      commandLine: failed && event.arguments.length === 0 && attempted !== '' ? attempted : event.commandLine,
      directory: event.directory,
      terminal: event.terminal,
      failed,
      exitCode: event.exitCode,
      keys: event.keys,
      techniques: event.techniques,
    }
    this.commandCount++
    if (failed) this.failedCommandCount++
    else {
      if (event.effectiveUserId === 0 && this.auditUserId !== 0) this.rootCommandCount++
      process.commandLine = command.commandLine
      this.#setuid(event, command)
    }
    this.typedVersion++
    if (this.commands.length < MAX_COMMANDS) {
      this.commands.push(command)
      this.processes.addExec(process, command)
    }
    return command
  }

  /** Rights that came with the exec: a setuid program, or nothing that the log could explain. */
  #setuid(event: SessionEvent, command: Command): void {
    if (event.effectiveUserId === undefined || event.userId === undefined) return
    const program = baseName(event.executable)
    const before = command.process.execs.at(-1) ?? command.process.parent?.execs.at(-1)
    let how: string | undefined
    if (event.effectiveUserId !== event.userId) {
      const mode = Number.parseInt(event.files[0]?.mode ?? '', 8)
      const isSetuid = Number.isNaN(mode) ? before?.effectiveUserId === event.userId : (mode & 0o4000) !== 0
      const isPlace = /^\/(?:usr\/)?(?:local\/)?(?:s?bin|lib|lib64|libexec)\//.test(event.executable)
      if (isSetuid && !(isPlace && ORDINARY_SETUID.has(program))) how = 'setuid'
    } else if (
      event.effectiveUserId === 0 &&
      before !== undefined &&
      before.effectiveUserId !== undefined &&
      before.effectiveUserId !== 0 &&
      before.userId !== 0
    ) {
      how = 'unexplained'
    }
    if (how === undefined || this.#changes.size >= MAX_CHANGES) return
    this.#changes.set(event.eventId, {
      time: event.time,
      how,
      from:
        how === 'setuid'
          ? this.nameOf(event.userId, event.user)
          : this.nameOf(before?.effectiveUserId, before?.effectiveUser ?? ''),
      to: this.nameOf(event.effectiveUserId, event.effectiveUser),
      succeeded: true,
      commandLine: command.commandLine,
      pid: event.pid,
      eventId: event.eventId,
    })
  }

  #file(event: SessionEvent, process: Process | undefined): void {
    if (event.result === 'failure') return
    const program = event.processName
    for (const file of event.files) {
      if (file.role === 'parent' || isUninteresting(file.path)) continue
      const keepsRecords = program === this.loginProgram || KEEPS_LOGIN_RECORDS.test(program)
      if (keepsRecords && isLoginRecord(file.path)) continue
      const kind =
        file.role === 'create'
          ? 'created'
          : file.role === 'delete'
            ? event.action === 'rename'
              ? 'renamed'
              : 'deleted'
            : event.action === 'open' || event.action === 'read'
              ? event.fileAccess === 'write' || event.fileAccess === 'read-write'
                ? 'written'
                : isTellingRead(file.path, program)
                  ? 'read'
                  : undefined
              : FILE_KINDS[event.action]
      if (kind === undefined) continue
      this.#useFile(file.path, kind, event)
      const isOpened = event.action === 'open' && (kind === 'written' || kind === 'created')
      if (isOpened && process?.isShell && process.writes.length < MAX_WRITES) {
        process.writes.push({ time: event.time, path: file.path })
        this.typedVersion++
      }
    }
  }

  #useFile(path: string, kind: string, event: SessionEvent): void {
    let use = this.files.get(path)
    if (use === undefined) {
      if (this.files.size >= MAX_FILES && !isSensitive(path)) return
      use = {
        path,
        kinds: new Set(),
        count: 0,
        first: event.time,
        last: event.time,
        programs: new Set(),
        users: new Set(),
      }
      this.files.set(path, use)
    }
    use.kinds.add(kind)
    count(use, event)
  }

  #network(event: SessionEvent): void {
    const direction =
      event.action === 'connect' || event.action === 'send'
        ? 'to'
        : event.action === 'bind' || event.action === 'listen'
          ? 'listen'
          : event.action === 'accept'
            ? 'from'
            : undefined
    const address = direction === 'from' ? event.sourceAddress : event.destinationAddress
    if (event.recordTypes[0] === 'ANOM_PROMISCUOUS') this.#note(event, 'ANOM_PROMISCUOUS')
    if (direction === undefined || !isInternetAddress(address)) return
    const key = `${direction} ${address} ${event.destinationPort ?? ''}`
    let connection = this.connections.get(key)
    if (connection === undefined) {
      if (this.connections.size >= MAX_CONNECTIONS) return
      connection = {
        address,
        port: event.destinationPort,
        direction,
        count: 0,
        failed: 0,
        first: event.time,
        last: event.time,
        programs: new Set(),
        users: new Set(),
      }
      this.connections.set(key, connection)
    }
    count(connection, event)
    // EINPROGRESS and EAGAIN: it was begun.
    if (event.result === 'failure' && event.exitCode !== -115 && event.exitCode !== -11) connection.failed++
  }

  #note(event: SessionEvent, type: string): void {
    if (event.message === 'tty_set') {
      this.keysExpected = true
      return
    }
    if (this.notes.length >= MAX_NOTES) return
    const words = [event.action.replaceAll('-', ' '), event.targetUser, event.message].filter(
      (word) => word !== '',
    )
    const result = event.result === 'failure' ? ' (failed)' : ''
    this.notes.push({
      time: event.time,
      kind: type === '' || type === 'SYSCALL' ? event.category : type,
      text: `${words.join(' ')}${result}`,
      pid: event.pid,
      eventId: event.eventId,
    })
  }
}

function count(
  use: {
    count: number
    first: number
    last: number
    readonly programs: Set<string>
    readonly users: Set<string>
  },
  event: SessionEvent,
): void {
  use.count++
  if (event.time < use.first) use.first = event.time
  if (event.time > use.last) use.last = event.time
  if (use.programs.size < 50) use.programs.add(event.processName)
  if (use.users.size < 50) use.users.add(event.effectiveUser || event.user)
}

function isInternetAddress(address: string): boolean {
  return /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(address) || /^[0-9a-f]*:[0-9a-f:.%a-z0-9]*$/i.test(address)
}
