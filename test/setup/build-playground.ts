export { buildPlayground as setup } from '../../scripts/build-playground.ts'
