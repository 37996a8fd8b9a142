import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

interface Tab<Id extends string> {
  readonly id: Id
  readonly label: string
  /** How much there is to see. */
  readonly count?: number | undefined
}

interface TabsProps<Id extends string> {
  readonly label: string
  /** A name for the ids of the elements, unique in the page. */
  readonly prefix: string
  readonly tabs: readonly Tab<Id>[]
  readonly chosen: Signal<Id>
  readonly children: ComponentChildren
}

/** Tabs as the ARIA Authoring Practices have them: arrows move, one tab is in the order of the keyboard. */
export function Tabs<Id extends string>({ label, prefix, tabs, chosen, children }: TabsProps<Id>) {
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === chosen.value)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = tabs[(to + tabs.length) % tabs.length]
    if (next === undefined) return
    chosen.value = next.id
    document.querySelector<HTMLElement>(`#${prefix}-tab-${next.id}`)?.focus()
  }
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(({ id, label: text, count }) => (
          <button
            key={id}
            id={`${prefix}-tab-${id}`}
            class="tab"
            type="button"
            role="tab"
            aria-selected={chosen.value === id}
            aria-controls={`${prefix}-panel`}
            tabIndex={chosen.value === id ? 0 : -1}
            onClick={() => (chosen.value = id)}
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
        aria-labelledby={`${prefix}-tab-${chosen.value}`}
        tabIndex={0}
      >
        {children}
      </div>
    </div>
  )
}
