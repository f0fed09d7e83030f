/** What host check, setup and undo may touch: the files of a host and its commands. Handed in, so that tests can be the host. */

export interface CommandResult {
  /** 127: there is no such command. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface FileState {
  /** Permission bits, as 0o640. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
}

/** Paths are those of the host, from `/` on, also where its files lie under another folder. */
export interface HostSystem {
  /** Text of a file; undefined: not there, or not for us. */
  read(path: string): string | undefined
  /** Names in a folder, sorted; empty: not there. */
  list(path: string): readonly string[]
  stat(path: string): FileState | undefined
  /** Where a symbolic link leads; undefined: none. */
  link(path: string): string | undefined
  /** Undefined where commands can not run, as for a host that is only a folder of files. */
  readonly run: ((command: string, args: readonly string[]) => Promise<CommandResult>) | undefined
  readonly isRoot: boolean
  /** As node names it: x64, arm64. */
  readonly architecture: string
}

/** Changing it, which only setup and undo do. Throws what the file system throws. */
export interface WritableHost extends HostSystem {
  /** The bytes as they are; undefined: not there. */
  readBytes(path: string): Uint8Array | undefined
  /** All or nothing, and on the disk when it returns. Folders are made. */
  write(path: string, bytes: Uint8Array, state: Omit<FileState, 'size'>): void
  remove(path: string): void
}
