export { buildGuest as setup } from '../scripts/build-guest.ts'
