/** Placeholder for Node's own check, which the host makes. If the rule passes its own function, that function decides. */
export function checkServerIdentity(): undefined {
  return undefined
}
