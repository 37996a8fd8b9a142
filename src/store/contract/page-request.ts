/** A page of a list. `page` counts from 0. */
export interface PageRequest {
  readonly page: number
  readonly perPage: number
}
