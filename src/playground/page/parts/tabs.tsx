import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

interface Tab<Id extends string> {
  readonly id: Id
  readonly label: string
  /** The number of entries in the tab. */
  readonly count?: number | undefined
}

interface TabsProps<Id extends string> {
  readonly label: string
  /** Prefix of the element ids; unique in the page. */
  readonly prefix: string
  readonly tabs: readonly Tab<Id>[]
  readonly selected: Signal<Id>
  readonly children: ComponentChildren
}

/** Tabs as in the ARIA Authoring Practices: arrow keys move between tabs, and only the selected one is a tab stop. */
export function Tabs<Id extends string>({ label, prefix, tabs, selected, children }: TabsProps<Id>) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const currentIndex = tabs.findIndex(({ id }) => id === selected.value)
    const nextIndex = { ArrowRight: currentIndex + 1, ArrowLeft: currentIndex - 1, Home: 0, End: tabs.length - 1 }[
      event.key
    ]
    if (nextIndex === undefined) return
    event.preventDefault()
    const next = tabs[(nextIndex + tabs.length) % tabs.length]
    if (next === undefined) return
    selected.value = next.id
    document.querySelector<HTMLElement>(`#${prefix}-tab-${next.id}`)?.focus()
  }
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ id, label: text, count }) => (
          <button
            key={id}
            id={`${prefix}-tab-${id}`}
            class="tab"
            type="button"
            role="tab"
            aria-selected={selected.value === id}
            aria-controls={`${prefix}-panel`}
            tabIndex={selected.value === id ? 0 : -1}
            onClick={() => (selected.value = id)}
          >
            {text}
            {count !== undefined && count > 0 && <span class="count">{count}</span>}
          </button>
        ))}
      </div>
      <div
        id={`${prefix}-panel`}
        class="tab-panel"
        role="tabpanel"
        aria-labelledby={`${prefix}-tab-${selected.value}`}
        tabIndex={0}
      >
        {children}
      </div>
    </div>
  )
}
