import { session } from './api.ts'
import { LoginsView } from './logins/logins-view.tsx'
import { RuleView } from './rule/rule-view.tsx'
import { SignIn } from './sign-in.tsx'
import { type View, notice, lastError, view } from './state.ts'
import { isDark, switchTheme } from './theme.ts'
import { UsersView } from './users/users-view.tsx'

const views: readonly (readonly [View, string])[] = [
  ['rules', 'Rules'],
  ['users', 'Users'],
  ['logins', 'Logins'],
]

export function App() {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Content />
      </main>
      <p class={notice.value.isShown ? 'notice' : 'hidden'} role="status">
        {notice.value.text}
      </p>
    </>
  )
}

function Header() {
  return (
    <header class="header">
      <h1 class="brand">
        claimsmith <span>playground</span>
      </h1>
      {session.value?.token !== undefined && (
        <nav class="views" aria-label="Views">
          {views.map(([id, label]) => (
            <button
              key={id}
              type="button"
              aria-current={view.value === id ? 'page' : undefined}
              onClick={() => (view.value = id)}
            >
              {label}
            </button>
          ))}
        </nav>
      )}
      <button class="quiet theme" type="button" role="switch" aria-checked={isDark.value} onClick={switchTheme}>
        Dark
        <span class="track" aria-hidden="true" />
      </button>
    </header>
  )
}

function Content() {
  if (session.value === undefined) {
    const { value } = lastError
    return <p class="waiting">{value === undefined ? 'Opening the playground…' : value.message}</p>
  }
  if (session.value.token === undefined) return <SignIn />
  switch (view.value) {
    case 'rules':
      return <RuleView />
    case 'users':
      return <UsersView />
    case 'logins':
      return <LoginsView />
    default:
      return view.value satisfies never
  }
}
