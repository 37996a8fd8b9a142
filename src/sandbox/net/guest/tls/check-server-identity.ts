/** Stands for Node's own check, which the host makes. A function of the rule gets the certificate and decides instead. */
export function checkServerIdentity(): undefined {
  return undefined
}
