import { startSpare } from '../../sandbox/host/worker-child.ts'

// The kit imports this before all else: the worker starts while the rest is loaded.
startSpare()
