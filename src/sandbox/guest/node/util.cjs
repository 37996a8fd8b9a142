const util = require('claimsmith:util')

/** `util.formatWithOptions`: `format`, with the options of `inspect` for values without a placeholder. */
function formatWithOptions(options, ...values) {
  const [first] = values
  const placeholders = typeof first === 'string' ? (first.match(/%[sdj]/g) ?? []).length : -1
  const whole = placeholders < 0 ? [] : [util.format(...values.slice(0, placeholders + 1))]
  const printed = values
    .slice(placeholders + 1)
    .map((value) => (typeof value === 'string' ? value : util.inspect(value, options)))
  return [...whole, ...printed].join(' ')
}

/** No name is ever enabled: rules have no NODE_DEBUG. The package keeps each function that it made. */
function debuglog() {
  return () => undefined
}

module.exports = { ...util, debuglog, formatWithOptions, TextEncoder, TextDecoder }
