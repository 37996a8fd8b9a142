import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultRateLimits } from '../src/http/limits/rate-limits.ts'
import { defaultLimits } from '../src/sandbox/wire/limits.ts'
import { ruleErrorCodes } from '../src/errors/codes.ts'

const readme = readFileSync('README.md', 'utf8')

test.each(ruleErrorCodes)('the README explains the error code %s', (code) => {
  expect(readme).toContain(`| \`${code}\` |`)
})

test.each(Object.entries(defaultLimits))('the README gives the default of the limit %s', (name, value) => {
  const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
  expect(row?.replaceAll(',', '')).toContain(`| ${value} |`)
})

test.each(Object.entries(defaultRateLimits))('the README gives the default of the rate limit %s', (name, value) => {
  const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
  const text = value === false ? 'none' : `${value.limit} in ${value.seconds} s`
  expect(row?.replaceAll(',', '')).toContain(`| ${text} |`)
})
