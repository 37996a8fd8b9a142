import { compareSync } from 'bcryptjs'
import { serveRequests } from '../thread/serve-requests.ts'

/** A request of `bcrypt.ts` to this thread. */
export interface BcryptRequest {
  readonly password: string
  readonly hash: string
}

serveRequests(({ password, hash }: BcryptRequest) => compareSync(password, hash))
