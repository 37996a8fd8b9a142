import type { JSONSchema } from 'json-schema-to-ts'

export const text = { type: 'string' } as const

export const textOrNull = { type: ['string', 'null'] } as const

export function nullableArray<const Items extends JSONSchema>(items: Items) {
  return { type: ['array', 'null'], items } as const
}

export function nullableObject<
  const Properties extends Readonly<Record<string, JSONSchema>>,
  const Required extends readonly string[] = [],
>(properties: Properties, ...required: Required) {
  return { type: ['object', 'null'], required, properties } as const
}
