/** The programs that a shell started, in the order in which it did. */
import type { Command, Process } from '../fold/processes.js'
import type { StartedProgram } from './align.js'

/** A program that a shell started: a child, or the shell's own exec. */
export interface Started extends StartedProgram {
  readonly process: Process
  /** Set where the shell itself was replaced (`exec`). */
  readonly ownExec: Command | undefined
  readonly command: Command | undefined
}

/** How far apart two children may be for the order of their numbers to count more than that of their times (ms). */
const TOGETHER = 2_000

/** A shell that has just begun was something else before (ms). */
const BECOMING = 250

/** The programs that a shell started, in the order in which it forked them. */
export function startedBy(shell: Process): Started[] {
  const found: Started[] = []
  const visit = (process: Process) => {
    for (const child of process.children) {
      const command = child.execs.find(({ failed }) => !failed) ?? child.execs[0]
      // A fork of the shell that runs a part of the line itself: what it starts was typed as well.
      if (command === undefined) {
        if (child.isUnseen || child.isShell) visit(child)
        continue
      }
      found.push({
        process: child,
        ownExec: undefined,
        command,
        time: command.time,
        arguments: command.arguments,
        executable: command.executable,
      })
    }
  }
  visit(shell)
  for (const { time, path } of shell.writes) {
    found.push({
      process: shell,
      ownExec: undefined,
      command: undefined,
      time,
      arguments: [path],
      executable: '',
      isWrite: true,
    })
  }
  const becameShell = shell.execs.find(({ failed }) => !failed)?.time ?? shell.first
  for (const command of shell.execs) {
    // What it was before it asked for a line: `bash -c /bin/bash`, or a program that became the shell.
    if (command.time < becameShell + BECOMING) continue
    found.push({
      process: shell,
      ownExec: command,
      command,
      time: command.time,
      arguments: command.arguments,
      executable: command.executable,
    })
  }
  found.sort((a, b) => a.time - b.time)
  // The parts of a pipeline run at once: their numbers tell in which order they were forked.
  for (let i = 1; i < found.length; i++) {
    for (let j = i; j > 0; j--) {
      const [earlier, later] = [found[j - 1]!, found[j]!]
      const apart = earlier.process.pid - later.process.pid
      const areChildren = earlier.process !== shell && later.process !== shell
      if (!areChildren || later.time - earlier.time > TOGETHER || apart <= 0 || apart > 500) break
      found[j - 1] = later
      found[j] = earlier
    }
  }
  return found
}
