/** Settings of auditd.conf(5) and of a plugin's file: `name = value`, names in any case. */
export function parseSettings(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z][\w.]*)\s*=\s*(.*?)\s*$/.exec(line)
    if (match !== null) settings.set(match[1]!.toLowerCase(), match[2]!)
  }
  return settings
}

/** State of the kernel's audit subsystem, as `auditctl -s` prints it: `backlog_limit 8192`. */
export function parseStatus(text: string): ReadonlyMap<string, number> {
  const status = new Map<string, number>()
  for (const line of text.split('\n')) {
    const match = /^(\w+)[ =](-?\d+)/.exec(line)
    if (match !== null) status.set(match[1]!, Number(match[2]))
  }
  return status
}
