export { openStore } from './open.ts'
export type { StoreOptions } from './open.ts'
export type {
  Client,
  ClientStore,
  KeyStore,
  LoginStore,
  NewUser,
  PasswordLogin,
  RefreshToken,
  RememberedLogin,
  Store,
  StoredKey,
  UserPatch,
  UserStore,
} from './store.ts'
