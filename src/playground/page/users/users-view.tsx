import { useEffect } from 'preact/hooks'
import { ProfileTable } from './profile-table.tsx'
import { type Found, failure, found, q, search, select, selected, total } from './users-state.ts'

export function UsersView() {
  useEffect(() => {
    if (found.value === undefined) void search()
  }, [])
  return (
    <div class="users-view">
      <section class="panel finding" aria-label="Search">
        <Search />
        <FoundUsers users={found.value ?? []} />
      </section>
      <section class="panel profile" aria-label="Profile">
        {failure.value !== '' && (
          <p class="problem" role="alert">
            {failure.value}
          </p>
        )}
        {selected.value === undefined ? (
          <div class="empty">
            <p>No user is chosen.</p>
            <p class="muted">
              Choose one to see the profile as it is stored, after the rules, and as /userinfo shows it.
            </p>
          </div>
        ) : (
          <ProfileTable profiles={selected.value} />
        )}
      </section>
    </div>
  )
}

function Search() {
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        void search()
      }}
    >
      <label class="field">
        <span>Search with q</span>
        <input
          type="search"
          spellcheck={false}
          placeholder="email:ada*"
          value={q.value}
          onInput={({ currentTarget }) => (q.value = currentTarget.value)}
        />
      </label>
      <button type="submit">Search</button>
    </form>
  )
}

function FoundUsers({ users }: { readonly users: readonly Found[] }) {
  return (
    <>
      <p class="muted total">
        {total.value === 1 ? '1 user' : `${total.value} users`}
        {total.value > users.length && `, the first ${users.length} shown`}
      </p>
      <ul class="found">
        {users.map(({ user_id: id, email, name }) => (
          <li key={id}>
            <button
              type="button"
              aria-current={selected.value?.raw['user_id'] === id ? 'true' : undefined}
              onClick={() => void select(id)}
            >
              <strong>{email ?? name ?? id}</strong>
              <span class="muted">{id}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
