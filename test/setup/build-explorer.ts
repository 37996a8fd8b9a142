export { buildExplorer as setup } from '../../scripts/build-explorer.ts'
