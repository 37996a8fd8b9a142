import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from './checkout.ts'

/** Writes the JSON schemas of what the command prints, and of its configuration file. A file that is up to date is not touched. */
export async function buildSchemas(folder: string = join(rootFolder, 'schemas')): Promise<void> {
  const { outcomeSchema } = await import('../src/engine/outcome/outcome-schema.ts')
  const { recordingSchema } = await import('../src/recording/format/schema.ts')
  const { checkReportSchema } = await import('../src/migration/check/report.ts')
  const { buildConfigSchema } = await import('../src/cli/config/build-config-schema.ts')
  const { createProgram } = await import('../src/cli/program.ts')
  mkdirSync(folder, { recursive: true })
  const schemas = {
    outcome: outcomeSchema,
    check: checkReportSchema,
    recording: recordingSchema,
    config: buildConfigSchema(createProgram()),
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const file = join(folder, `${name}.json`)
    const text = `${JSON.stringify(schema, undefined, 2)}\n`
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
  }
}
