/** Stands for Node's own check, which the host makes; a function of the rule's gets the certificate and decides itself. */
export function checkServerIdentity(): undefined {
  return undefined
}
