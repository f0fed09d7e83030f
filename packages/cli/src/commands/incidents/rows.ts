import type { Incident } from '@auspex/detect'
import type { Desk } from '../../desk.js'
import type { Effects } from '../../effects.js'
import { renderTable } from '../../output/table.js'

/** The result rows behind each alert of the incident. */
export async function showRows(
  desk: Desk,
  incident: Incident,
  asJson: boolean,
  effects: Effects,
): Promise<void> {
  for (const alert of incident.alerts) {
    const { columns, rows } = await desk.incidents.alertRows(alert.id)
    if (asJson) {
      effects.out.write(`${JSON.stringify({ alert: alert.id, columns, rows })}\n`)
      continue
    }
    effects.out.write(`\n${alert.displayName} [${alert.id}]\n`)
    effects.out.write(renderTable(columns, rows, { columns: effects.out.columns }))
    if (alert.rowCount > rows.length) effects.out.write(`${alert.rowCount - rows.length} more are not kept\n`)
  }
}
