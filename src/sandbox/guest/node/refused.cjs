/** Stands for a module of Node's that rules may not have: a package may mention it, and only using it fails. */
function refuse() {
  const error = new Error('a rule may not use this module of Node: it has no file system, processes or threads')
  throw Object.assign(error, { code: 'MODULE_REFUSED' })
}

const silent = ['then', '__esModule', 'default', 'prototype']

module.exports = new Proxy(
  {},
  { get: (_, name) => (typeof name === 'symbol' || silent.includes(name) ? undefined : refuse) },
)
