export function refuseServer(): never {
  throw Object.assign(new Error('a rule may not listen for connections; it can only make them'), {
    code: 'MODULE_REFUSED',
  })
}
