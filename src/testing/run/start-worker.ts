import { startSpare } from '../../sandbox/host/worker-child.ts'

// The first import of the entry point: the worker starts while the rest is loaded.
startSpare()
