import { signal } from '@preact/signals'

export type Theme = 'light' | 'dark'

const key = 'claimsmith-playground-theme'
const system = matchMedia('(prefers-color-scheme: dark)')

/** What the person chose; undefined where the system decides. */
const chosen = signal<Theme | undefined>(remembered())

export const isDark = signal(system.matches)

export function applyTheme(): void {
  system.addEventListener('change', show)
  show()
}

export function switchTheme(): void {
  chosen.value = isDark.value ? 'light' : 'dark'
  try {
    localStorage.setItem(key, chosen.value)
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
  show()
}

function show(): void {
  isDark.value = chosen.value === undefined ? system.matches : chosen.value === 'dark'
  if (chosen.value !== undefined) document.documentElement.dataset['theme'] = chosen.value
}

function remembered(): Theme | undefined {
  try {
    const value = localStorage.getItem(key)
    return value === 'light' || value === 'dark' ? value : undefined
  } catch {
    return undefined
  }
}
