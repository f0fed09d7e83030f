/** The frames that pages are made of. */
import type { CSSProperties, ReactNode } from 'react'
import styles from './panel.module.css'

export function PageHeader({
  title,
  children,
  actions,
}: {
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className={styles.pageHeader}>
      <div className={styles.pageTitle}>
        <h1>{title}</h1>
        {children && <div className={styles.pageText}>{children}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}

/** A page that scrolls as a whole. */
export function Page({ children, wide }: { children: ReactNode; wide?: boolean }) {
  return (
    <div className={styles.page} data-wide={wide || undefined}>
      {children}
    </div>
  )
}

export function Panel({
  title,
  actions,
  children,
  flush,
  style,
  level = 2,
}: {
  title?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** The content reaches the frame: tables, lists. */
  flush?: boolean
  style?: CSSProperties
  level?: 2 | 3
}) {
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section className={styles.panel} style={style}>
      {(title !== undefined || actions !== undefined) && (
        <div className={styles.panelHeader}>
          {title !== undefined && <Heading className={styles.panelTitle}>{title}</Heading>}
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      <div className={styles.panelBody} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  )
}

/** Names and values of one thing, one a line. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>
}

export function FactRow({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.factRow}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
