export function refuseServer(): never {
  throw Object.assign(new Error('a rule may not listen: it calls others'), { code: 'MODULE_REFUSED' })
}
