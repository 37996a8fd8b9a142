import type { FromSchema } from 'json-schema-to-ts'
import { expectTypeOf, test } from 'vitest'
import type { LoginContext, loginContextSchema } from '../../src/profile/context/context.ts'
import type { RuleInput, ruleSchema } from '../../src/profile/rule/rule.ts'
import type {
  Identity,
  identitySchema,
  Metadata,
  metadataSchema,
  User,
  userSchema,
} from '../../src/profile/user/user.ts'

/** The keyword `instanceOf` is ours; it stands for a live object, which JSON Schema itself cannot describe. */
interface Dates {
  deserialize: [{ pattern: { type: 'object'; instanceOf: 'Date' }; output: Date }]
}

test('the plain interfaces say what the schemas say', () => {
  expectTypeOf<FromSchema<typeof userSchema, Dates>>().toExtend<User>()
  expectTypeOf<User>().toExtend<FromSchema<typeof userSchema, Dates>>()
  expectTypeOf<FromSchema<typeof identitySchema>>().toExtend<Identity>()
  expectTypeOf<Identity>().toExtend<FromSchema<typeof identitySchema>>()
  expectTypeOf<FromSchema<typeof metadataSchema>>().toEqualTypeOf<Metadata>()
  expectTypeOf<FromSchema<typeof loginContextSchema>>().toExtend<LoginContext>()
  expectTypeOf<LoginContext>().toExtend<FromSchema<typeof loginContextSchema>>()
  expectTypeOf<FromSchema<typeof ruleSchema>>().toEqualTypeOf<RuleInput>()
})

test('every known attribute is in both, with the same type', () => {
  expectTypeOf<KnownKeys<User>>().toEqualTypeOf<keyof (typeof userSchema)['properties']>()
  expectTypeOf<KnownKeys<Identity>>().toEqualTypeOf<keyof (typeof identitySchema)['properties']>()
  expectTypeOf<KnownKeys<LoginContext>>().toEqualTypeOf<keyof (typeof loginContextSchema)['properties']>()
  expectTypeOf<User['created_at']>().toEqualTypeOf<FromSchema<typeof userSchema, Dates>['created_at']>()
  expectTypeOf<User['email']>().toEqualTypeOf<FromSchema<typeof userSchema, Dates>['email']>()
})

/** An index signature swallows the names beside it; this gives them back. */
type KnownKeys<T> = keyof { [Key in keyof T as string extends Key ? never : Key]: T[Key] }
