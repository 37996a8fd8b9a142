/** Replaces a module of Node that rules may not use. A package may require it; only a use of it throws. */
function refuse() {
  const error = new Error('a rule may not use this module of Node: it has no file system, processes or threads')
  throw Object.assign(error, { code: 'MODULE_REFUSED' })
}

const silent = ['then', '__esModule', 'default', 'prototype']

module.exports = new Proxy(
  {},
  { get: (_, name) => (typeof name === 'symbol' || silent.includes(name) ? undefined : refuse) },
)
