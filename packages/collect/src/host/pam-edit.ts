/** Adding a line to a file of PAM. Nothing else in the file changes. */

/**
 * The file with one session line more, behind the last of its session lines: there the login user is known. A comment
 * before the line says whose it is. Where the last lines include another file that ends a session, as pam_selinux
 * open does, order is kept: the line comes behind them.
 */
export function withSessionLine(text: string, line: string, comment: string): string {
  const lines = text.split('\n')
  const isSession = (content: string) => /^\s*(-?session\s|@include\s+\S*session)/i.test(content)
  let behind = lines.findLastIndex(isSession)
  while (behind >= 0 && lines[behind]!.endsWith('\\')) behind++
  if (behind < 0) {
    // No session lines: at the end, before a last empty line.
    behind = lines.at(-1) === '' ? lines.length - 2 : lines.length - 1
  }
  const added = [`# auspex: ${comment}`, line]
  return [...lines.slice(0, behind + 1), ...added, ...lines.slice(behind + 1)].join('\n')
}
