/** The file that makes auditd hand its records to a program, on its standard input, as they come. */

/** A file as it is to be on the host. */
export interface WantedFile {
  readonly path: string
  readonly text: string
  readonly mode: number
  readonly why: string
}

export interface PluginProgram {
  /** Whole path; auditd runs it as root. */
  readonly path: string
  /** At most two, without blanks: auditd takes no more. */
  readonly args: readonly string[]
}

export class PluginError extends Error {
  readonly code: 'plugin-path' | 'plugin-arguments'

  constructor(code: PluginError['code'], message: string) {
    super(message)
    this.name = 'PluginError'
    this.code = code
  }
}

const MAX_ARGS = 2

export function pluginFile({ path, args }: PluginProgram): WantedFile {
  if (!path.startsWith('/') || /\s/.test(path)) {
    throw new PluginError('plugin-path', `auditd can not start "${path}": give a whole path without blanks`)
  }
  if (args.length > MAX_ARGS || args.some((arg) => arg === '' || /\s/.test(arg))) {
    throw new PluginError(
      'plugin-arguments',
      `auditd passes at most ${MAX_ARGS} arguments without blanks, not "${args.join(' ')}"`,
    )
  }
  const text = [
    '# Records go to Auspex as the kernel writes them. Made by auspex host setup.',
    'active = yes',
    'direction = out',
    `path = ${path}`,
    'type = always',
    ...(args.length === 0 ? [] : [`args = ${args.join(' ')}`]),
    'format = string',
    '',
  ].join('\n')
  return { path: '/etc/audit/plugins.d/auspex.conf', text, mode: 0o640, why: 'records as they come' }
}
