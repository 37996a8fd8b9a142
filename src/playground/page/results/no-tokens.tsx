/** A login that its rules do not let pass has nothing to show. */
export function NoTokens({ outcome }: { readonly outcome: string }) {
  return <p class="empty muted">A login that ends as {outcome} gets no token.</p>
}
