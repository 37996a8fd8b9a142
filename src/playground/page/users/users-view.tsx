import { useEffect } from 'preact/hooks'
import { ProfileTable } from './profile-table.tsx'
import {
  type UserSummary,
  errorMessage,
  searchResults,
  q,
  searchUsers,
  selectUser,
  selectedProfiles,
  total,
} from './users-state.ts'

export function UsersView() {
  useEffect(() => {
    if (searchResults.value === undefined) void searchUsers()
  }, [])
  return (
    <div class="users-view">
      <section class="panel finding" aria-label="Search">
        <SearchForm />
        <SearchResults users={searchResults.value ?? []} />
      </section>
      <section class="panel profile" aria-label="Profile">
        {errorMessage.value !== '' && (
          <p class="problem" role="alert">
            {errorMessage.value}
          </p>
        )}
        {selectedProfiles.value === undefined ? (
          <div class="empty">
            <p>No user is chosen.</p>
            <p class="muted">
              Choose one to see the profile as it is stored, after the rules, and as /userinfo shows it.
            </p>
          </div>
        ) : (
          <ProfileTable profiles={selectedProfiles.value} />
        )}
      </section>
    </div>
  )
}

function SearchForm() {
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        void searchUsers()
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

function SearchResults({ users }: { readonly users: readonly UserSummary[] }) {
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
              aria-current={selectedProfiles.value?.raw['user_id'] === id ? 'true' : undefined}
              onClick={() => void selectUser(id)}
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
