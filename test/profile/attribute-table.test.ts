import { describe, expect, test } from 'vitest'
import { findProtectedAttributes } from '../../src/profile/attributes/protected-attributes.ts'
import { renderUseTable, updateConditions } from '../../src/profile/attributes/render-attribute-table.ts'
import { type UpdateRule, attributeRows } from '../../src/profile/attributes/attributes.ts'

test.each(['view', 'search', 'create', 'update'] as const)('calls that %s have a row for each attribute', (use) => {
  const [head = '', , ...rows] = renderUseTable(use).split('\n')
  expect(rows.map((row) => row.split('`')[1])).toEqual(attributeRows.map(([name]) => name))
  for (const row of rows) expect(row.split(' | ')).toHaveLength(head.split(' | ').length)
})

describe('what the table says of updates is what they do', () => {
  const options = { set_user_root_attributes: 'on_first_login' } as const
  const sources = {
    database: { name: 'a', strategy: 'auth0', options: {}, isSocial: false },
    email: { name: 'a', strategy: 'email', options: {}, isSocial: false },
    sms: { name: 'a', strategy: 'sms', options: {}, isSocial: false },
    social: { name: 'a', strategy: 'facebook', options: {}, isSocial: true },
    enterprise: { name: 'a', strategy: 'samlp', options: {}, isSocial: false },
    'not synced': { name: 'a', strategy: 'samlp', options, isSocial: false },
  }
  const open: Readonly<Record<UpdateRule, readonly string[]>> = {
    always: Object.keys(sources),
    'database-or-passwordless': ['database', 'email', 'sms'],
    'database-email-or-social': ['database', 'email', 'social'],
    'unless-synced': ['database', 'email', 'sms', 'not synced'],
    never: [],
  }

  test.each(attributeRows)('%s', (name, { update }) => {
    const may = Object.entries(sources).filter(([, source]) => findProtectedAttributes([name], source) === undefined)
    expect(
      may.map(([kind]) => kind),
      updateConditions[update],
    ).toEqual(open[update])
  })
})
