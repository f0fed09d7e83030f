/** What every step of the wizard is given. */
import type { Draft } from './draft'

export interface StepProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
}
