import { compareSync } from 'bcryptjs'
import { answerQuestions } from '../search/thread/answer.ts'

/** What `bcrypt.ts` asks of this thread. */
export interface BcryptQuestion {
  readonly password: string
  readonly hash: string
}

answerQuestions(({ password, hash }: BcryptQuestion) => compareSync(password, hash))
