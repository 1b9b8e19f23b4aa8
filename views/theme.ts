import { useState } from 'react'

/** Light or dark: the reader's choice if there is one, else the system's. */

type Theme = 'light' | 'dark'

const KEY = 'driveflow.theme'

function remembered(): Theme | null {
  try {
    const theme = window.localStorage.getItem(KEY)
    return theme === 'light' || theme === 'dark' ? theme : null
  } catch {
    // a browser may forbid storage: then the system's choice stands
    return null
  }
}

const system = (): Theme => (window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')

function choose(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme
  try {
    window.localStorage.setItem(KEY, theme)
  } catch {
    // not remembered, but shown
  }
}

/** Before the first paint: runs as soon as the bundle is read. */
export function applyRememberedTheme(): void {
  const theme = remembered()
  if (theme) document.documentElement.dataset['theme'] = theme
}

export function useTheme(): { theme: Theme; toggle: () => void } {
  const [theme, setTheme] = useState<Theme>(() => remembered() ?? system())
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark'
    choose(next)
    setTheme(next)
  }
  return { theme, toggle }
}
