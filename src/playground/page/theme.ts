import { signal } from '@preact/signals'

export type Theme = 'light' | 'dark'

const storageKey = 'claimsmith-playground-theme'
const systemScheme = matchMedia('(prefers-color-scheme: dark)')

/** The theme that the user chose; undefined if the system decides. */
const chosenTheme = signal<Theme | undefined>(readStoredTheme())

export const isDark = signal(systemScheme.matches)

export function applyTheme(): void {
  systemScheme.addEventListener('change', renderTheme)
  renderTheme()
}

export function switchTheme(): void {
  chosenTheme.value = isDark.value ? 'light' : 'dark'
  try {
    localStorage.setItem(storageKey, chosenTheme.value)
  } catch {
    // Without storage, the choice lasts until the page is closed.
  }
  renderTheme()
}

function renderTheme(): void {
  isDark.value = chosenTheme.value === undefined ? systemScheme.matches : chosenTheme.value === 'dark'
  if (chosenTheme.value !== undefined) document.documentElement.dataset['theme'] = chosenTheme.value
}

function readStoredTheme(): Theme | undefined {
  try {
    const value = localStorage.getItem(storageKey)
    return value === 'light' || value === 'dark' ? value : undefined
  } catch {
    return undefined
  }
}
