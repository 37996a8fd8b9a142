import type { FromSchema } from 'json-schema-to-ts'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { sql } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { type StoredRule, rulesConfigSchemas, storedRuleProperties } from '../../../profile/rule/stored-rule.ts'
import { createValidator } from '../../../profile/schema/create-validator.ts'
import type { NewRule, NewRules, RulePatch, RuleStore, StoredRules } from '../../contract/rules.ts'
import type { Database } from '../database/database.ts'
import { generateId } from '../database/generate-id.ts'
import { omitUndefined } from '../database/omit-undefined.ts'
import { countRows, limitToPage } from '../database/page.ts'
import type { RulesTable, Tables } from '../database/tables.ts'

const { stage: _stage, ...changeableProperties } = storedRuleProperties
const objectSchema = { type: 'object', additionalProperties: false } as const
const checkNewRule = createValidator<NewRule>(
  { ...objectSchema, properties: storedRuleProperties, required: ['name', 'script'] },
  'The rule',
)
const checkPatch = createValidator<RulePatch>(
  { ...objectSchema, properties: changeableProperties },
  'The change of the rule',
)
const configSchema = { ...objectSchema, properties: rulesConfigSchemas, required: ['key', 'value'] } as const
type RuleConfig = FromSchema<typeof configSchema>
const checkConfig = createValidator<RuleConfig>(configSchema, 'The configuration value')

export function createRuleStore(database: Database): RuleStore {
  return {
    async list({ page, perPage, enabled }) {
      return await database.transaction(async (db) => {
        let query = db.selectFrom('rules')
        if (enabled !== undefined) query = query.where('enabled', '=', enabled)
        const total = await countRows(query)
        const rows = limitToPage(query.selectAll().orderBy('stage').orderBy('order'), { page, perPage })
        return { rules: (await rows.execute()).map(toRule), total }
      })
    },
    async get(id) {
      const row = await database.run((db) => db.selectFrom('rules').selectAll().where('id', '=', id).executeTakeFirst())
      return row && toRule(row)
    },
    async create(rule) {
      const newRule = checkNewRule(rule)
      return await change(database, async (db) => await addRule(db, newRule))
    },
    createAll: async (rules) => await createAll(database, rules),
    update: async (id, patch) => await updateRule(database, id, patch),
    async delete(id) {
      return await change(database, async (db) => {
        const { numDeletedRows } = await db.deleteFrom('rules').where('id', '=', id).executeTakeFirstOrThrow()
        return numDeletedRows > 0n
      })
    },
    async setConfig(key, value) {
      const row = checkConfig({ key, value })
      await change(database, async (db) => await writeConfig(db, row))
    },
    async deleteConfig(key) {
      return await change(database, async (db) => {
        const { numDeletedRows } = await db.deleteFrom('rules_configs').where('key', '=', key).executeTakeFirstOrThrow()
        return numDeletedRows > 0n
      })
    },
    async listConfigKeys() {
      const rows = await database.run((db) => db.selectFrom('rules_configs').select('key').orderBy('key').execute())
      return rows.map(({ key }) => key)
    },
    getVersion: async () => await database.run(readVersion),
    getCurrent: async () => await readCurrent(database),
  }
}

/** Increments the version first, which locks it. So changes run one after the other, and a check still holds when its change writes. */
async function change<Result>(database: Database, work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result> {
  return await database.transaction(async (db) => {
    await db
      .updateTable('rules_version')
      .set({ version: sql<number>`version + 1` })
      .execute()
    return await work(db)
  })
}

async function addRule(
  db: Transaction<Tables>,
  { name, script, enabled = true, stage = 'login_success', order }: NewRule,
): Promise<StoredRule> {
  const rule = { id: generateId('rul'), name, script, enabled, stage }
  const row = { ...rule, order: order ?? (await findNextOrder(db, stage)) }
  await checkConflict(db, row)
  await db.insertInto('rules').values(row).execute()
  return toRule(row)
}

async function writeConfig(db: Transaction<Tables>, row: RuleConfig): Promise<void> {
  await db
    .insertInto('rules_configs')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value }))
    .execute()
}

async function createAll(database: Database, { rules, configuration }: NewRules): Promise<void> {
  const newRules = rules.map((rule) => checkNewRule(rule))
  const configs = Object.entries(configuration).map(([key, value]) => checkConfig({ key, value }))
  await change(database, async (db) => {
    const anyRule = await db.selectFrom('rules').select('id').limit(1).executeTakeFirst()
    const anyConfig = await db.selectFrom('rules_configs').select('key').limit(1).executeTakeFirst()
    if (anyRule !== undefined || anyConfig !== undefined) {
      throw new ClaimsmithError('STORE_CONFLICT', 'The store has rules or configuration values already')
    }
    for (const rule of newRules) await addRule(db, rule)
    for (const config of configs) await writeConfig(db, config)
  })
}

async function updateRule(database: Database, id: string, patch: RulePatch): Promise<StoredRule | undefined> {
  const changes = checkPatch(omitUndefined(patch))
  return await change(database, async (db) => {
    const row = await db.selectFrom('rules').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) return undefined
    const updatedRule = toRule({ ...row, ...changes })
    await checkConflict(db, updatedRule)
    const { id: _, stage: __, ...columns } = updatedRule
    await db.updateTable('rules').set(columns).where('id', '=', id).execute()
    return updatedRule
  })
}

async function findNextOrder(db: Kysely<Tables>, stage: StoredRule['stage']): Promise<number> {
  const { last } = await db
    .selectFrom('rules')
    .select((select) => select.fn.max('order').as('last'))
    .where('stage', '=', stage)
    .executeTakeFirstOrThrow()
  return ((last as number | null) ?? 0) + 1
}

/** The messages are Auth0's, because its tools match them. */
async function checkConflict(db: Kysely<Tables>, { id, name, stage, order }: StoredRule): Promise<void> {
  const others = await db
    .selectFrom('rules')
    .select('name')
    .where('id', '!=', id)
    .where((row) => row.or([row('name', '=', name), row.and([row('stage', '=', stage), row('order', '=', order)])]))
    .execute()
  if (others.length === 0) return
  const field = others.some((other) => other.name === name) ? 'name' : 'order'
  throw new ClaimsmithError('STORE_CONFLICT', `A rule with the same ${field} already exists`, { details: { field } })
}

async function readVersion(db: Kysely<Tables>): Promise<number> {
  const { version } = await db.selectFrom('rules_version').select('version').executeTakeFirstOrThrow()
  return Number(version)
}

/** Reads without a lock, and again if the version changed meanwhile. */
async function readCurrent(database: Database): Promise<StoredRules> {
  for (let version = await database.run(readVersion); ;) {
    const rules = await database.run((db) =>
      db.selectFrom('rules').selectAll().where('stage', '=', 'login_success').orderBy('order').execute(),
    )
    const configs = await database.run((db) => db.selectFrom('rules_configs').selectAll().execute())
    const after = await database.run(readVersion)
    if (after === version) {
      const configuration = Object.fromEntries(configs.map(({ key, value }) => [key, value]))
      return { version, rules: rules.map(toRule), configuration }
    }
    version = after
  }
}

function toRule({ id, name, script, order, enabled, stage }: Selectable<RulesTable>): StoredRule {
  return { id, name, script, order, enabled: Boolean(enabled), stage }
}
