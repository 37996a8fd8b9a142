/** Shown instead of tokens if the rules do not allow the login. */
export function NoTokens({ outcome }: { readonly outcome: string }) {
  return <p class="empty muted">A login that ends as {outcome} gets no token.</p>
}
