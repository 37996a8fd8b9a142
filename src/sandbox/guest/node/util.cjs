const util = require('claimsmith:util')

/** As `format` does it; the options are those of `inspect`, for what no placeholder takes. */
function formatWithOptions(options, ...values) {
  const [first] = values
  const placeholders = typeof first === 'string' ? (first.match(/%[sdj]/g) ?? []).length : -1
  const whole = placeholders < 0 ? [] : [util.format(...values.slice(0, placeholders + 1))]
  const printed = values
    .slice(placeholders + 1)
    .map((value) => (typeof value === 'string' ? value : util.inspect(value, options)))
  return [...whole, ...printed].join(' ')
}

module.exports = { ...util, formatWithOptions, TextEncoder, TextDecoder }
