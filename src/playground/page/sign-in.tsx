import { useSignal } from '@preact/signals'
import { signInWithClient } from './api.ts'

/** Asks for a client of the Management API, if the playground is not open to everybody. */
export function SignIn() {
  const clientId = useSignal('')
  const secret = useSignal('')
  const errorMessage = useSignal('')
  const submit = async (): Promise<void> => {
    try {
      await signInWithClient(clientId.value, secret.value)
    } catch (error) {
      errorMessage.value = (error as Error).message
    }
  }
  return (
    <form
      class="sign-in panel"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h2>Sign in</h2>
      <p class="muted">
        This playground uses the Management API. Sign in with a client that may use it; its token stays in the memory of
        this page.
      </p>
      <label class="field">
        <span>Client id</span>
        <input
          required
          autocomplete="username"
          value={clientId.value}
          onInput={({ currentTarget }) => (clientId.value = currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>Client secret</span>
        <input
          required
          type="password"
          autocomplete="current-password"
          value={secret.value}
          onInput={({ currentTarget }) => (secret.value = currentTarget.value)}
        />
      </label>
      {errorMessage.value !== '' && (
        <p class="problem" role="alert">
          {errorMessage.value}
        </p>
      )}
      <button class="primary" type="submit">
        Sign in
      </button>
    </form>
  )
}
