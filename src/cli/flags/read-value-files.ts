import { readTexts } from './read-json.ts'

/** Reads the files of `--configuration` and `--secrets`; a flag that is not given has no property. @throws {UsageError} */
export function readValueFiles(flags: { readonly configuration?: string; readonly secrets?: string }): {
  readonly configuration?: Readonly<Record<string, string>>
  readonly secrets?: Readonly<Record<string, string>>
} {
  const { configuration, secrets } = flags
  return {
    ...(configuration !== undefined && { configuration: readTexts(configuration, '--configuration') }),
    ...(secrets !== undefined && { secrets: readTexts(secrets, '--secrets') }),
  }
}
