import { Page, PageHeader } from '../design/panel'

export function OverviewPage() {
  return (
    <Page>
      <PageHeader title="Overview" />
    </Page>
  )
}
