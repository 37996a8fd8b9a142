import { testRows } from './test-rows.ts'

testRows('JW', 'MA')
