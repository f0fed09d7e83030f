/** Mantine in the design's own colours and sizes; tokens.css holds the values. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
} from '@mantine/core'

const accent: MantineColorsTuple = [
  '#eef0fe',
  '#dce1fb',
  '#b9c2f6',
  '#9aa9ff',
  '#7f92ff',
  '#5a6cea',
  '#3d4fd1',
  '#3546c2',
  '#2b39a0',
  '#212c7d',
]

/** Mantine's own greys in the dark scheme. */
const dark: MantineColorsTuple = [
  '#e4e9f0',
  '#b0bac8',
  '#8e9aab',
  '#667386',
  '#2c3644',
  '#222b37',
  '#1a222c',
  '#141a22',
  '#10151c',
  '#0d1117',
]

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  // Mantine chooses the text on the accent by the light scheme's shade alone.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input)
    const isAccent = input.variant === 'filled' && (input.color ?? 'accent') === 'accent'
    return isAccent ? { ...colors, color: 'var(--on-accent)' } : colors
  },
  colors: { accent, dark },
  fontFamily: 'var(--font-words)',
  fontFamilyMonospace: 'var(--font-facts)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  focusRing: 'auto',
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 28, variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { shadow: 'none', transitionProps: { duration: 80 } } },
    Popover: { defaultProps: { shadow: 'none', transitionProps: { duration: 80 } } },
  },
})

const shared = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-error': 'var(--bad)',
}

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
