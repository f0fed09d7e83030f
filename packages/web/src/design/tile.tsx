/** A part of a page that a KQL query fills, with the query one click away. */
import { ActionIcon, Tooltip } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Row } from '../kql/answer'
import { HrefLink } from './href-link'
import { logsHref } from './hrefs'
import { Icon } from './icons'
import { Panel } from './panel'
import { Failure, Waiting } from './states'

export interface TileProps {
  readonly title: string
  readonly query: string
  readonly range: string
  readonly rows: UseQueryResult<Row[]>
  /** The height while it loads, so that nothing jumps. */
  readonly height: number
  readonly children: (rows: readonly Row[]) => ReactNode
  readonly actions?: ReactNode
  readonly flush?: boolean
  readonly area?: string
}

export function KqlLink({ query, range, what }: { query: string; range: string; what: string }) {
  return (
    <Tooltip label="The KQL behind it">
      <ActionIcon
        component={HrefLink}
        href={logsHref(query, range)}
        aria-label={`The KQL behind ${what}`}
        size={24}
      >
        <Icon name="logs" size={14} />
      </ActionIcon>
    </Tooltip>
  )
}

export function Tile({ title, query, range, rows, height, children, actions, flush, area }: TileProps) {
  return (
    <Panel
      title={title}
      flush={flush ?? false}
      {...(area !== undefined && { style: { gridArea: area } })}
      actions={
        <>
          {actions}
          <KqlLink query={query} range={range} what={title} />
        </>
      }
    >
      <div style={{ minHeight: height }}>
        {rows.isPending ? (
          <Waiting height={height} lines={Math.max(2, Math.floor(height / 34))} label={`Loading ${title}`} />
        ) : rows.isError ? (
          <Failure error={rows.error} retry={() => void rows.refetch()} />
        ) : (
          children(rows.data)
        )}
      </div>
    </Panel>
  )
}
